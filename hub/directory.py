"""What the hub knows by heart: where each device rings, for the day the database is gone."""

import logging
from collections.abc import Awaitable, Callable, Sequence

from hub.domain.errors import Unavailable
from hub.domain.residents import Household

log = logging.getLogger(__name__)


class Directory:
    """Every household by device, read now and then; old knowledge is better than none."""

    def __init__(self, read: Callable[[], Awaitable[Sequence[Household]]], nowhere: str) -> None:
        self._read = read
        self._nowhere = nowhere
        self._by_device: dict[str, Household] = {}

    async def refresh(self) -> None:
        """Read the register again; what is known stays when it cannot be read."""
        try:
            self._by_device = {household.device: household for household in await self._read()}
        except Unavailable:
            log.warning(
                "the register cannot be read; what was known of %d devices stays", len(self._by_device)
            )

    def household(self, device: str) -> Household:
        """Where `device` rings, as far as is known."""
        known = self._by_device.get(device)
        if known is not None:
            return known
        return Household(
            device=device, known=False, resident=None, resident_name=None, area=self._nowhere, clinic=None
        )
