"""The second path of a press: HTTP to the hub, with the device's MQTT credentials."""

import asyncio
import logging

import httpx

from firmware_sim.connection import Account
from firmware_sim.effects import AskReply, PostPress, SecondPathAnswer
from firmware_sim.http import AT_ONCE

log = logging.getLogger(__name__)

MAX_ANSWER_BYTES = 4_096


class SecondPath:
    """The way of all devices of the process; `base` is the hub's address without a path."""

    def __init__(self, base: str, client: httpx.AsyncClient) -> None:
        self._url = base.rstrip("/") + "/api/v1/device/calls"
        self._client = client
        # httpx looks through all that wait for a connection each time one is free: a county that waits there
        # after a broker's death took all of this process's time
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def ask(self, what: PostPress | AskReply, account: Account) -> SecondPathAnswer:
        """Send one request when it is its turn; whatever happens there is exactly one answer."""
        async with self._turn:
            return await self._send(what, account)

    async def _send(self, what: PostPress | AskReply, account: Account) -> SecondPathAnswer:
        asked = isinstance(what, AskReply)
        try:
            request = self._request(what)
            response = await self._client.send(
                request, stream=True, auth=(account.username, account.password)
            )
            try:
                body = await _read(response)
            finally:
                await response.aclose()
        except httpx.HTTPError as error:
            log.debug("%s: second path: %r", account.device, error)
            return SecondPathAnswer(what.press, asked, None)
        return SecondPathAnswer(what.press, asked, response.status_code, body, _retry_after_s(response))

    def _request(self, what: PostPress | AskReply) -> httpx.Request:
        if isinstance(what, AskReply):
            return self._client.build_request("GET", f"{self._url}/{what.press}")
        headers = {"content-type": "application/json"}
        return self._client.build_request("POST", self._url, content=what.payload, headers=headers)


async def _read(response: httpx.Response) -> bytes:
    """Read no more than a reply can have; a longer answer is none, and cut short it will not decode."""
    body = b""
    async for part in response.aiter_bytes():
        body += part
        if len(body) > MAX_ANSWER_BYTES:
            break
    return body


def _retry_after_s(response: httpx.Response) -> int | None:
    """Seconds alone: the date form needs a clock, which a button may not have."""
    text = response.headers.get("retry-after", "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
