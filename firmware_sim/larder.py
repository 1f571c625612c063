"""Audio on its way to the device: what is wanted, what is being fetched, what to try again."""

from dataclasses import dataclass, replace

from devices.commands import AudioRef
from firmware_sim.effects import Fetch, Fetched
from firmware_sim.pending import Lane


@dataclass(frozen=True, slots=True)
class _Wanted:
    fetch: Fetch
    lane: Lane
    under_way: bool = False


class Larder:
    """Pieces by their hash; each is fetched once at a time, along the same ladder as a press."""

    def __init__(self) -> None:
        self._wanted: dict[str, _Wanted] = {}

    def want(self, piece: AudioRef, urls: tuple[str, ...], from_ms: int) -> None:
        """Ask for a piece, to be fetched from `from_ms` on; asking twice changes nothing."""
        if piece.sha256 not in self._wanted:
            self._wanted[piece.sha256] = _Wanted(Fetch(piece.sha256, urls, piece.bytes), Lane(from_ms))

    def tick(self, mono_ms: int) -> list[Fetch]:
        """Return the fetches to begin now."""
        due = [w for w in self._wanted.values() if not w.under_way and w.lane.due_ms <= mono_ms]
        for wanted in due:
            self._wanted[wanted.fetch.sha256] = replace(wanted, under_way=True)
        return [wanted.fetch for wanted in due]

    def fetched(self, result: Fetched, mono_ms: int) -> None:
        """Take a fetch's end: here, never to be had, or to be tried again."""
        wanted = self._wanted.get(result.sha256)
        if wanted is None:
            return
        if result.is_final:
            del self._wanted[result.sha256]
        else:
            self._wanted[result.sha256] = replace(wanted, under_way=False, lane=wanted.lane.sent(mono_ms))

    def forget_all_but(self, needed: frozenset[str]) -> None:
        """Give up pieces that nobody needs any more."""
        for sha256 in self._wanted.keys() - needed:
            del self._wanted[sha256]

    def due_ms(self) -> list[int]:
        """When the next fetches are due."""
        return [wanted.lane.due_ms for wanted in self._wanted.values() if not wanted.under_way]
