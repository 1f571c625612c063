"""The way in: a message of the broker becomes a sample, a sign of life, or a count."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from devices import topics
from devices.codec import decode_status, decode_telemetry
from devices.errors import DecodeError, TopicError
from devices.topics import Leaf
from hub.domain.telemetry import Counts, Sample
from hub.telemetry.fleet import Fleet
from hub.telemetry.tags import Tags

MOST_PENDING: Final = 100_000
"""Samples in memory between two visits to the disk; more come only while the disk hangs."""

MOST_TOPICS: Final = 50_000


class Intake:
    """Used by the loop's thread alone."""

    def __init__(self, fleet: Fleet, tags: Callable[[str], Tags], now: Callable[[], int]) -> None:
        self._fleet = fleet
        self._tags = tags
        self._now = now
        self._pending: list[Sample] = []
        self._senders: dict[str, tuple[str, Leaf | None]] = {}
        self.counts = Counts()

    def arrived(self, topic: str, payload: bytes, *, retained: bool) -> None:
        """A message on `v1/d/{device}/telemetry` or `…/status`. Never raises for what a device may have sent."""
        device, leaf = self._senders.get(topic) or self._read_topic(topic)
        if leaf is Leaf.TELEMETRY:
            self._telemetry(device, payload, retained=retained)
        elif leaf is Leaf.STATUS:
            self._status(device, payload, retained=retained)
        else:
            self.counts.undecodable += 1

    def take(self) -> list[Sample]:
        """The samples since the last time."""
        taken, self._pending = self._pending, []
        return taken

    def _read_topic(self, topic: str) -> tuple[str, Leaf | None]:
        """Who says what; the same few topics come again and again, and are read once."""
        if len(self._senders) >= MOST_TOPICS:
            self._senders.clear()
        sender: tuple[str, Leaf | None] = ("", None)
        with suppress(TopicError):
            parsed = topics.parse(topic)
            if parsed.device is not None:
                sender = (parsed.device, parsed.leaf)
        self._senders[topic] = sender
        return sender

    def _telemetry(self, device: str, payload: bytes, *, retained: bool) -> None:
        if retained:  # nobody should; it may be a year old
            self.counts.retained += 1
            return
        now = self._now()
        try:
            message = decode_telemetry(payload)
        except DecodeError:
            self.counts.undecodable += 1
            self._fleet.nonsense(device, now)
            return
        self.counts.messages += 1
        judged = self._fleet.telemetry(device, message, now)
        self.counts.values_rejected += judged.rejected
        if judged.at is None:
            self.counts.clock_off += 1
        elif judged.metrics:
            self._keep(device, judged.at, judged.metrics)

    def _keep(self, device: str, at: int, metrics: dict[str, float]) -> None:
        if len(self._pending) >= MOST_PENDING:
            self.counts.dropped += len(self._pending)
            self._pending = []
        area, kind = self._tags(device)
        self._pending.append(Sample(device, area, kind, at, metrics))

    def _status(self, device: str, payload: bytes, *, retained: bool) -> None:
        now = self._now()
        try:
            status = decode_status(payload)
        except DecodeError:
            self.counts.undecodable += 1
            if not retained:
                self._fleet.nonsense(device, now)
            return
        if retained:
            self._fleet.remembered(device, status)
        else:
            self._fleet.status(device, status, now)
