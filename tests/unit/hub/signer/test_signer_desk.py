"""The signer's desk: numbers that never come twice, the same bytes for a day, rates, and a stop that always goes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import msgspec

from devices.enrolment import Enrolment
from devices.jws import take_apart
from devices.verdicts import Accepted, Now, Refused, Verdict
from devices.verifier import Verifier
from hub.domain.orders import Order
from hub.signer import rules
from hub.signer.desk import PER_DEVICE_A_MINUTE
from hub.signer.wire import (
    KeysAsked,
    Refusal,
    RevokeAsked,
    RotateAsked,
    SignAsked,
    Signed,
    SignerState,
    StateAsked,
    TimeAsked,
)
from tests.stores import COUNTY, START_MS, VILLAGE
from tests.with_signer import Bench, order, play, stop

DAY_MS = 86_400_000


class Claims(msgspec.Struct):
    """What of a token's claims the tests look at."""

    id: str
    seq: int
    iat: int


def claims(answer: object) -> Claims:
    assert isinstance(answer, Signed), answer
    return msgspec.json.decode(take_apart(answer.token.encode()).parts.payload or b"", type=Claims)


def kid(answer: object) -> str:
    assert isinstance(answer, Signed), answer
    return take_apart(answer.token.encode()).header.kid


def refused(answer: object) -> tuple[str, str]:
    assert isinstance(answer, Refusal), answer
    return answer.kind, answer.code


def signed(bench: Bench, asked: Order) -> Claims:
    return claims(bench.ask(SignAsked(asked)))


def trusting(bench: Bench, *zones: str) -> Enrolment:
    trust = bench.ring.public(bench.clock.now() // 1000)
    return Enrolment(
        id="ls-1", zones=zones, audio_bases=("http://h/",), root_keys=trust.root_keys, keys=trust.keys
    )


def test_a_device_that_was_enrolled_with_these_keys_follows_what_is_signed(bench: Bench) -> None:
    verifier = Verifier(trusting(bench, VILLAGE))
    state = msgspec.structs.replace(verifier.fresh_state(), seq_known=True)
    answer = bench.ask(SignAsked(order("c-1", play())))
    assert isinstance(answer, Signed)
    verdict, _ = verifier.verify(answer.token.encode(), state, Now(mono_ms=0, wall_ms=bench.clock.now()))
    assert isinstance(verdict, Accepted)


def test_numbers_grow_with_the_clock_and_faster_when_many_come_at_once(bench: Bench) -> None:
    first, second = (claims(a) for a in bench.ask_all([SignAsked(order(f"c-{n}", play())) for n in (1, 2)]))
    assert (first.seq, second.seq) == (START_MS, START_MS + 1)
    bench.clock.move(5_000)
    assert signed(bench, order("c-3", play())).seq == START_MS + 5_000


def test_a_clock_that_was_set_back_gives_no_number_twice_also_after_a_restart(bench: Bench) -> None:
    before = signed(bench, order("c-1", stop())).seq
    bench.clock.move(-DAY_MS)
    assert signed(bench, order("c-2", stop())).seq == before + 1
    bench.ledger.close()
    bench.reopen()
    assert signed(bench, order("c-3", stop())).seq == before + 2


def test_the_same_order_gives_the_same_bytes_for_a_day_also_after_a_restart(bench: Bench) -> None:
    asked = SignAsked(order("c-1", play(), life_s=86_400))
    first = bench.ask(asked)
    bench.clock.move(DAY_MS - 1)
    assert bench.ask(asked) == first
    bench.ledger.close()
    bench.reopen()
    assert bench.ask(asked) == first


def test_how_long_it_is_wanted_makes_no_other_order(bench: Bench) -> None:
    first = bench.ask(SignAsked(order("c-1", stop())))
    assert bench.ask(SignAsked(order("c-1", stop(), until=START_MS + 1))) == first


def test_another_order_under_the_same_id_is_refused_for_good(bench: Bench) -> None:
    signed(bench, order("c-1", play()))
    assert refused(bench.ask(SignAsked(order("c-1", play(priority=101))))) == (
        "denied",
        "signer-order-changed",
    )


def test_what_is_older_than_a_day_is_forgotten(bench: Bench) -> None:
    signed(bench, order("c-1", stop()))
    bench.clock.move(DAY_MS + 1)
    signed(bench, order("c-2", stop()))
    assert bench.ledger.find("c-1") is None


def test_one_address_gets_so_many_plays_a_minute_and_others_go_on(bench: Bench) -> None:
    limit = rules.RATES["routine"].per_address
    for number in range(limit):
        signed(bench, order(f"c-{number}", play()))
    assert refused(bench.ask(SignAsked(order("c-over", play())))) == ("unavailable", "signer-rate")
    signed(bench, order("c-else", play(), "g-square"))
    bench.clock.move(60_000)
    signed(bench, order("c-over", play()))


def test_a_restart_does_not_forget_the_rate(bench: Bench) -> None:
    for number in range(rules.RATES["routine"].per_address):
        signed(bench, order(f"c-{number}", play()))
    bench.ledger.close()
    bench.reopen()
    assert refused(bench.ask(SignAsked(order("c-over", play())))) == ("unavailable", "signer-rate")


def test_all_addresses_together_have_a_limit_that_keeps_no_emergency_and_no_stop_back(bench: Bench) -> None:
    limit = rules.RATES["routine"].in_all
    many = [SignAsked(order(f"c-{number}", play(), f"g-{number}")) for number in range(limit)]
    assert all(isinstance(answer, Signed) for answer in bench.ask_all(many))
    assert refused(bench.ask(SignAsked(order("c-over", play())))) == ("unavailable", "signer-rate-all")
    signed(bench, order("c-flood", play(priority=250), COUNTY, approved="u-2"))
    for number in range(100):
        signed(bench, order(f"c-stop-{number}", stop(), COUNTY))


def test_a_dead_disk_lets_stops_time_and_keys_through_and_nothing_else(bench: Bench) -> None:
    before = signed(bench, order("c-0", stop())).seq
    bench.ledger.close()
    bench.path.unlink()
    bench.path.mkdir()  # nothing can be written there
    bench.reopen()
    assert refused(bench.ask(SignAsked(order("c-1", play())))) == ("unavailable", "signer-disk")
    assert refused(bench.ask(RotateAsked())) == ("unavailable", "signer-disk")
    bench.clock.move(1)
    assert signed(bench, order("c-2", stop())).seq > before
    first, second = (claims(a) for a in bench.ask_all([SignAsked(order(f"s-{n}", stop())) for n in (1, 2)]))
    assert first.seq < second.seq
    assert isinstance(bench.ask(KeysAsked("ls-1")), Signed)
    assert isinstance(bench.ask(TimeAsked("ls-1", "n", 0, bench.clock.now())), Signed)


def test_a_disk_that_has_room_again_is_used_again(bench: Bench) -> None:
    bench.ledger.close()
    bench.path.unlink()
    bench.path.mkdir()
    bench.reopen()
    silenced = signed(bench, order("c-1", stop())).seq
    bench.path.rmdir()
    assert signed(bench, order("c-2", stop())).seq == silenced + 1
    assert bench.ledger.find("c-2") is not None


def test_a_damaged_ledger_is_put_aside(bench: Bench) -> None:
    bench.ledger.close()
    for file in bench.path.parent.glob("ledger.db*"):
        file.unlink()
    bench.path.write_bytes(b"no database" * 1000)
    bench.reopen()
    signed(bench, order("c-1", play()))
    assert len(list(bench.path.parent.glob("ledger.db.damaged-*"))) == 1


def test_what_is_answered_is_on_the_disk(bench: Bench, tmp_path: Path) -> None:
    seq = signed(bench, order("c-1", play())).seq
    with sqlite3.connect(f"file:{bench.path}?mode=ro", uri=True) as other:
        assert (seq,) in other.execute("SELECT last FROM seqs").fetchall()
    other.close()


def test_before_2024_only_silence_is_signed(bench: Bench) -> None:
    bench.plausible = False
    assert refused(bench.ask(SignAsked(order("c-1", play())))) == ("unavailable", "signer-clock")
    assert refused(bench.ask(TimeAsked("ls-1", "n", 0, START_MS))) == ("unavailable", "signer-clock")
    signed(bench, order("c-2", stop()))


def test_time_is_not_told_by_a_clock_behind_its_own_signatures(bench: Bench) -> None:
    bench.ask(TimeAsked("ls-1", "n", 0, START_MS))
    bench.clock.move(-3_600_001)
    assert refused(bench.ask(TimeAsked("ls-2", "n", 0, START_MS))) == ("unavailable", "signer-clock")
    state = bench.ask(StateAsked())
    assert isinstance(state, SignerState)
    assert state.behind_ms == 3_600_001
    bench.clock.move(1)
    assert isinstance(bench.ask(TimeAsked("ls-2", "n", 0, START_MS)), Signed)


def test_signed_time_sets_a_devices_clock_and_its_wait_in_the_hub_does_not_count(bench: Bench) -> None:
    verifier = Verifier(trusting(bench))
    question, state = verifier.ask_time(verifier.fresh_state(), "nonce-1", Now(mono_ms=500, wall_ms=None))
    heard = bench.clock.now()
    bench.clock.move(30_000)
    answer = bench.ask(TimeAsked("ls-1", question.nonce, question.t1, heard))
    assert isinstance(answer, Signed)
    verdict, _ = verifier.verify(answer.token.encode(), state, Now(mono_ms=500 + 30_000 + 40, wall_ms=None))
    assert isinstance(verdict, Accepted)
    assert verdict.clock_ms == bench.clock.now() + 20


def told_after(bench: Bench, t2: int) -> Verdict:
    """What a device makes of an answer that took 40 ms, when the hub claims to have heard it at `t2`."""
    verifier = Verifier(trusting(bench))
    question, state = verifier.ask_time(verifier.fresh_state(), "nonce-1", Now(mono_ms=0, wall_ms=None))
    answer = bench.ask(TimeAsked("ls-1", question.nonce, question.t1, t2))
    assert isinstance(answer, Signed)
    return verifier.verify(answer.token.encode(), state, Now(mono_ms=40, wall_ms=None))[0]


def test_the_hub_cannot_move_a_clock_by_what_it_says_it_heard(bench: Bench) -> None:
    ahead = told_after(bench, START_MS + 5_000)
    assert isinstance(ahead, Accepted)
    assert ahead.clock_ms == START_MS + 20
    assert isinstance(told_after(bench, START_MS - DAY_MS), Refused)


def test_one_device_is_told_so_often_a_minute_and_no_more(bench: Bench) -> None:
    for _ in range(PER_DEVICE_A_MINUTE):
        assert isinstance(bench.ask(TimeAsked("ls-1", "n", 0, START_MS)), Signed)
    assert refused(bench.ask(TimeAsked("ls-1", "n", 0, START_MS))) == ("unavailable", "signer-rate")
    assert isinstance(bench.ask(TimeAsked("ls-2", "n", 0, START_MS)), Signed)
    bench.clock.move(60_000)
    assert isinstance(bench.ask(TimeAsked("ls-1", "n", 0, START_MS)), Signed)


def test_a_strange_nonce_is_not_signed(bench: Bench) -> None:
    assert refused(bench.ask(TimeAsked("ls-1", "not a nonce", 0, START_MS)))[0] == "denied"
    assert refused(bench.ask(KeysAsked("hub.1.calls")))[0] == "denied"


def test_one_wrong_order_spoils_no_other_of_its_commit(bench: Bench) -> None:
    good, wrong, last = bench.ask_all(
        [
            SignAsked(order("c-1", play())),
            SignAsked(order("c-2", play(), COUNTY)),
            SignAsked(order("c-3", play(text="x" * 200, audio=[{"url": "a/" + "9" * 490, "sha256": "0" * 64,
                                                              "bytes": 1, "ms": 1}] * 6))),
        ]
    )  # fmt: skip
    assert isinstance(good, Signed)
    assert refused(wrong) == ("denied", "signer-two-people")
    assert refused(last) == ("denied", "signer-order-wrong")  # over 4 KiB


def test_a_new_key_is_told_at_once_and_signs_when_it_has_been_heard_of(bench: Bench) -> None:
    old = kid(bench.ask(SignAsked(order("c-1", stop()))))
    state = bench.ask(RotateAsked())
    assert isinstance(state, SignerState)
    assert (state.keys.rev, len(state.keys.keys)) == (2, 8)
    assert bench.saved[-1].rev == 2
    assert kid(bench.ask(SignAsked(order("c-2", stop())))) == old
    bench.clock.move(3_600_000)
    new = kid(bench.ask(SignAsked(order("c-3", stop()))))
    assert new != old
    assert state.keys.find(new) is not None


def test_a_device_learns_the_new_keys_from_the_root_and_follows_them(bench: Bench) -> None:
    verifier = Verifier(trusting(bench, VILLAGE))
    state = msgspec.structs.replace(verifier.fresh_state(), seq_known=True)
    bench.ask(RotateAsked())
    told = bench.ask(KeysAsked("ls-1"))
    assert isinstance(told, Signed)
    verdict, state = verifier.verify(told.token.encode(), state, Now(mono_ms=0, wall_ms=None))
    assert isinstance(verdict, Accepted)
    bench.clock.move(3_600_000)
    answer = bench.ask(SignAsked(order("c-1", play(start_at=bench.clock.now()))))
    assert isinstance(answer, Signed)
    verdict, _ = verifier.verify(answer.token.encode(), state, Now(mono_ms=0, wall_ms=bench.clock.now()))
    assert isinstance(verdict, Accepted)


def test_a_revoked_key_signs_nothing_more_and_what_it_signed_is_given_to_nobody(bench: Bench) -> None:
    asked = SignAsked(order("c-1", play()))
    stolen = kid(bench.ask(asked))
    state = bench.ask(RevokeAsked(stolen))
    assert isinstance(state, SignerState)
    assert state.keys.find(stolen) is None
    assert kid(bench.ask(asked)) != stolen
    assert refused(bench.ask(RevokeAsked(stolen))) == ("not_found", "signer-key-unknown")
    assert refused(bench.ask(RevokeAsked(bench.ring.root.kid))) == ("not_found", "signer-key-unknown")
