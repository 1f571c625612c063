"""What a loudspeaker keeps in its flash: its memory of commands, and the work it has taken on."""

import logging

import msgspec

from devices.commands import CacheCommand, PlayCommand
from devices.state import DeviceState

log = logging.getLogger(__name__)


class KeptJob(msgspec.Struct, frozen=True):
    """A run that is not over. `sounding` at a restart means that the power went while it played."""

    command: PlayCommand
    volume: int
    played_ms: int = 0
    begun: bool = False
    sounding: bool = False


class KeptCache(msgspec.Struct, frozen=True):
    """Audio to keep on the device until the command's `keep_until`; `answered` when all of it lies there."""

    command: CacheCommand
    answered: bool = False


class Flash(msgspec.Struct, frozen=True):
    """All of a loudspeaker's memory but the audio itself."""

    state: DeviceState
    jobs: tuple[KeptJob, ...] = ()
    caches: tuple[KeptCache, ...] = ()

    def encoded(self) -> bytes:
        """Return the bytes for the flash."""
        return msgspec.json.encode(self)


def read_flash(kept: bytes | None, fresh: DeviceState) -> Flash:
    """Read the memory back; one that cannot be read is lost, and the device waits for signed time."""
    if kept is None:
        return Flash(fresh)
    try:
        return msgspec.json.decode(kept, type=Flash)
    except msgspec.MsgspecError as error:
        log.warning("loudspeaker memory unreadable, starting without it: %s", error)
        return Flash(fresh)
