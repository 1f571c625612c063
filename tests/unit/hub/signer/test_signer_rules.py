"""What the signer signs, and for whom."""

from __future__ import annotations

import pytest

from devices.commands import PlayCommand, StopCommand
from devices.keys import Use
from hub.domain.errors import Denied
from hub.domain.orders import Order
from hub.signer import rules
from tests.stores import COUNTY, START_MS, TOWN, VILLAGE
from tests.with_signer import AUDIO, order, play, stop

NOW_S = START_MS // 1000
CACHE: dict[str, object] = {"type": "cache", "audio": [AUDIO], "keep_until": START_MS}
SET: dict[str, object] = {"type": "set", "volume": 30}
LIVE: dict[str, object] = {
    "type": "live", "run": "r-1", "priority": 230, "volume": 50, "url": "live", "codec": "opus",
    "key": {"kty": "OKP", "crv": "Ed25519", "x": "x"},
}  # fmt: skip
PLAN: dict[str, object] = {
    "type": "plan", "rev": 1, "url": "p", "sha256": "0" * 64, "bytes": 1, "from": 1, "until": 2,
}  # fmt: skip


def refusal(asked: Order, now: int = START_MS) -> str:
    with pytest.raises(Denied) as refused:
        rules.checked(asked, now)
    return refused.value.code


def test_a_village_admins_words_get_their_life_from_the_start_of_the_sound() -> None:
    command = rules.checked(order("c-1", play(start_at=START_MS + 60_000), life_s=300), START_MS)
    assert isinstance(command, PlayCommand)
    assert (command.id, command.for_, command.iat, command.nbf) == ("c-1", VILLAGE, NOW_S, None)
    assert command.exp == NOW_S + 60 + 300
    assert rules.use_of(command) is Use.ROUTINE


def test_what_must_not_be_known_early_carries_its_beginning() -> None:
    command = rules.checked(order("c-1", stop(), not_before=START_MS + 10_000, life_s=60), START_MS)
    assert (command.nbf, command.exp) == (NOW_S + 10, NOW_S + 70)


@pytest.mark.parametrize(
    ("command", "address", "device"),
    [
        (play(), COUNTY, False),
        (play(priority=224), VILLAGE, False),
        (play(priority=255), "ls-1", True),
        (LIVE, VILLAGE, False),
        (LIVE | {"priority": 1}, COUNTY, False),
        (PLAN, COUNTY, False),
        (CACHE, "ls-1", True),
        (SET, VILLAGE, False),
        (SET, COUNTY, False),
    ],
)  # fmt: skip
def test_two_people_stand_behind_what_the_county_hears_and_behind_emergencies(
    command: dict[str, object], address: str, device: bool
) -> None:
    def ask(by: str, approved: str | None) -> Order:
        return order("c-1", command, address, device=device, by=by, approved=approved)

    assert refusal(ask("u-1", None)) == "signer-two-people"
    assert refusal(ask("u-1", "u-1")) == "signer-two-people"
    assert refusal(ask("u-1", " u-1 ")) == "signer-two-people"
    assert refusal(ask("", "u-2")) == "signer-two-people"
    assert refusal(ask("u-1", " ")) == "signer-two-people"
    assert rules.checked(ask("u-1", "u-2"), START_MS).for_ == address


@pytest.mark.parametrize(
    ("command", "address", "device"),
    [
        (play(priority=223), TOWN, False),
        (play(), "g-square", False),
        (stop(), COUNTY, False),
        (stop("r-1"), VILLAGE, False),
        (SET, "ls-1", True),
        ({"type": "selftest"}, "ls-1", True),
        ({"type": "report"}, COUNTY, False),
    ],
)  # fmt: skip
def test_one_person_is_enough_for_the_rest(command: dict[str, object], address: str, device: bool) -> None:
    assert rules.checked(order("c-1", command, address, device=device), START_MS).for_ == address


@pytest.mark.parametrize("kind", ["keys", "time", "reboot", ""])
def test_an_unknown_type_and_the_signers_own_are_not_signed_on_order(kind: str) -> None:
    assert (
        refusal(order("c-1", {"type": kind, "rev": 9, "keys": []}, by="u-1", approved="u-2")) == "signer-type"
    )


@pytest.mark.parametrize(
    ("life_s", "good"), [(0, False), (1, True), (86_400, True), (86_401, False), (-5, False)]
)
def test_a_life_is_a_day_at_most(life_s: int, good: bool) -> None:
    asked = order("c-1", stop(), life_s=life_s)
    if good:
        assert rules.checked(asked, START_MS).exp == NOW_S + life_s
    else:
        assert refusal(asked) == "signer-life"


def test_a_sound_of_the_day_after_tomorrow_is_not_signed_today() -> None:
    assert refusal(order("c-1", play(start_at=START_MS + 86_400_000))) == "signer-life"


def test_emergency_audio_may_lie_on_the_device_for_eight_days() -> None:
    day_s = 86_400
    assert (
        rules.checked(order("c-1", CACHE, life_s=8 * day_s, approved="u-2"), START_MS).exp
        == NOW_S + 8 * day_s
    )
    assert refusal(order("c-1", CACHE, life_s=8 * day_s + 1, approved="u-2")) == "signer-life"


def test_what_waited_too_long_is_not_signed_any_more() -> None:
    late = START_MS + 301_000
    assert refusal(order("c-1", play(start_at=START_MS), life_s=300), late) == "signer-too-late"
    waited = order("c-2", stop(), until=START_MS + 300_000)
    assert refusal(waited, late) == "signer-too-late"
    assert isinstance(rules.checked(waited, START_MS), StopCommand)


@pytest.mark.parametrize("address", [COUNTY, TOWN, VILLAGE, "g-square"])
def test_an_order_for_one_device_is_never_good_for_a_zone(address: str) -> None:
    """A device trusts `for` and no topic: so a county-wide play might come in as one device's."""
    assert refusal(order("c-1", play(), address, device=True)) == "signer-order-wrong"


def test_a_serial_number_may_name_a_device() -> None:
    assert rules.checked(order("c-1", play(), "861234567890123", device=True), START_MS).for_


@pytest.mark.parametrize(
    "asked",
    [
        order("c-1", play(), "nowhere"),
        order("c-1", play(), "v1/d/x", device=True),
        order("c-1", play(), "hub.1.calls", device=True),
        order("c-1", play() | {"id": "c-2"}),
        order("c-1", play() | {"for": TOWN}),
        order("c-1", play() | {"audio": []}),
        order("c-1", play() | {"priority": 256}),
        order("c 1", play()),
        order("c-1", {"type": "plan"}),
        Order(
            id="c-1", address=VILLAGE, device=False, command=b"\xff{", life_s=1, not_before=None, created_by="u",
            approved_by=None,
        ),
    ],
    ids=str,
)  # fmt: skip
def test_what_no_device_would_take_is_not_signed(asked: Order) -> None:
    assert refusal(asked) == "signer-order-wrong"


def test_nobody_orders_a_number_or_a_life() -> None:
    forged = play() | {"seq": 2**50, "iat": 1, "exp": NOW_S + 10**6, "nbf": 1}
    command = rules.checked(order("c-1", forged, life_s=60), START_MS)
    assert (command.seq, command.iat, command.exp) == (1, NOW_S, NOW_S + 60)
