"""A device's whole verification of signed commands, as a pure state machine.

    verifier = Verifier(enrolment)                          # Enrolment: id, zones, bases, root keys, limits
    state = verifier.fresh_state()                          # or the DeviceState read back from flash
    request, state = verifier.ask_time(state, nonce, now)   # publish `request` on `time`
    verdict, state = verifier.verify(payload, state, now)   # payload: the bytes that came on `command`
    state = verifier.remember_answer(state, command, text)  # what was answered, for the day a copy comes
    state = verifier.settle(state, run, played_ms)          # what a run really cost of the day's minutes

Nothing is kept in the verifier: clocks (`Now`) and memory (`DeviceState`) are passed in, the next memory is
returned. Write it to flash before acting on an `Accepted`, else a power cut lets a command be done twice.
The steps, in order, each with the reason it refuses by:

 1. a compact JWS of at most 4 KiB, nothing in its header choosing a key   bad_signature
 2. signed by a known key, valid today, by its record's algorithm          unknown_key, bad_signature
 3. a command of a known type and form                                     unsupported
 4. a type and a priority that this key is enrolled for                    unknown_key
 5. for this device or one of its zones                                    wrong_address
 6. an id accepted before: the same bytes are a copy, others               replayed
 7. a trusted clock and seq memory (not: `stop`, `keys`, `time`)           no_clock
 8. seq at most 60,000 below the key's highest there, and not stopped      replayed
 9. a life of at most 24 hours or 8 days, begun and not over               unsupported, not_yet, expired
10. what the type asks: limits, audio bases, rev, nonce                    limit, fetch_failed, replayed

`stop` ignores nbf. `time` skips 6 to 9: it is good once, for the nonce that was asked.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

import msgspec
from msgspec import structs

from devices import jws
from devices.authority import NOT_VOIDED, ROOT, WITHOUT_CLOCK, run_of, signers_of
from devices.commands import (
    COMMAND,
    Command,
    Head,
    KeysCommand,
    StopCommand,
    TimeCommand,
    fault_of,
)
from devices.effects import apply
from devices.enrolment import Enrolment
from devices.errors import CommandRefused, KeyFormatError, RefusalReason
from devices.keys import ED25519, Jwk, thumbprint
from devices.messages import TimeRequest
from devices.state import AcceptedCommand, DeviceState, StopMark, TimeQuestion
from devices.verdicts import Answer, Copy, Now, Refused, Verdict, refusal_of, refusal_of_bytes, refusal_of_id

COMPLAIN_EVERY_MS: Final = 10_000
NBF_LEEWAY_S: Final = 60
"""A device's clock may lag behind the signer's by so much before `nbf` counts."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """Claims whose signature is good."""

    kid: str
    uses: frozenset[str]
    claims: bytes
    digest: str


class Verifier:
    """Decides about commands for one device; see the module's text."""

    def __init__(self, enrolment: Enrolment) -> None:
        self.enrolment = enrolment
        self._roots = _by_kid(enrolment.root_keys)

    def fresh_state(self) -> DeviceState:
        """Return the memory of a device that has just been enrolled, or has lost its flash."""
        return DeviceState(key_set=self.enrolment.keys)

    def zones(self, state: DeviceState) -> tuple[str, ...]:
        """Return the zones to subscribe to: those of the enrolment until a `set` names others."""
        return self.enrolment.zones if state.zones is None else state.zones

    def ask_time(self, state: DeviceState, nonce: str, now: Now) -> tuple[TimeRequest, DeviceState]:
        """Open a question for signed time; a newer one closes the older."""
        question = TimeQuestion(nonce=nonce, t1=now.mono_ms)
        return TimeRequest(nonce=nonce, t1=now.mono_ms), structs.replace(state, question=question)

    def verify(self, payload: bytes, state: DeviceState, now: Now) -> tuple[Verdict, DeviceState]:
        """Decide about the bytes of one command and return the next memory; never raises."""
        digest = hashlib.sha256(payload).hexdigest()
        try:
            opened = self._open(payload, digest, state, now)
        except CommandRefused as refusal:
            return _complain(refusal, digest, state, now)
        try:
            command = COMMAND.decode(opened.claims)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            return _not_understood(opened, str(error), state, now)
        try:
            return self._decide(command, opened, state, now)
        except CommandRefused as refusal:
            answer = refusal_of(command, refusal.refusal, refusal.detail, now)
            return Refused(refusal.refusal, refusal.detail, answer), state

    def remember_answer(self, state: DeviceState, command: Command, answer: str) -> DeviceState:
        """Keep what was last answered to an accepted command, for its copies."""
        for memory in state.memories:
            if memory.address == command.for_ and memory.find(command.id):
                accepted = tuple(
                    structs.replace(known, answer=answer) if known.id == command.id else known
                    for known in memory.accepted
                )
                return state.with_memory(structs.replace(memory, accepted=accepted))
        return state

    def settle(self, state: DeviceState, run: str, played_ms: int) -> DeviceState:
        """Replace what a run had promised to cost of its day by what it really played."""
        airtime = tuple(
            structs.replace(spent, ms=played_ms) if spent.run == run else spent for spent in state.airtime
        )
        return structs.replace(state, airtime=airtime)

    def _open(self, payload: bytes, digest: str, state: DeviceState, now: Now) -> _Opened:
        sealed = jws.take_apart(payload)
        kid = sealed.header.kid
        root = self._roots.get(kid)
        if root is not None:
            return _Opened(kid, frozenset({ROOT}), sealed.opened_with(ED25519, root), digest)
        record = state.key_set.find(kid)
        if record is None or not record.valid_at(now.wall_ms):
            raise CommandRefused(RefusalReason.UNKNOWN_KEY, f"key {kid!r} is not among those of today")
        return _Opened(kid, frozenset(record.use), sealed.opened_with(record.alg, record.jwk), digest)

    def _decide(
        self, command: Command, opened: _Opened, state: DeviceState, now: Now
    ) -> tuple[Verdict, DeviceState]:
        self._check_authority(command, opened)
        self._check_address(command, state)
        if not isinstance(command, TimeCommand):
            known = state.memory_of(opened.kid, command.for_).find(command.id)
            if known is not None:
                return _answer_again(command, known, opened.digest), state
            _check_order(command, opened.kid, state, now)
            _check_life(command, now)
        accepted, state = apply(command, self.enrolment, state, now)
        return accepted, _remember(command, opened, state)

    def _check_authority(self, command: Command, opened: _Opened) -> None:
        needed = signers_of(command)
        if needed.isdisjoint(opened.uses):
            wanted = " or ".join(sorted(needed))
            raise CommandRefused(RefusalReason.UNKNOWN_KEY, f"the key is not enrolled for {wanted}")
        if command.type not in self.enrolment.supports:
            raise CommandRefused(RefusalReason.UNSUPPORTED, f"this device knows no {command.type}")

    def _check_address(self, command: Command, state: DeviceState) -> None:
        own = {self.enrolment.id}
        allowed = own if isinstance(command, TimeCommand) else own.union(self.zones(state))
        if command.for_ not in allowed:
            raise CommandRefused(RefusalReason.WRONG_ADDRESS, f"signed for {command.for_}")


def _by_kid(root_keys: tuple[Jwk, ...]) -> dict[str, Jwk]:
    roots: dict[str, Jwk] = {}
    for jwk in root_keys:
        try:
            roots[thumbprint(jwk)] = jwk
        except KeyFormatError:  # a root of an algorithm that a later firmware knows
            continue
    return roots


def _not_understood(
    opened: _Opened, detail: str, state: DeviceState, now: Now
) -> tuple[Refused, DeviceState]:
    """Answer well-signed claims of an unknown type or form, by their id if they have one."""
    refusal = CommandRefused(RefusalReason.UNSUPPORTED, detail)
    try:
        head = msgspec.json.decode(opened.claims, type=Head)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return _complain(refusal, opened.digest, state, now)
    return Refused(refusal.refusal, detail, refusal_of_id(head.id, refusal.refusal)), state


def _complain(
    refusal: CommandRefused, digest: str, state: DeviceState, now: Now
) -> tuple[Refused, DeviceState]:
    """Answer what cannot be trusted at most once in 10 s, so that nobody can make a device shout."""
    last = state.complained_at
    # A running clock that went back is a new start of the device.
    due = last is None or not last <= now.mono_ms < last + COMPLAIN_EVERY_MS
    answer: Answer | None = refusal_of_bytes(digest, refusal.refusal) if due else None
    if due:
        state = structs.replace(state, complained_at=now.mono_ms)
    return Refused(refusal.refusal, refusal.detail, answer), state


def _answer_again(command: Command, known: AcceptedCommand, digest: str) -> Copy:
    if known.digest != digest:
        raise CommandRefused(RefusalReason.REPLAYED, f"id {command.id} was another command's")
    return Copy(command, known.answer)


def _check_order(command: Command, kid: str, state: DeviceState, now: Now) -> None:
    knowing = now.wall_ms is not None and state.seq_known
    if not knowing and command.type not in WITHOUT_CLOCK:
        raise CommandRefused(RefusalReason.NO_CLOCK, "waiting for signed time")
    # A key list is kept from going back by its rev; a device that lost its memory must still learn of a
    # revocation signed an hour ago.
    floor = 0 if isinstance(command, KeysCommand) else state.seq_floor
    if state.memory_of(kid, command.for_).refuses(command.seq) or command.seq < floor:
        raise CommandRefused(RefusalReason.REPLAYED, f"seq {command.seq} is too far back")
    if command.type not in NOT_VOIDED and state.voided(command.for_, run_of(command), command.seq):
        raise CommandRefused(RefusalReason.REPLAYED, f"seq {command.seq} was stopped")


def _check_life(command: Command, now: Now) -> None:
    fault = fault_of(command)
    if fault:
        raise CommandRefused(RefusalReason.UNSUPPORTED, fault)
    if now.wall_ms is None:
        return
    if now.wall_ms >= command.exp * 1000:
        raise CommandRefused(RefusalReason.EXPIRED, f"exp was {command.exp}")
    early = command.nbf is not None and now.wall_ms < (command.nbf - NBF_LEEWAY_S) * 1000
    if early and not isinstance(command, StopCommand):
        raise CommandRefused(RefusalReason.NOT_YET, f"nbf is {command.nbf}")


def _remember(command: Command, opened: _Opened, state: DeviceState) -> DeviceState:
    if isinstance(command, TimeCommand):
        return state
    accepted = AcceptedCommand(id=command.id, seq=command.seq, digest=opened.digest)
    state = state.with_memory(state.memory_of(opened.kid, command.for_).accept(accepted))
    if isinstance(command, StopCommand):
        return state.with_stop(StopMark(address=command.for_, run=command.run, seq=command.seq))
    return state
