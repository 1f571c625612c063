"""What devices prove themselves by, known by heart: a press must show on the day the database cannot be asked."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeVar

from hub.domain.errors import Unavailable
from hub.domain.register import DeviceCredentials

PATIENCE_S: Final = 0.5
T = TypeVar("T")
log = logging.getLogger(__name__)


async def _nobody() -> Mapping[str, DeviceCredentials]:
    return {}


class KnownDevices:
    """The credentials of every device in service, read now and then; old knowledge is better than none.

    While the database answers its word is taken. Who fits what is known here waits `patience_s` for it at most, and
    not at all while an earlier question is still without an answer.
    """

    def __init__(
        self,
        read: Callable[[], Awaitable[Mapping[str, DeviceCredentials]]] = _nobody,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._read = read
        self._patience_s = patience_s
        self._known: dict[str, DeviceCredentials] = {}
        self._unanswered: Callable[[], bool] = _nothing_unanswered
        self._used: dict[str, str] = {}  # device → the hash of the newest password that it used here
        self._unwritten: set[str] = set()

    async def refresh(self) -> None:
        """Read the credentials again; what is known stays when they cannot be read."""
        try:
            self._known = dict(await self._read())
        except Unavailable:
            log.warning("credentials cannot be read; what was known of %d devices stays", len(self._known))

    def recall(self, device: str) -> DeviceCredentials | None:
        """What was known of the device when the database answered last."""
        return self._known.get(device)

    def learn(self, device: str, found: DeviceCredentials | None) -> None:
        """The database has said so just now; None: no such device is in service."""
        if found is None:
            self._known.pop(device, None)
        else:
            self._known[device] = found

    async def ask(self, question: Callable[[], Awaitable[T]]) -> T:
        """The database's answer. Unavailable: it is away, or has not answered in time."""
        if self._unanswered():
            raise Unavailable("store-away")
        asked = asyncio.ensure_future(question())
        asked.add_done_callback(_look_at)
        await asyncio.wait({asked}, timeout=self._patience_s)
        if not asked.done():
            self._unanswered = lambda: not asked.done()
            raise Unavailable("store-away")
        return asked.result()

    def use(self, device: str, password_hash: str) -> None:
        """The device proved itself by the newest password: the one before is over, also while that is not written."""
        if self._used.get(device) != password_hash:
            self._used[device] = password_hash
            self._unwritten.add(device)

    def has_used(self, device: str, password_hash: str) -> bool:
        """Whether the device has used the password of this hash here."""
        return self._used.get(device) == password_hash

    def is_unwritten(self, device: str) -> bool:
        """Whether the database may still hold that the password before is good."""
        return device in self._unwritten

    def written(self, device: str) -> None:
        """It holds that no more."""
        self._unwritten.discard(device)


def _nothing_unanswered() -> bool:
    return False


def _look_at(asked: "asyncio.Future[T]") -> None:
    """Whoever asked may have gone; an error that nobody fetches would be reported as a mistake of ours."""
    if not asked.cancelled():
        asked.exception()
