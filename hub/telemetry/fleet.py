"""Every device as the telemetry role knows it: signs of life, newest values. In memory; `board` keeps a copy."""

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from devices.messages import Status, Telemetry
from hub.domain.presence import Heard, Presence, came_online, presence, spoke, went_offline
from hub.domain.telemetry import ALWAYS_KEPT, DAY_MS, MAX_METRICS, DeviceState, Latest, is_plausible

FORGOTTEN_MS: Final = DAY_MS  # a metric that full devices no longer send makes room for a new one


class Judged(NamedTuple):
    """What of a telemetry message may be stored, and for which time; `at` None: nothing, its clock is wrong."""

    at: int | None
    metrics: dict[str, float]
    rejected: int


class Entry(NamedTuple):
    """One device as it stands on the board; `number` is that of its last change of presence."""

    device: str
    number: int
    state: DeviceState


class _Known:
    """The moving parts of one device's state."""

    __slots__ = (
        "about",
        "clock_off_ms",
        "heard",
        "metrics",
        "number",
        "presence",
        "rejected",
        "since",
        "telemetry_at",
    )

    def __init__(self, heard: Heard, number: int) -> None:
        self.heard = heard
        self.presence = Presence.ONLINE
        self.since = heard.seen_at
        self.number = number
        self.about: Status | None = None
        self.metrics: dict[str, tuple[float, int]] = {}  # its values and their times
        self.telemetry_at: int | None = None
        self.clock_off_ms = 0
        self.rejected = 0


class Fleet:
    """All devices that ever spoke. Used by one thread."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}
        self._announced: dict[str, Status] = {}  # the broker's memory of those that have not spoken yet
        self._touched: set[str] = set()
        self._last_number = 0

    def restore(self, entries: Iterable[Entry]) -> None:
        """What an earlier process knew."""
        for device, number, state in entries:
            known = self._known[device] = _Known(state.heard, number)
            known.presence, known.since, known.about = state.presence, state.since, state.about
            known.metrics = {name: (latest.value, latest.at) for name, latest in state.metrics.items()}
            known.telemetry_at = state.telemetry_at
            known.clock_off_ms, known.rejected = state.clock_off_ms, state.rejected
            self._last_number = max(self._last_number, number)

    def telemetry(self, device: str, message: Telemetry, now: int) -> Judged:
        """Values of the device's own. Their time is its own when that can be true, `now` when it has none."""
        known = self._spoke(device, now)
        at = now if message.at is None else message.at
        plausible = is_plausible(at, now)
        known.clock_off_ms = 0 if plausible else at - now
        shown_at = at if plausible else now
        kept: dict[str, float] = {}
        for name, value in message.metrics.items():
            latest = known.metrics.get(name)
            if latest is None and not _has_room(known.metrics, name, now):
                continue
            kept[name] = value
            if latest is None or shown_at >= latest[1]:
                known.metrics[name] = (value, shown_at)
        known.telemetry_at = now
        rejected = message.rejected + len(message.metrics) - len(kept)
        known.rejected += rejected
        return Judged(at if plausible else None, kept, rejected)

    def nonsense(self, device: str, now: int) -> None:
        """Something that cannot be read; it is alive all the same."""
        self._spoke(device, now).rejected += 1

    def status(self, device: str, status: Status, now: int) -> None:
        """A status of the device's own, or the broker's word that its connection `status.session` broke."""
        known = self._known.get(device)
        if status.online:
            known = known or self._spoke(device, now)
            known.heard = came_online(known.heard, status.session, status.every_s, now)
            known.about = status
        elif known is not None:
            known.heard = went_offline(known.heard, status.session, now)
        else:
            self._announced.pop(device, None)
        self._touched.add(device)

    def remembered(self, device: str, status: Status) -> None:
        """A retained status: no sign of life, but it names the promise, and the connection whose will may come.

        It matters when the device came back, or came for the first time, while nobody listened here.
        """
        known = self._known.get(device)
        if not status.online:
            return
        if known is None:
            self._announced[device] = status
        elif known.heard.gone_at is None:
            before = known.heard
            every_s = status.every_s or before.every_s
            known.heard, known.about = Heard(before.seen_at, every_s, status.session), status
            self._touched.add(device)

    def judge(self, now: int, listening_since: int) -> None:
        """Look at every device's presence."""
        for device, known in self._known.items():
            found = presence(known.heard, now, listening_since)
            if found is not known.presence:
                known.presence, known.since, known.number = found, now, self._number(now)
                self._touched.add(device)

    def take_touched(self) -> list[Entry]:
        """Who has anything new since the last time."""
        touched = [
            Entry(device, known.number, _state(known)) for device, known in self._known_of(self._touched)
        ]
        self._touched = set()
        return touched

    def touch_all(self) -> None:
        """Nobody stands on the board any more; the next `take_touched` has everybody."""
        self._touched.update(self._known)

    def touch_again(self, entries: Iterable[Entry]) -> None:
        """They could not be kept; the next `take_touched` has them too."""
        self._touched.update(entry.device for entry in entries)

    def census(self) -> dict[str, int]:
        """How many devices there are of each presence."""
        found = Counter(known.presence.value for known in self._known.values())
        return {each.value: found[each.value] for each in Presence}

    def _known_of(self, devices: Iterable[str]) -> Iterable[tuple[str, _Known]]:
        return ((device, self._known[device]) for device in devices if device in self._known)

    def _spoke(self, device: str, now: int) -> _Known:
        known = self._known.get(device)
        if known is None:
            known = self._known[device] = self._met(self._announced.pop(device, None), now)
        else:
            known.heard = spoke(known.heard, now)
        self._touched.add(device)
        return known

    def _met(self, announced: Status | None, now: int) -> _Known:
        """A device that speaks for the first time, with what it had promised before anybody listened."""
        if announced is None:
            return _Known(spoke(None, now), self._number(now))
        known = _Known(came_online(None, announced.session, announced.every_s, now), self._number(now))
        known.about = announced
        return known

    def _number(self, now: int) -> int:
        """Grows for ever, also when the board's file was lost and begun anew."""
        self._last_number = max(self._last_number + 1, now)
        return self._last_number


def _has_room(metrics: dict[str, tuple[float, int]], name: str, now: int) -> bool:
    """At most so many names per device: each is a series of its own in the store, for a month."""
    if len(metrics) >= MAX_METRICS:
        for old in [known for known, (_, at) in metrics.items() if now - at > FORGOTTEN_MS]:
            del metrics[old]
    return len(metrics) < MAX_METRICS or name in ALWAYS_KEPT


def _state(known: _Known) -> DeviceState:
    return DeviceState(
        presence=known.presence,
        since=known.since,
        heard=known.heard,
        about=known.about,
        telemetry_at=known.telemetry_at,
        clock_off_ms=known.clock_off_ms,
        rejected=known.rejected,
        metrics={name: Latest(value, at) for name, (value, at) in known.metrics.items()},
    )
