"""What holds for a device's verification whatever comes, in whatever order."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from devices.commands import COMMAND, Command, KeysCommand, PlayCommand, StopCommand, sign
from devices.enrolment import Limits
from devices.state import MEMORY, SEQ_WINDOW, AcceptedCommand, Airtime, DeviceState, SeqMemory, StopMark
from devices.vectors import command_stories
from devices.vectors.scribe import DEVICE, T0, TOWN, VILLAGE, Ring, Scribe, envelope, play
from devices.verdicts import Accepted, Copy, Now, Refused, Verdict
from devices.verifier import COMPLAIN_EVERY_MS, Verifier

RING = Ring()
ENROLMENT = Scribe("any", ring=RING, limits=Limits(minutes_a_day=10)).enrolment
VERIFIER = Verifier(ENROLMENT)
READY = structs.replace(VERIFIER.fresh_state(), seq_known=True)
PAYLOADS = [
    (step.payload or "").encode() for story in command_stories() for step in story.steps if step.ask is None
]


def at(ms: int = 0) -> Now:
    return Now(mono_ms=ms, wall_ms=T0 + ms)


def command(claims: object) -> Command:
    return COMMAND.decode(msgspec.json.encode(claims))


def signed_play(name: str = "p", **changed: object) -> bytes:
    return sign(command(play(name, **changed)), RING.routine).encode()


def signed_stop(name: str = "s", seq: int = T0, run: str | None = None) -> bytes:
    return sign(command(envelope("stop", name, seq=seq) | {"run": run}), RING.stop).encode()


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    payload = draw(st.sampled_from(PAYLOADS))
    start = draw(st.integers(0, len(payload)))
    end = draw(st.integers(start, min(len(payload), start + 40)))
    return payload[:start] + draw(st.binary(max_size=8)) + payload[end:]


CLOCKS = st.builds(Now, mono_ms=st.integers(0, 2**40), wall_ms=st.none() | st.integers(0, 2**44))


@given(payload=st.binary(max_size=5000) | damaged(), now=CLOCKS, ready=st.booleans())
def test_any_bytes_give_a_verdict_and_a_state_that_flash_can_keep(
    payload: bytes, now: Now, ready: bool
) -> None:
    state = READY if ready else VERIFIER.fresh_state()
    verdict, after = VERIFIER.verify(payload, state, now)
    assert isinstance(verdict, Accepted | Copy | Refused)
    assert msgspec.json.decode(msgspec.json.encode(after), type=DeviceState) == after


@given(damaged())
def test_nothing_that_was_altered_is_followed(payload: bytes) -> None:
    if payload not in PAYLOADS:
        for story in command_stories():
            verifier = Verifier(story.enrolment)
            state = structs.replace(verifier.fresh_state(), seq_known=True)
            assert isinstance(verifier.verify(payload, state, at())[0], Refused)


POOL: list[bytes] = [
    *(signed_play(f"p{n}", seq=T0 + 20_000 * n, for_=zone) for n in range(8) for zone in (VILLAGE, TOWN)),
    *(signed_stop(f"s{n}", seq=T0 + 30_000 * n) for n in range(4)),
    signed_stop("s-run", seq=T0 + 90_000, run="r-p3"),
]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(POOL), max_size=40))
def test_in_any_order_a_command_is_followed_once_and_a_stopped_one_never(order: list[bytes]) -> None:
    state, followed = READY, list[Command]()
    for payload in order:
        verdict, state = VERIFIER.verify(payload, state, at())
        state = msgspec.json.decode(msgspec.json.encode(state), type=DeviceState)
        if isinstance(verdict, Accepted):
            stops = [done for done in followed if isinstance(done, StopCommand)]
            assert not any(silences(stop, verdict.command) for stop in stops)
            followed.append(verdict.command)
    names = [(done.for_, done.id) for done in followed]
    assert len(names) == len(set(names))


def silences(stop: StopCommand, other: Command) -> bool:
    if not isinstance(other, PlayCommand) or other.for_ != stop.for_ or other.seq >= stop.seq:
        return False
    return stop.run is None or stop.run == other.run


def test_a_copy_gets_the_answer_of_before() -> None:
    verdict, state = VERIFIER.verify(signed_play(), READY, at())
    assert isinstance(verdict, Accepted)
    assert VERIFIER.verify(signed_play(), state, at())[0] == Copy(verdict.command, None)
    state = VERIFIER.remember_answer(state, verdict.command, '{"state":"played"}')
    assert VERIFIER.verify(signed_play(), state, at())[0] == Copy(verdict.command, '{"state":"played"}')


def test_an_answer_belongs_to_the_command_at_its_own_address() -> None:
    state = READY
    for zone in (VILLAGE, TOWN):
        verdict, state = VERIFIER.verify(signed_play("p1", for_=zone, run="r-1"), state, at())
        assert isinstance(verdict, Accepted)
        state = VERIFIER.remember_answer(state, verdict.command, zone)
    for zone in (VILLAGE, TOWN):
        verdict, _ = VERIFIER.verify(signed_play("p1", for_=zone, run="r-1"), state, at())
        assert isinstance(verdict, Copy)
        assert verdict.answer == zone


def test_an_answer_to_a_command_never_accepted_is_not_remembered() -> None:
    assert VERIFIER.remember_answer(READY, command(play("p")), "x") == READY


def test_what_a_run_did_not_play_is_given_back_to_the_day() -> None:
    long = signed_play("p1", repeat=20)  # all of the ten minutes
    verdict, state = VERIFIER.verify(long, READY, at())
    assert isinstance(verdict, Accepted)
    assert refused(VERIFIER.verify(signed_play("p2"), state, at())[0]) == "limit"
    state = VERIFIER.settle(state, "r-p1", 30_000)
    assert isinstance(VERIFIER.verify(signed_play("p2"), state, at())[0], Accepted)


def refused(verdict: Verdict) -> str:
    assert isinstance(verdict, Refused)
    return verdict.reason


def test_a_device_without_a_type_says_so() -> None:
    button = Verifier(structs.replace(ENROLMENT, supports=()))
    assert refused(button.verify(signed_play(), READY, at())[0]) == "unsupported"


def test_what_cannot_be_trusted_is_answered_once_in_ten_seconds() -> None:
    state, answered = READY, []
    for ms in range(0, 3 * COMPLAIN_EVERY_MS, 1_000):
        verdict, state = VERIFIER.verify(b"?", state, at(ms))
        assert isinstance(verdict, Refused)
        if verdict.answer is not None:
            answered.append(ms)
    assert answered == [0, COMPLAIN_EVERY_MS, 2 * COMPLAIN_EVERY_MS]


def test_after_a_restart_the_running_clock_begins_anew_and_so_does_the_answering() -> None:
    _, state = VERIFIER.verify(b"?", READY, at(5_000_000))
    verdict, _ = VERIFIER.verify(b"?", state, at(3))
    assert isinstance(verdict, Refused)
    assert verdict.answer is not None


def test_a_root_key_of_another_algorithm_does_not_stop_the_device() -> None:
    foreign = msgspec.convert({"kty": "EC", "crv": "SM2", "x": "AA", "y": "AA"}, type(RING.root.public_jwk()))
    verifier = Verifier(structs.replace(ENROLMENT, root_keys=(foreign, *ENROLMENT.root_keys)))
    listed = command(envelope("keys", "k", for_=DEVICE) | {"rev": 2, "keys": []})
    assert isinstance(listed, KeysCommand)
    verdict, state = verifier.verify(sign(listed, RING.root).encode(), READY, at())
    assert isinstance(verdict, Accepted)
    assert state.key_set.rev == 2


def test_what_falls_out_of_memory_can_never_come_again() -> None:
    memory = SeqMemory(kid="k", address=VILLAGE)
    for seq in range(1, MEMORY + 3):
        memory = memory.accept(AcceptedCommand(id=str(seq), seq=seq, digest=""))
    assert memory.find("1") is None
    assert memory.find("2") is None
    assert memory.refuses(2)
    assert not memory.refuses(3)
    assert len(memory.accepted) == MEMORY


@pytest.mark.parametrize(("below", "is_refused"), [(SEQ_WINDOW, False), (SEQ_WINDOW + 1, True)])
def test_the_window_is_sixty_thousand_wide(below: int, is_refused: bool) -> None:
    memory = SeqMemory(kid="k", address=VILLAGE).accept(AcceptedCommand(id="a", seq=10**6, digest=""))
    assert memory.refuses(10**6 - below) is is_refused


def test_a_stop_that_falls_out_of_memory_still_silences() -> None:
    state = DeviceState()
    for seq in range(MEMORY + 5):
        state = state.with_stop(StopMark(address=VILLAGE, run=f"r-{seq}", seq=100 + seq))
    assert len([mark for mark in state.stops if mark.run]) == MEMORY
    assert len(state.stops) == MEMORY + 1
    for seq in range(MEMORY + 5):
        assert state.voided(VILLAGE, f"r-{seq}", 99 + seq)
    assert not state.voided(VILLAGE, "r-0", 100 + MEMORY + 5)
    assert not state.voided(TOWN, "r-0", 1)


def test_a_run_is_known_for_two_days_after_its_own() -> None:
    state = DeviceState().with_airtime(Airtime(run="r-old", day=10, ms=1, emergency=False))
    state = state.with_airtime(Airtime(run="r-2", day=12, ms=1, emergency=False))
    assert state.knows_run("r-old")
    state = state.with_airtime(Airtime(run="r-3", day=13, ms=1, emergency=False))
    assert not state.knows_run("r-old")
    assert state.knows_run("r-2")
