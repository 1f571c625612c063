"""Approved emergency audio that must lie on the device before it is needed."""

from collections.abc import Iterator
from dataclasses import dataclass

from devices.commands import AudioRef, CacheCommand
from devices.errors import RefusalReason
from firmware_sim.effects import Fetched
from firmware_sim.flash import KeptCache


@dataclass(frozen=True, slots=True)
class Answered:
    """A cache command has come to its end; `reason` None when all of its audio lies on the device."""

    command: CacheCommand
    reason: RefusalReason | None


class Caches:
    """The cache commands in force."""

    def __init__(self, kept: tuple[KeptCache, ...] = ()) -> None:
        self._commands = {cache.command.id: cache.command for cache in kept}
        self._answered = {cache.command.id for cache in kept if cache.answered}
        self._here: set[str] = set()

    def add(self, command: CacheCommand) -> None:
        """Take a command on."""
        self._commands[command.id] = command

    def pieces(self) -> Iterator[AudioRef]:
        """Return all audio to be kept."""
        for command in self._commands.values():
            yield from command.audio

    def missing(self) -> Iterator[AudioRef]:
        """Return the audio that is not known to lie on the device yet."""
        return (piece for piece in self.pieces() if piece.sha256 not in self._here)

    def fetched(self, result: Fetched) -> list[Answered]:
        """Take the end of a fetch; returns the commands that it completes or spoils."""
        if result.reason is None:
            self._here.add(result.sha256)
        ended: list[Answered] = []
        for command in self._commands.values():
            hashes = {piece.sha256 for piece in command.audio}
            spoiled = result.reason is RefusalReason.HASH_MISMATCH and result.sha256 in hashes
            if command.id not in self._answered and (spoiled or hashes <= self._here):
                ended.append(Answered(command, result.reason))
        self._answered.update(end.command.id for end in ended)
        return ended

    def expire(self, wall_ms: int) -> None:
        """Forget commands whose time is over."""
        for command in list(self._commands.values()):
            if wall_ms >= command.keep_until:
                del self._commands[command.id]
                self._answered.discard(command.id)

    def kept(self) -> tuple[KeptCache, ...]:
        """Return what must survive a restart."""
        return tuple(KeptCache(command, command.id in self._answered) for command in self._commands.values())
