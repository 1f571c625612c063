"""Keys come, are told, sign, retire and end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.commands import KeysCommand, sign
from devices.keys import Use
from hub.domain.errors import Unavailable
from hub.signer.keyring import DAY_S, HEARD_AFTER_S, LIFE_S, RENEW_BEFORE_S, RETIRE_AFTER_S, Keyring

NOW_S = 1_790_000_000


def test_each_use_has_a_key_of_its_own() -> None:
    ring = Keyring.new(NOW_S)
    assert len({ring.signing(use, NOW_S).kid for use in Use}) == len(Use)
    assert {record.use for record in ring.public(NOW_S).keys.keys} == {(use,) for use in Use}
    assert all(record.kid != ring.root.kid for record in ring.public(NOW_S).keys.keys)


def test_keys_are_renewed_before_they_end_and_overlap() -> None:
    ring = Keyring.new(NOW_S)
    assert ring.renewed(NOW_S + LIFE_S - RENEW_BEFORE_S) is ring
    late_s = NOW_S + LIFE_S - RENEW_BEFORE_S + 1
    renewed = ring.renewed(late_s)
    assert renewed.rev == 2
    for use in Use:
        assert renewed.signing(use, late_s) is ring.signing(use, late_s)
        assert renewed.signing(use, late_s + HEARD_AFTER_S) is not ring.signing(use, late_s)
    assert renewed.renewed(late_s) is renewed


def test_a_hub_that_slept_past_the_end_has_keys_that_sign_at_once() -> None:
    ring = Keyring.new(NOW_S)
    with pytest.raises(Unavailable, match="signer-no-key"):
        ring.signing(Use.ROUTINE, NOW_S + LIFE_S)
    woken = ring.renewed(NOW_S + LIFE_S)
    assert len(woken.public(NOW_S + LIFE_S).keys.keys) == len(Use)
    assert woken.signing(Use.ROUTINE, NOW_S + LIFE_S)


def test_a_rotated_key_retires_within_a_week() -> None:
    ring = Keyring.new(NOW_S)
    rotated = ring.rotated(NOW_S)
    old = ring.signing(Use.STOP, NOW_S).kid
    record = rotated.public(NOW_S).keys.find(old)
    assert record is not None
    assert record.exp == NOW_S + RETIRE_AFTER_S
    assert rotated.public(NOW_S + RETIRE_AFTER_S).keys.find(old) is None


def test_a_revoked_key_is_followed_by_the_one_that_waits() -> None:
    ring = Keyring.new(NOW_S).rotated(NOW_S)
    leaked = ring.signing(Use.SET, NOW_S)
    (waiting,) = (held for held in ring.keys if held.use is Use.SET and held.key is not leaked)
    assert ring.without(leaked.kid, NOW_S).signing(Use.SET, NOW_S) is waiting.key
    both = ring.without(leaked.kid, NOW_S).without(waiting.key.kid, NOW_S)
    assert both.signing(Use.SET, NOW_S).kid not in (leaked.kid, waiting.key.kid)


def test_a_clock_that_went_back_signs_with_the_key_that_is_known_best() -> None:
    ring = Keyring.new(NOW_S)
    later = ring.rotated(NOW_S + DAY_S)
    assert later.signing(Use.ROUTINE, NOW_S - DAY_S) is ring.signing(Use.ROUTINE, NOW_S)


STEPS = st.lists(
    st.tuples(st.sampled_from(["rotated", "renewed", "without"]), st.integers(0, 30 * DAY_S)), max_size=8
)


@given(STEPS)
def test_whatever_is_done_every_use_signs_with_a_key_that_devices_are_told_and_one_command_holds_all(
    steps: list[tuple[str, int]],
) -> None:
    ring, now_s = Keyring.new(NOW_S), NOW_S
    for what, pause_s in steps:
        now_s, before = now_s + pause_s, ring
        match what:
            case "rotated":
                ring = ring.rotated(now_s)
            case "renewed":
                ring = ring.renewed(now_s)
            case _:
                ring = ring.without(ring.keys[0].key.kid, now_s)
        assert ring is before or ring.rev > before.rev
        told = ring.public(now_s).keys
        assert all(told.find(ring.signing(use, now_s).kid) is not None for use in Use)
        sign(
            KeysCommand(
                id="k", for_="ls-1", seq=1, iat=now_s, exp=now_s + 60, rev=told.rev, keys=told.keys
            ),
            ring.root,
        )  # fmt: skip
