"""What each type of command asks beyond a good signature, and what it changes in the device's memory."""

from __future__ import annotations

from typing import Final

from msgspec import structs

from devices.audio_url import resolve
from devices.commands import (
    CacheCommand,
    Command,
    KeysCommand,
    LiveCommand,
    PlanCommand,
    PlayCommand,
    SetCommand,
    TimeCommand,
)
from devices.enrolment import Enrolment, is_emergency
from devices.errors import CommandRefused, IdError, RefusalReason
from devices.ids import check_zone
from devices.state import SEQ_WINDOW, Airtime, DeviceState
from devices.verdicts import Accepted, Now

MAX_TIME_ROUND_TRIP_MS: Final = 10_000
"""An answer that took longer could put the clock wrong by half of it."""

Outcome = tuple[Accepted, DeviceState]


def apply(command: Command, enrolment: Enrolment, state: DeviceState, now: Now) -> Outcome:
    """Check a trusted, timely command by its type; CommandRefused when it asks for what must not be."""
    match command:
        case PlayCommand() | LiveCommand():
            return _sound(command, enrolment, state, now)
        case CacheCommand():
            _check_urls([piece.url for piece in command.audio], enrolment, state)
        case PlanCommand():
            _check_urls([command.url], enrolment, state)
        case SetCommand():
            return Accepted(command), _with_settings(command, enrolment, state)
        case KeysCommand():
            return Accepted(command), _with_keys(command, state)
        case TimeCommand():
            return _told_time(command, state, now)
    return Accepted(command), state


def volume_for(priority: int, volume: int, enrolment: Enrolment, state: DeviceState) -> int:
    """Return the volume to play at, 0-100: what is asked, lowered to the device's limit."""
    if is_emergency(priority):
        return min(volume, enrolment.limits.emergency_volume)
    own = 100 if state.volume is None else state.volume
    return min(volume, own, enrolment.limits.volume)


def audio_urls(url: str, enrolment: Enrolment, state: DeviceState) -> tuple[str, ...]:
    """Return the addresses to try for a piece of audio, best first; empty when it lies under no base."""
    return resolve(url, enrolment.audio_bases if state.bases is None else state.bases)


def _sound(command: PlayCommand | LiveCommand, enrolment: Enrolment, state: DeviceState, now: Now) -> Outcome:
    urls = [piece.url for piece in command.audio] if isinstance(command, PlayCommand) else [command.url]
    _check_urls(urls, enrolment, state)
    volume = volume_for(command.priority, command.volume, enrolment, state)
    if state.knows_run(command.run):
        return Accepted(command, volume=volume, known_run=True), state
    promised = _promise(command, enrolment, state, now)
    return Accepted(command, volume=volume), state.with_airtime(promised)


def _promise(
    command: PlayCommand | LiveCommand, enrolment: Enrolment, state: DeviceState, now: Now
) -> Airtime:
    """Weigh the sound against quiet hours and the day's allowance, and set its share aside."""
    limits, wall_ms = enrolment.limits, now.wall_ms or 0
    play = command if isinstance(command, PlayCommand) else None
    start_ms = max(play.start_at, wall_ms) if play else wall_ms
    length_ms = play.duration_ms if play else 0
    emergency = is_emergency(command.priority)
    if not emergency and limits.is_quiet(start_ms, start_ms + length_ms):
        raise CommandRefused(RefusalReason.LIMIT, "quiet hours")
    day, budget = limits.day_of(start_ms), limits.budget_ms(emergency=emergency)
    # A live run's length is not known: it needs something left, and the device cuts it when that is spent.
    if budget is not None and state.used_ms(day, emergency=emergency) + max(length_ms, 1) > budget:
        raise CommandRefused(RefusalReason.LIMIT, "minutes a day")
    return Airtime(run=command.run, day=day, ms=length_ms, emergency=emergency)


def _check_urls(urls: list[str], enrolment: Enrolment, state: DeviceState) -> None:
    for url in urls:
        if not audio_urls(url, enrolment, state):
            raise CommandRefused(RefusalReason.FETCH_FAILED, "audio lies under no enrolled base")


def _with_settings(command: SetCommand, enrolment: Enrolment, state: DeviceState) -> DeviceState:
    try:
        zones = state.zones if command.zones is None else tuple(check_zone(zone) for zone in command.zones)
    except IdError as error:
        raise CommandRefused(RefusalReason.UNSUPPORTED, str(error)) from error
    bases = state.bases if command.bases is None else command.bases
    volume = state.volume if command.volume is None else min(command.volume, enrolment.limits.volume)
    return structs.replace(state, zones=zones, bases=bases, volume=volume)


def _with_keys(command: KeysCommand, state: DeviceState) -> DeviceState:
    if command.rev < state.key_set.rev:
        raise CommandRefused(RefusalReason.REPLAYED, f"rev {command.rev} is below {state.key_set.rev}")
    return structs.replace(state, key_set=command.key_set)


def _told_time(command: TimeCommand, state: DeviceState, now: Now) -> Outcome:
    """Take signed time for the open question (RFC 5905: half of the way there and back is added)."""
    question = state.question
    if question is None or (command.nonce, command.t1) != (question.nonce, question.t1):
        raise CommandRefused(RefusalReason.REPLAYED, "no such question is open")
    round_trip_ms = (now.mono_ms - command.t1) - (command.t3 - command.t2)
    if not 0 <= round_trip_ms <= MAX_TIME_ROUND_TRIP_MS:
        raise CommandRefused(RefusalReason.EXPIRED, "the answer was too long on its way")
    # What was heard before the memory was lost is unknown, so all that could have been is refused.
    floor = state.seq_floor if state.seq_known else max(state.seq_floor, command.t3 - SEQ_WINDOW)
    state = structs.replace(state, seq_known=True, seq_floor=floor, question=None)
    return Accepted(command, clock_ms=command.t3 + round_trip_ms // 2), state
