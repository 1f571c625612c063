"""One connection to a broker, from its CONNECT to its end: MQTT 3.1.1 over asyncio's own transports.

Nothing is acknowledged by itself. What is written in one turn of the loop leaves in one piece; what waits to be read
is taken in pieces of `READ_BYTES`, so that a backlog of presses leaves others their turn.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import cast

from hub.mqtt import packets
from hub.mqtt.packets import Answer, BrokenPacket, Publish

READ_BYTES = 16_384
KEEPALIVE_S = 30
PING_EVERY_S = 15
ANSWER_S = 10.0  # how long the broker may take to let us in, and to grant topics
CONFIRM_S = 10.0  # and to confirm a message
MIDS = 65_535


class LinkDown(Exception):
    """The broker is away, or went away before it confirmed."""


class Connection(asyncio.BufferedProtocol):
    """`arrived` gets each message; `ended` is done, with the reason as its value, when the connection is over."""

    def __init__(self, arrived: Callable[[Publish], None]) -> None:
        self._arrived = arrived
        self._loop = asyncio.get_running_loop()
        self._reader = packets.Reader(READ_BYTES)
        self._transport: asyncio.Transport | None = None
        self._out: list[bytes] = []
        self._mid = 0
        self._unconfirmed: dict[int, tuple[asyncio.Future[None], float]] = {}
        self._answers: dict[int, asyncio.Future[Answer]] = {}
        self._heard_s = self._loop.time()
        self._ping_in_s = PING_EVERY_S
        self._tick: asyncio.TimerHandle | None = None
        self.ended: asyncio.Future[str] = self._loop.create_future()

    async def sign_in(self, user: str, password: str, *, clean: bool) -> None:
        """User name = client id. LinkDown: the broker does not let us in."""
        answer = self._expect(packets.CONNACK)
        self._write(packets.connect(user, user, password, clean=clean, keepalive_s=KEEPALIVE_S))
        why = packets.refusal(await self._answer(answer))
        if why is not None:
            raise LinkDown(why)
        self._look()

    async def subscribe(self, topics: Sequence[tuple[str, int]]) -> list[str]:
        """Ask for (filter, QoS); the filters that are refused. LinkDown."""
        answer = self._expect(packets.SUBACK)
        self._write(packets.subscribe(self._free_mid(), topics))
        codes = (await self._answer(answer)).body[2:]
        if len(codes) != len(topics):
            raise LinkDown("the broker answered for other topics than it was asked")
        return [topic for (topic, _), code in zip(topics, codes, strict=True) if code >= packets.REFUSED]

    def publish(self, topic: str, payload: bytes, qos: int) -> "asyncio.Future[None] | None":
        """The future is done when the broker has confirmed (LinkDown: it has not); None at QoS 0. LinkDown."""
        if self.ended.done() or self._transport is None:
            raise LinkDown("the broker is away")
        mid = self._free_mid() if qos else 0
        self._write(packets.publish(topic, payload, qos, mid))
        if not qos:
            return None
        confirmed: asyncio.Future[None] = self._loop.create_future()
        self._unconfirmed[mid] = confirmed, self._loop.time() + CONFIRM_S
        return confirmed

    def ack(self, mid: int) -> None:
        """The message is ours now."""
        self._write(packets.puback(mid))

    def close(self) -> None:
        """Say good-bye, behind all that was written before."""
        if self._transport is not None and not self.ended.done():
            self._write(packets.DISCONNECT)
            self._flush()
            self._transport.close()
        self._end("closed by us")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio: connected."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are not derived from it

    def get_buffer(self, _sizehint: int) -> memoryview:
        """asyncio: where to read into."""
        return self._reader.room()

    def buffer_updated(self, nbytes: int) -> None:
        """asyncio: something has come."""
        self._heard_s = self._loop.time()
        try:
            for packet in self._reader.take(nbytes):
                if isinstance(packet, Publish):
                    self._arrived(packet)
                elif packet.kind == packets.PUBACK:
                    self._confirmed(packet.mid)
                elif packet.kind in self._answers:
                    answer = self._answers.pop(packet.kind)
                    if not answer.done():
                        answer.set_result(packet)
        except BrokenPacket as error:
            self._abort(f"the broker sent {error}")

    def connection_lost(self, exc: Exception | None) -> None:
        """asyncio: over."""
        self._end("the broker closed the connection" if exc is None else str(exc) or type(exc).__name__)

    def _write(self, packet: bytes) -> None:
        if not self._out:
            self._loop.call_soon(self._flush)
        self._out.append(packet)

    def _flush(self) -> None:
        out, self._out = self._out, []
        if out and self._transport is not None and not self.ended.done():
            self._transport.write(b"".join(out))

    def _free_mid(self) -> int:
        for _ in range(MIDS):
            self._mid = self._mid % MIDS + 1
            if self._mid not in self._unconfirmed:
                return self._mid
        raise LinkDown("too many messages wait for the broker to confirm them")

    def _confirmed(self, mid: int) -> None:
        confirmed, _ = self._unconfirmed.pop(mid, (None, 0.0))
        if confirmed is not None and not confirmed.done():
            confirmed.set_result(None)

    def _expect(self, kind: int) -> "asyncio.Future[Answer]":
        answer: asyncio.Future[Answer] = self._loop.create_future()
        self._answers[kind] = answer
        return answer

    async def _answer(self, answer: "asyncio.Future[Answer]") -> Answer:
        waited: tuple[asyncio.Future[Answer] | asyncio.Future[str], ...] = (answer, self.ended)
        await asyncio.wait(waited, timeout=ANSWER_S, return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            return answer.result()
        raise LinkDown(self.ended.result() if self.ended.done() else "the broker did not answer in time")

    def _look(self) -> None:
        """Each second: what the broker did not confirm in time is told so. Now and then a ping: a
        broker that says nothing for a whole keep-alive is gone, whatever TCP believes."""
        now_s = self._loop.time()
        silent_s = now_s - self._heard_s
        if silent_s >= KEEPALIVE_S:
            self._abort("the broker says nothing any more")
            return
        for mid, (confirmed, until_s) in list(self._unconfirmed.items()):
            if until_s > now_s:
                break
            del self._unconfirmed[mid]
            if not confirmed.done():
                confirmed.set_exception(LinkDown("the broker did not confirm in time"))
        self._ping_in_s -= 1
        if self._ping_in_s <= 0:
            self._ping_in_s = PING_EVERY_S
            self._write(packets.PINGREQ)
        self._tick = self._loop.call_later(1.0, self._look)

    def _abort(self, why: str) -> None:
        self._end(why)
        if self._transport is not None:
            self._transport.abort()

    def _end(self, why: str) -> None:
        if self._tick is not None:
            self._tick.cancel()
        if not self.ended.done():
            self.ended.set_result(why)
        waiting, self._unconfirmed = self._unconfirmed, {}
        for confirmed, _ in waiting.values():
            if not confirmed.done():
                confirmed.set_exception(LinkDown("the connection broke before the broker confirmed"))
