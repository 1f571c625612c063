"""The composition root of the calls role: the only place that constructs, and knows everybody."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from broker_config.accounts import DeviceAccount, role_accounts
from broker_config.files import write_accounts
from broker_config.reload import reload
from devices.topics import ALL_CALLS, ALL_STATUS
from hub.broker import broker_folder, device_accounts
from hub.clock import Clock
from hub.console.context import ConsoleContext
from hub.console.known_devices import KnownDevices
from hub.db import pages, register, registrar
from hub.db.reader import Read
from hub.db.store import Store, open_store
from hub.db.transaction import Committed
from hub.domain.notices import NoticeDraft
from hub.enrolment import Enroller
from hub.health import probes
from hub.i18n import Phrases
from hub.inbox import Inbox
from hub.live.feed import Feed
from hub.metrics import Metrics
from hub.mqtt.link import Delivery, Endpoint, Link
from hub.mqtt.replies import ReplyChannel
from hub.notify.outbox_page import OutboxPage
from hub.settings import Settings
from hub.spool import Spool
from hub.wiring_broadcast import BroadcastParts, build_broadcasting
from hub.wiring_calls import SPOKEN, CallPath, build_call_path, voice
from hub.wiring_signer import (
    CALLS_TOPICS,
    STATUS_TOPICS,
    Signing,
    build_signing,
    calls_arrived,
    status_arrived,
)
from hub.wiring_telemetry import build_telemetry_watch
from hub.workers.housekeeping import Chore
from hub.workers.outbox import Send
from hub.workers.provision import Provision


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsRole:
    """All that runs in the calls process, ready to be started."""

    store: Store
    clock: Clock
    calls: CallPath
    spool: Spool
    links: dict[str, Link]
    broadcasting: BroadcastParts
    chores: tuple[Chore, ...]
    provision: Provision[DeviceAccount] | None
    console: ConsoleContext

    def committed(self, what: Committed) -> None:
        """A commit has queued something (in the loop's thread)."""
        self.calls.committed(what)
        self.broadcasting.happened(what.events)


# long: the composition root reads best as one list of parts, each made from those above it
def build_calls_role(settings: Settings, endpoints: dict[str, Endpoint]) -> CallsRole:
    """Build the calls role over `endpoints` (role name → broker account). Must run inside the loop.

    Errors: NewerSchema, Unavailable (the database cannot be opened), OSError (the spool cannot be made).
    """
    clock, phrases = Clock(), Phrases()
    spool = Spool(settings.data_dir / "spool" / f"unrecorded-{settings.hub}.spool")
    store = open_store(settings.database, owner=f"hub-{settings.hub}", now=clock.now)
    links: dict[str, Link] = {}
    channels: dict[str, Send] = {}

    def acknowledge(delivery: Delivery) -> None:
        links["calls"].ack(delivery)

    calls = build_call_path(store=store, clock=clock, spool=spool, acknowledge=acknowledge, channels=channels)
    feed, inbox, ring = calls.feed, calls.inbox, calls.ring
    signing = build_signing(settings, store, clock, links)

    def sign_of_life(delivery: Delivery) -> None:
        broadcasting.chance.status_arrived(delivery)

    links.update(_links(endpoints, inbox, signing, sign_of_life))
    broadcasting = build_broadcasting(
        settings, store, clock, feed, phrases, signing.commands, endpoints["receipts"]
    )
    links["receipts"] = broadcasting.link
    channels["reply"] = ReplyChannel(links["calls"].publish, partial(voice, phrases)).send
    channels["notice"] = OutboxPage(partial(_keep_notice, store, clock), partial(_say_notice, phrases)).send
    channels["command"] = broadcasting.send
    metrics = Metrics()
    metrics.presses.source = lambda: inbox.presses
    metrics.inbox_pending.source = lambda: inbox.pending
    metrics.refused.source = lambda: signing.acks.counted
    metrics.receipts.source = lambda: broadcasting.receipts.received
    metrics.receipts_strange.source = lambda: broadcasting.receipts.strange
    store.on_timed(metrics.commit_seconds.observe)
    telemetry = build_telemetry_watch(settings, store, clock, metrics.telemetry)
    known = KnownDevices(lambda: store.read(lambda read: register.read_all_device_credentials(read.conn)))
    console = ConsoleContext(
        store=store,
        feed=feed,
        clock=clock,
        phrases=phrases,
        telemetry=telemetry.reading,
        broadcasting=broadcasting.console,
        remembered=broadcasting.remembered,
        known=known,
        take_press=inbox.take_press,
        enrolment=Enroller(settings),
        voice=partial(voice, phrases),
        unrecorded=ring.unrecorded,
        metrics=metrics,
        demo_logins=settings.data_dir / "demo-logins.json" if settings.demo else None,
        secure=settings.base_url.startswith("https:"),
        public_url=settings.public_url,
        probes=(
            *probes(
                database=lambda: store.read(Read.last_event_id),
                links=links,
                folder=settings.data_dir,
                clock=clock,
                ring=ring,
            ),
            signing.probe,
            broadcasting.probe,
            telemetry.probe,
        ),
    )
    return CallsRole(
        store=store,
        clock=clock,
        calls=calls,
        spool=spool,
        links=links,
        broadcasting=broadcasting,
        chores=(
            *signing.chores,
            telemetry.chore,
            Chore("learning the credentials of devices", 60, known.refresh),
            *broadcasting.chores,
        ),
        provision=_provision(settings, store, feed) if settings.own_broker else None,
        console=console,
    )


def _provision(settings: Settings, store: Store, feed: Feed) -> Provision[DeviceAccount]:
    """The broker that we run ourselves learns of every device."""
    folder = broker_folder(settings)

    async def read() -> list[DeviceAccount]:
        return device_accounts(await store.read(lambda read: registrar.read_credentials(read.conn)))

    return Provision(
        feed=feed,
        last_event_id=lambda: store.read(Read.last_event_id),
        read=read,
        write=lambda accounts: write_accounts(folder, accounts, role_accounts(folder)),
        reload=lambda: reload(folder),
    )


def _links(
    endpoints: dict[str, Endpoint],
    inbox: Inbox,
    signing: Signing,
    sign_of_life: Callable[[Delivery], None],
) -> dict[str, Link]:
    from_status = status_arrived(inbox.status_arrived, signing.trust)

    def acknowledged_at_once(delivery: Delivery) -> None:
        from_status(delivery)
        sign_of_life(delivery)
        links["status"].ack(delivery)

    links = {
        "calls": Link(
            endpoints["calls"],
            topics=((ALL_CALLS, 1), *CALLS_TOPICS),
            on_message=calls_arrived(inbox.arrived, signing.acks),
        ),
        "status": Link(
            endpoints["status"],
            topics=((ALL_STATUS, 1), *STATUS_TOPICS),
            on_message=acknowledged_at_once,
            durable=False,
        ),
    }
    return links


def _say_notice(phrases: Phrases, draft: NoticeDraft) -> str:
    return phrases.say(SPOKEN, draft.message, **draft.params)


async def _keep_notice(store: Store, clock: Clock, address: str, body: str, key: str | None) -> None:
    await store.run(lambda tx: pages.keep_notice(tx.conn, clock.now(), address, body, key))
