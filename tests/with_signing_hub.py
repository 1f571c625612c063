"""The part of a hub that speaks to loudspeakers: real links to a real broker, a real signer, a real database."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest

from devices import topics
from devices.codec import decode_ack, decode_receipt
from devices.commands import AudioRef
from devices.messages import AckState, Receipt, ReceiptState
from hub.clock import Clock
from hub.db.store import Store, open_store
from hub.domain.events import EventType
from hub.domain.orders import Order
from hub.domain.views import EventView
from hub.mqtt.link import Delivery, Endpoint, Link, stop
from hub.settings import Settings
from hub.signer.trust import read_trust
from hub.wiring_signer import (
    CALLS_TOPICS,
    STATUS_TOPICS,
    Signing,
    build_signing,
    calls_arrived,
    status_arrived,
)
from tests.brokers import RunningBroker
from tests.stores import VILLAGE
from tests.with_signer import RunningSigner, order

PATIENCE_S = 30.0


class Quiet(SimpleHTTPRequestHandler):
    """A web server that says nothing."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None: ...
    def log_error(self, format_: str, *args: object) -> None: ...


class SigningHub:
    """Links, signer and store, wired as the calls role has them."""

    def __init__(
        self, broker: RunningBroker, signer: RunningSigner, store: Store, audio: Path, base: str
    ) -> None:
        self.clock = Clock()
        self.signer = signer
        self.store = store
        self.base = base
        self._broker = broker
        self._audio = audio
        self.links: dict[str, Link] = {}
        settings = Settings(data_dir=signer.data_dir)
        self.signing: Signing = build_signing(settings, store, self.clock, self.links)
        self._receipts: asyncio.Queue[tuple[str, Receipt]] = asyncio.Queue()
        self._done: asyncio.Queue[str] = asyncio.Queue()

    def enrolment(self, device: str, **more: object) -> dict[str, object]:
        """What the fleet file says of a loudspeaker of the village."""
        trust = msgspec.to_builtins(read_trust(self.signer.data_dir))
        return {
            "id": device,
            "kind": "loudspeaker",
            "zones": [VILLAGE],
            "audio_bases": [self.base],
            **trust,
            **more,
        }

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Connected, until the end of the block."""
        nothing: Callable[[Delivery], None] = lambda _delivery: None  # noqa: E731 -- presses, signs of life
        self.links["calls"] = self._link("calls", CALLS_TOPICS, calls_arrived(nothing, self.signing.acks))
        self.links["status"] = self._link(
            "status",
            ((topics.ALL_STATUS, 1), *STATUS_TOPICS),
            status_arrived(nothing, self.signing.trust),
        )
        self.links["receipts"] = self._link("receipts", ((topics.ALL_RECEIPTS, 1),), self._receipt_arrived)
        tasks = [asyncio.create_task(link.run()) for link in self.links.values()]
        try:
            for link in self.links.values():
                await asyncio.wait_for(link.connected.wait(), PATIENCE_S)
            yield
        finally:
            for task in tasks:
                await stop(task)

    async def give(self, asked: Order) -> bytes:
        """Sign and publish an order; its bytes."""
        await self.signing.commands.order(asked)
        return await self.signing.client.sign(asked)

    async def publish(self, payload: bytes, zone: str = VILLAGE) -> None:
        """Whatever bytes, as one would who had stolen the hub's account."""
        await self.links["calls"].publish(topics.zone_command(zone), payload)

    def put(self, name: str = "tone") -> AudioRef:
        """An audio file that the loudspeaker may fetch; what is in it does not matter here."""
        data = name.encode() * 100
        sha256 = hashlib.sha256(data).hexdigest()
        (self._audio / sha256).write_bytes(data)
        return AudioRef(url=self.base + sha256, sha256=sha256, bytes=len(data), ms=200)

    def play(self, run: str, **more: object) -> Order:
        """An order of one village admin, to sound now."""
        command = {
            "type": "play", "broadcast": "b-1", "run": run, "priority": 100, "volume": 50,
            "audio": [msgspec.to_builtins(self.put())], "start_at": self.clock.now(), **more,
        }  # fmt: skip
        return order(f"o-{run}", command)

    async def done(self, begin: str) -> str:
        """The id of the next command done that begins so: `t-` the time, `k-` the keys."""
        async with asyncio.timeout(PATIENCE_S):
            while not (command := await self._done.get()).startswith(begin):
                pass
        return command

    async def receipt(self, run: str, *states: ReceiptState) -> Receipt:
        """The next receipt, which must be this run's and in one of the states."""
        async with asyncio.timeout(PATIENCE_S):
            _, receipt = await self._receipts.get()
        assert (receipt.run, receipt.state in states) == (run, True), receipt
        return receipt

    async def plays(self, run: str) -> None:
        """The run sounds, and nothing before it did."""
        await self.give(self.play(run))
        for state in (ReceiptState.READY, ReceiptState.PLAYING, ReceiptState.PLAYED):
            await self.receipt(run, state)

    async def refusal(self) -> EventView:
        """The first refusal of a device that the county is told of."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                events = await self.store.read(lambda read: read.events_after(0, 100))
                for event in events:
                    if event.type == EventType.DEVICE_REFUSED_COMMAND:
                        return msgspec.json.decode(event.data, type=EventView)
                await asyncio.sleep(0.02)

    def _link(
        self, role: str, filters: tuple[tuple[str, int], ...], arrived: Callable[[Delivery], None]
    ) -> Link:
        name = f"hub.1.{role}"
        endpoint = Endpoint(
            host=self._broker.host, port=self._broker.port, username=name, password=self._broker.roles[name]
        )

        def handed_on(delivery: Delivery) -> None:
            if (
                delivery.topic.endswith("/ack")
                and (ack := decode_ack(delivery.payload)).state is AckState.DONE
            ):
                self._done.put_nowait(ack.id or "")
            arrived(delivery)
            if role != "calls":  # there the acks acknowledge
                self.links[role].ack(delivery)

        return Link(endpoint, topics=filters, on_message=handed_on)

    def _receipt_arrived(self, delivery: Delivery) -> None:
        device = topics.parse(delivery.topic).device
        assert device is not None
        self._receipts.put_nowait((device, decode_receipt(delivery.payload)))


@pytest.fixture
def audio_server(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder and where it is served."""
    folder = tmp_path / "served"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
async def signing_hub(
    mosquitto_broker: RunningBroker, signer: RunningSigner, sqlite_url: str, audio_server: tuple[Path, str]
) -> AsyncIterator[SigningHub]:
    """Connected, with a signer that runs."""
    store = open_store(sqlite_url, owner="hub-1", now=Clock().now)
    hub = SigningHub(mosquitto_broker, signer, store, *audio_server)
    async with hub.running():
        yield hub
    store.close()
