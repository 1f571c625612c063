"""One connection that was let in: it must keep its own keep-alive, and read what it is sent."""

import asyncio
import ssl

from amqtt.adapters import ReaderAdapter, WriterAdapter

from broker_config.mosquitto_conf import MAX_PACKET_BYTES

MAX_UNSENT_BYTES = 2 * MAX_PACKET_BYTES
"""A client that leaves more than this unread is cut off: memory is for those who listen."""
LEAVING_S = 3.0
KEEP_ALIVE_FACTOR = 1.5  # MQTT 3.1.1, 3.1.2.10


class Guest:
    """The connection of one user, from its admission until `gone` is set."""

    def __init__(self, writer: asyncio.StreamWriter, keep_alive_s: int, password_hash: str) -> None:
        self.password_hash = password_hash
        self.gone = asyncio.Event()
        self._transport = writer.transport
        self._task = asyncio.current_task()
        self._loop = asyncio.get_running_loop()
        self._patience_s = keep_alive_s * KEEP_ALIVE_FACTOR
        self._heard_s = self._loop.time()
        self._watch: asyncio.TimerHandle | None = None
        if keep_alive_s:
            self._watch = self._loop.call_later(self._patience_s, self._check)

    def heard(self) -> None:
        """It said something."""
        self._heard_s = self._loop.time()

    def unsent(self) -> int:
        """Bytes that it has not taken yet."""
        return self._transport.get_write_buffer_size()

    def leave(self) -> None:
        """Cut the connection; amqtt then sends the will, as for any connection that broke."""
        if self._watch is not None:
            self._watch.cancel()
        self._transport.abort()

    async def left(self) -> None:
        """Show it out and wait until it is gone; nothing that hangs in amqtt may keep its user out for ever."""
        self.leave()
        try:
            async with asyncio.timeout(LEAVING_S):
                await self.gone.wait()
        except TimeoutError:
            if self._task is not None:
                self._task.cancel()
            await self.gone.wait()

    def _check(self) -> None:
        left_s = self._heard_s + self._patience_s - self._loop.time()
        if left_s <= 0:
            self.leave()
        else:
            self._watch = self._loop.call_later(left_s, self._check)


class GuestReader(ReaderAdapter):
    """Gives amqtt first the CONNECT that was read at the door, then what the client sends."""

    def __init__(self, reader: asyncio.StreamReader, guest: Guest, first: bytes) -> None:
        self._reader = reader
        self._guest = guest
        self._first = first

    async def read(self, n: int = -1) -> bytes:
        """Exactly `n` bytes; a packet larger than the limit ends the connection."""
        if self._first:
            given, self._first = self._first[:n], self._first[n:]
            return given
        if not 0 <= n <= MAX_PACKET_BYTES:
            self._guest.leave()
            return b""
        data = await self._reader.readexactly(n)
        self._guest.heard()
        return data

    def feed_eof(self) -> None:
        """Tell the stream that nothing more comes."""
        self._reader.feed_eof()


class GuestWriter(WriterAdapter):
    """Writes without ever waiting: a client that takes nothing is cut off instead of being waited for."""

    def __init__(self, writer: asyncio.StreamWriter, guest: Guest) -> None:
        self._writer = writer
        self._guest = guest

    def write(self, data: bytes) -> None:
        """Send, or cut off who has left too much unread."""
        if self._writer.transport.is_closing():
            return
        self._writer.write(data)
        if self._guest.unsent() > MAX_UNSENT_BYTES:
            self._guest.leave()

    async def drain(self) -> None:
        """Nothing to wait for."""

    def unsent(self) -> int:
        """Bytes that the client has not taken yet."""
        return self._guest.unsent()

    def get_peer_info(self) -> tuple[str, int] | None:
        """The client's address and port."""
        peer = self._writer.get_extra_info("peername")
        return (peer[0], peer[1]) if peer else None

    def get_ssl_info(self) -> ssl.SSLObject | None:
        """No certificate of a client is ever asked for."""
        return None

    async def close(self) -> None:
        """Send what is written, then close."""
        self._writer.close()
