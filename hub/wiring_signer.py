"""All of the calls role that has to do with signed commands, built around its links and its store."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from devices.topics import ALL_ACKS, ALL_TIMES, DeviceKind, Leaf
from hub.clock import Clock
from hub.console.context import Health, Probe
from hub.db.store import Store
from hub.domain.errors import HubError
from hub.domain.orders import Order
from hub.enrolment import zones
from hub.mqtt.commands import CommandChannel
from hub.mqtt.link import Delivery, Link
from hub.services.refusals import order_refused
from hub.settings import Settings
from hub.signer.client import SignerClient
from hub.signer.trust import read_trust
from hub.signer.wire import SignerState
from hub.workers.acks import Acks
from hub.workers.device_trust import DeviceTrust
from hub.workers.housekeeping import Chore

LEARN_EVERY_S = 30
LOOK_EVERY_S = 5
BEHIND_SAID_MS = 60_000
CALLS_TOPICS = ((ALL_ACKS, 1),)
STATUS_TOPICS = ((ALL_TIMES, 0),)


@dataclass(frozen=True, slots=True)
class Signing:
    """`commands` sends orders, `trust` tells the time and the keys, `acks` hears what became of commands."""

    client: SignerClient
    commands: CommandChannel
    trust: DeviceTrust
    acks: Acks
    chores: tuple[Chore, ...]
    probe: Probe


def build_signing(settings: Settings, store: Store, clock: Clock, links: dict[str, Link]) -> Signing:
    """`links` may be filled later; its "calls" publishes and acknowledges."""
    client = SignerClient(settings.run_dir)

    async def publish(topic: str, payload: bytes) -> None:
        await links["calls"].publish(topic, payload)

    def acknowledge(delivery: Delivery) -> None:
        links["calls"].ack(delivery)

    async def tell(order: Order, refusal: HubError) -> None:
        await store.run(lambda tx: order_refused(tx, order, refusal.code, clock.now()))

    trust = DeviceTrust(
        signer=client,
        publish=publish,
        rev=lambda: read_trust(settings.data_dir).keys.rev,
        now=clock.now,
    )
    acks = Acks(run=store.run, ack=acknowledge, now=clock.now)
    return Signing(
        client=client,
        commands=CommandChannel(sign=client.sign, publish=publish, refused=tell),
        trust=trust,
        acks=acks,
        chores=(
            Chore("learning the loudspeakers", LEARN_EVERY_S, partial(_learn, store, trust)),
            Chore("looking for new keys", LOOK_EVERY_S, partial(_look, trust)),
        ),
        probe=Probe("signer", partial(_ask, client), vital=False),  # calls go on without it
    )


def calls_arrived(press: Callable[[Delivery], None], acks: Acks) -> Callable[[Delivery], None]:
    """What comes on the calls link: presses, and answers to commands."""

    def arrived(delivery: Delivery) -> None:
        (acks.arrived if delivery.topic.endswith(f"/{Leaf.ACK}") else press)(delivery)

    return arrived


def status_arrived(status: Callable[[Delivery], None], trust: DeviceTrust) -> Callable[[Delivery], None]:
    """What comes on the status link: signs of life, and questions for the time."""

    def arrived(delivery: Delivery) -> None:
        if delivery.topic.endswith(f"/{Leaf.TIME}"):
            trust.time_asked(delivery)
            return
        status(delivery)
        trust.status_arrived(delivery)

    return arrived


async def _look(trust: DeviceTrust) -> None:
    """Also while the database is away."""
    trust.look({})


async def _learn(store: Store, trust: DeviceTrust) -> None:
    devices = await store.read(lambda read: read.devices(""))
    trust.look(
        {
            device.id: zones(device) if device.settings.moved else None
            for device in devices
            if device.kind is DeviceKind.LOUDSPEAKER
        }
    )


async def _ask(client: SignerClient) -> Health:
    try:
        state = await client.state()
    except HubError as error:
        return Health(ok=False, detail=f"not reached: {error.params.get('reason', error)}")
    return _health(state)


def _health(state: SignerState) -> Health:
    if not state.clock_plausible:
        return Health(ok=False, detail="its clock is before 2024: it signs nothing but stops")
    if state.behind_ms > BEHIND_SAID_MS:
        detail = f"its clock is {state.behind_ms / 1000:.0f} s behind what it has signed: set the clock"
        return Health(ok=False, detail=detail)
    return Health(ok=True, detail=f"signs, keys of rev {state.keys.rev}")
