"""What a device must not forget: kept in flash, read and written as one JSON value.

Everything is immutable; each method returns the next state.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct, structs

from devices.keys import KeySet

SEQ_WINDOW: Final = 60_000
"""How far below the highest accepted seq a command may still lie."""

MEMORY: Final = 64
"""Accepted commands remembered per key and address, and stops of single runs in all."""

AIRTIME_DAYS: Final = 2


class AcceptedCommand(Struct, frozen=True, kw_only=True):
    """One accepted command, and what the device last answered to it."""

    id: str
    seq: int
    digest: str
    answer: str | None = None


class SeqMemory(Struct, frozen=True, kw_only=True):
    """What one key has said to one address. Below `floor` nothing is taken that is not remembered by id."""

    kid: str
    address: str
    highest: int = 0
    floor: int = 0
    accepted: tuple[AcceptedCommand, ...] = ()

    def find(self, command_id: str) -> AcceptedCommand | None:
        """Return the accepted command of that id, if it is still remembered."""
        return next((known for known in self.accepted if known.id == command_id), None)

    def refuses(self, seq: int) -> bool:
        """Tell whether a command that is not remembered may be an old one."""
        return seq < self.highest - SEQ_WINDOW or seq <= self.floor

    def accept(self, command: AcceptedCommand) -> SeqMemory:
        """Remember one more; what falls out of memory raises the floor, so that it can never come again."""
        kept = tuple(sorted((*self.accepted, command), key=lambda known: known.seq))
        forgotten, kept = kept[:-MEMORY], kept[-MEMORY:]
        floor = max([self.floor, *(known.seq for known in forgotten)])
        return structs.replace(self, highest=max(self.highest, command.seq), floor=floor, accepted=kept)


class StopMark(Struct, frozen=True, kw_only=True):
    """A stop that was obeyed: at `address`, what was signed before `seq` for `run` (None: any) is void."""

    address: str
    run: str | None
    seq: int

    def voids(self, address: str, run: str | None, seq: int) -> bool:
        """Tell whether this stop silences a command of that address, run and seq."""
        return address == self.address and seq < self.seq and (self.run is None or run == self.run)


class Airtime(Struct, frozen=True, kw_only=True):
    """What one run has cost of a local day's allowance: promised at first, settled when it has ended."""

    run: str
    day: int
    ms: int
    emergency: bool


class TimeQuestion(Struct, frozen=True, kw_only=True):
    """The one open question for signed time; `t1` on the device's own running clock."""

    nonce: str
    t1: int


class DeviceState(Struct, frozen=True, kw_only=True):
    """The whole memory. A fresh one (`seq_known` false) plays nothing until signed time has come."""

    seq_known: bool = False
    seq_floor: int = 0
    memories: tuple[SeqMemory, ...] = ()
    stops: tuple[StopMark, ...] = ()
    key_set: KeySet = KeySet()
    zones: tuple[str, ...] | None = None
    bases: tuple[str, ...] | None = None
    volume: int | None = None
    airtime: tuple[Airtime, ...] = ()
    question: TimeQuestion | None = None
    complained_at: int | None = None

    def memory_of(self, kid: str, address: str) -> SeqMemory:
        """Return what that key has said to that address."""
        for memory in self.memories:
            if memory.kid == kid and memory.address == address:
                return memory
        return SeqMemory(kid=kid, address=address)

    def with_memory(self, memory: SeqMemory) -> DeviceState:
        """Put one key's memory in its place."""
        others = tuple(m for m in self.memories if (m.kid, m.address) != (memory.kid, memory.address))
        return structs.replace(self, memories=(*others, memory))

    def voided(self, address: str, run: str | None, seq: int) -> bool:
        """Tell whether an obeyed stop silences a command of that address, run and seq."""
        return any(mark.voids(address, run, seq) for mark in self.stops)

    def with_stop(self, mark: StopMark) -> DeviceState:
        """Remember a stop.

        One that falls out of memory is kept as a stop of all runs: silence is the safer error.
        """
        kept = [*(known for known in self.stops if not _covers(mark, known)), mark]
        of_one_run = [known for known in kept if known.run is not None]
        if len(of_one_run) > MEMORY:
            oldest = min(of_one_run, key=lambda known: known.seq)
            whole = structs.replace(oldest, run=None)
            kept = [*(known for known in kept if not _covers(whole, known)), whole]
        return structs.replace(self, stops=tuple(kept))

    def used_ms(self, day: int, *, emergency: bool) -> int:
        """Return how much of a day's allowance is spent or promised."""
        return sum(spent.ms for spent in self.airtime if spent.day == day and spent.emergency == emergency)

    def knows_run(self, run: str) -> bool:
        """Tell whether a run has been taken on already, whichever zone brought it."""
        return any(spent.run == run for spent in self.airtime)

    def with_airtime(self, promised: Airtime) -> DeviceState:
        """Count one more run, and forget those of days long past."""
        kept = (spent for spent in self.airtime if spent.day >= promised.day - AIRTIME_DAYS)
        return structs.replace(self, airtime=(*kept, promised))


def _covers(mark: StopMark, other: StopMark) -> bool:
    same_run = mark.run is None or mark.run == other.run
    return mark.address == other.address and same_run and other.seq <= mark.seq
