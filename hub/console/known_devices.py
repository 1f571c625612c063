"""The credentials by which devices came in, for the day the database cannot be asked."""

from collections.abc import Awaitable, Callable

from hub.domain.errors import Unavailable


class KnownDevices:
    """Password hashes of devices that have proved themselves to this process over the second path."""

    def __init__(self) -> None:
        self._hashes: dict[str, str] = {}

    async def hash_of(self, device: str, ask: Callable[[], Awaitable[str | None]]) -> str | None:
        """The device's hash as `ask` finds it. Unavailable: it cannot be asked, and the device is new here."""
        try:
            found = await ask()
        except Unavailable:
            if device not in self._hashes:
                raise
            return self._hashes[device]
        if found is None:
            self._hashes.pop(device, None)
        return found

    def remember(self, device: str, hashed: str) -> bool:
        """The device proved itself by `hashed`; whether that is new here."""
        is_new = self._hashes.get(device) != hashed
        self._hashes[device] = hashed
        return is_new
