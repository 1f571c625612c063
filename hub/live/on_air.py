"""What loudspeakers have been sent, known by heart: so that it can be silenced when the database cannot be asked.

Read from the table at the start, then kept by the events of every hub.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import msgspec

from broadcast.rows import Address, Told
from hub.domain.events import Event

KEPT_MS: Final = 24 * 3_600_000
log = logging.getLogger(__name__)


class Sounding(msgspec.Struct, frozen=True, kw_only=True):
    """A run that may be heard, and where its commands went."""

    run: str
    broadcast: str
    area: str
    start_at: int
    addresses: tuple[Address, ...]
    is_stopped: bool = False

    @property
    def is_for_devices(self) -> bool:
        """Whether it was sent to loudspeakers by name alone, as rehearsals are."""
        return all(address.is_device for address in self.addresses)


class _SentEvent(msgspec.Struct, frozen=True, kw_only=True):
    """As much of a `broadcast.run.…` event as is needed."""

    id: str
    run: str
    area: str
    start_at: int = 0
    addresses: tuple[Address, ...] = ()


_event = msgspec.json.Decoder(_SentEvent)
_ENDS: Final = frozenset({Told.RUN_ENDED.value, Told.RUN_STOPPED.value})


class OnAir:
    """`read` gives what sounds, from the table."""

    def __init__(self, read: Callable[[], Awaitable[Sequence[Sounding]]], now: Callable[[], int]) -> None:
        self._read = read
        self._now = now
        self._runs: dict[str, Sounding] = {}
        self._stopped: dict[str, Sounding] = {}

    def runs(self) -> tuple[Sounding, ...]:
        """What may be heard now."""
        oldest = self._now() - KEPT_MS
        return tuple(run for run in self._runs.values() if run.start_at > oldest)

    def is_stopped(self, run: str) -> bool:
        """Whether somebody has stopped this run, as far as this hub knows."""
        return run in self._stopped

    def stopped_run(self, run: str) -> Sounding | None:
        """A run that was stopped, and where its commands had gone."""
        return self._stopped.get(run)

    def stopped(self, runs: Sequence[str]) -> None:
        """Somebody has stopped these; their sound is not over before the loudspeakers say so."""
        for run in runs:
            unknown = Sounding(run=run, broadcast="", area="", start_at=self._now(), addresses=())
            self._stopped.setdefault(run, self._runs.get(run, unknown))

    async def learn(self) -> None:
        """Read what sounds, at the start and now and then. Unavailable: it cannot be read."""
        for sounding in await self._read():
            (self._stopped if sounding.is_stopped else self._runs).setdefault(sounding.run, sounding)
        oldest = self._now() - KEPT_MS
        self._runs = {run: each for run, each in self._runs.items() if each.start_at > oldest}
        self._stopped = {run: each for run, each in self._stopped.items() if each.start_at > oldest}

    def happened(self, events: Sequence[Event]) -> None:
        """What any hub has committed (in the loop's thread)."""
        for event in events:
            if event.type == Told.RUN_SENT:
                told = _event.decode(event.data)
                # a run that is stopped stays so: only where it went is news
                known = self._stopped if told.run in self._stopped else self._runs
                known[told.run] = Sounding(
                    run=told.run,
                    broadcast=told.id,
                    area=told.area,
                    start_at=told.start_at,
                    addresses=told.addresses,
                )
            elif event.type in _ENDS:
                ended = _event.decode(event.data).run
                if event.type == Told.RUN_STOPPED:
                    self.stopped([ended])
                self._runs.pop(ended, None)
