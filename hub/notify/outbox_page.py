"""The demo's channel: a notice becomes a line on the outbox page and never leaves the machine."""

from collections.abc import Awaitable, Callable

import msgspec

from hub.domain.notices import NoticeDraft
from hub.ports import Outgoing

_decoder = msgspec.json.Decoder(NoticeDraft)


class OutboxPage:
    """Sends outgoing messages of kind "notice" to a page. `keep(address, body, key)` writes the line."""

    def __init__(
        self, keep: Callable[[str, str, str | None], Awaitable[None]], say: Callable[[NoticeDraft], str]
    ) -> None:
        self._keep = keep
        self._say = say

    async def send(self, message: Outgoing) -> None:
        """Write the notice, in words, where everybody at the demo can read it."""
        draft = _decoder.decode(message.body)
        await self._keep(message.address, self._say(draft), draft.key)
