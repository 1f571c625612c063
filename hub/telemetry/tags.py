"""What a sample is filed under beside its device: where the device is and of which kind. Never a person."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from hub.domain.errors import Unavailable

LEARN_EVERY_S: Final = 30.0
LOOK_EVERY_S: Final = 2.0
log = logging.getLogger(__name__)


class Tags(NamedTuple):
    """Both are "" for a device that the register does not know (yet)."""

    area: str = ""
    kind: str = ""


_UNKNOWN: Final = Tags()


class TagBook:
    """The register by heart: `read` gives (device, area, kind) of every device, and may raise Unavailable."""

    def __init__(self, read: Callable[[], Iterable[tuple[str, str, str]]]) -> None:
        self._read = read
        self._tags: dict[str, Tags] = {}
        self._missed = False

    def of(self, device: str) -> Tags:
        """The device's tags."""
        tags = self._tags.get(device)
        if tags is None:
            self._missed = True
            return _UNKNOWN
        return tags

    async def learn(self) -> None:
        """Read the register; while it is away what is known stays."""
        self._missed = False
        try:
            found = await asyncio.to_thread(lambda: list(self._read()))
        except Unavailable as error:
            log.info("devices are filed as they were known: %s", error)
            return
        self._tags = {device: Tags(area, kind) for device, area, kind in found}

    async def run(self) -> None:
        """Learn now and then, and soon when somebody unknown spoke, until cancelled."""
        loop = asyncio.get_running_loop()
        learned_at = loop.time()
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            if self._missed or loop.time() - learned_at >= LEARN_EVERY_S:
                await self.learn()
                learned_at = loop.time()
