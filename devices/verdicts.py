"""What a device decides about one command, and the answer it owes the hub."""

from __future__ import annotations

from dataclasses import dataclass

from devices.commands import Command, LiveCommand, PlayCommand
from devices.errors import RefusalReason
from devices.messages import Ack, AckState, Receipt, ReceiptState

Answer = Ack | Receipt


@dataclass(frozen=True, slots=True)
class Now:
    """The device's clocks: a running one, and Unix milliseconds when it trusts its idea of them."""

    mono_ms: int
    wall_ms: int | None


@dataclass(frozen=True, slots=True)
class Accepted:
    """Follow this command.

    `volume` (play, live) is the one to use, 0-100. `known_run` (play, live): the run was taken on before, by
    another command; do not play it again. `clock_ms` (time): Unix milliseconds to set the clock to, now.
    """

    command: Command
    volume: int | None = None
    known_run: bool = False
    clock_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """A command accepted before: do nothing, and send `answer` (wire bytes as text) again if there is one."""

    command: Command
    answer: str | None


@dataclass(frozen=True, slots=True)
class Refused:
    """Do nothing, and send `answer` unless it is None (untrusted bytes are answered once in 10 s)."""

    reason: RefusalReason
    detail: str
    answer: Answer | None


Verdict = Accepted | Copy | Refused


def refusal_of(command: Command, reason: RefusalReason, detail: str, now: Now) -> Answer:
    """Return the answer to a trusted command that is refused: a receipt when it has a run, else an ack."""
    if isinstance(command, PlayCommand | LiveCommand):
        return Receipt(
            run=command.run,
            command=command.id,
            state=ReceiptState.REFUSED,
            at=now.wall_ms,
            reason=reason,
            detail=detail[:200],
            drill=command.drill,
        )
    return refusal_of_id(command.id, reason)


def refusal_of_id(command_id: str, reason: RefusalReason) -> Ack:
    """Return the answer to a trusted command of which hardly more than its id is known."""
    return Ack(id=command_id, state=AckState.REFUSED, reason=reason)


def refusal_of_bytes(digest: str, reason: RefusalReason) -> Ack:
    """Return the answer to bytes that cannot be trusted: named by their digest, never by what they say."""
    return Ack(id=None, state=AckState.REFUSED, reason=reason, digest=digest)
