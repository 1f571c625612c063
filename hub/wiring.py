"""The composition root of the calls role: the only place that constructs, and knows everybody."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec

from broker_config.accounts import DeviceAccount, role_accounts
from broker_config.files import write_accounts
from broker_config.reload import reload
from devices.messages import Reply
from devices.topics import ALL_CALLS, ALL_STATUS
from hub.broker import broker_folder, device_accounts
from hub.clock import Clock
from hub.console.context import ConsoleContext
from hub.db import accounts, desks, outbox, pages, presses, register, registrar
from hub.db.reader import Read
from hub.db.store import Store, open_store
from hub.db.transaction import Committed, Tx
from hub.directory import Directory
from hub.domain.notices import NoticeDraft
from hub.domain.presses import REMEMBERED_MS
from hub.enrolment import Enroller
from hub.health import probes
from hub.i18n import Phrases
from hub.inbox import Inbox, RecentCallers
from hub.live.feed import Feed
from hub.metrics import Metrics
from hub.mqtt.link import Delivery, Endpoint, Link
from hub.mqtt.replies import ReplyChannel
from hub.notify.outbox_page import OutboxPage
from hub.ports import Outgoing
from hub.ring import Ring
from hub.services.replying import ANSWER_ONLINE_FOR_MS
from hub.settings import Settings
from hub.spool import Spool
from hub.wiring_broadcast import BroadcastParts, build_broadcasting
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
from hub.workers.outbox import OutboxWorker
from hub.workers.provision import Provision
from hub.workers.timers import TimerWorker

SPOKEN = "zh"  # elders are spoken to in Chinese
FEED_PAGE = 500
KEPT_ANSWERS_MS = 24 * 3_600_000
DESK_FORGOTTEN_MS = 3_600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsRole:
    """All that runs in the calls process, ready to be started."""

    store: Store
    clock: Clock
    feed: Feed
    ring: Ring
    spool: Spool
    inbox: Inbox
    links: dict[str, Link]
    timers: TimerWorker
    outbox: OutboxWorker
    broadcasting: BroadcastParts
    chores: tuple[Chore, ...]
    directory: Directory
    provision: Provision[DeviceAccount] | None
    console: ConsoleContext

    def committed(self, what: Committed) -> None:
        """A commit has queued something (in the loop's thread)."""
        self.feed.extend(what.events)
        self.broadcasting.happened(what.events)
        if what.outgoing:
            self.outbox.queued(what.outgoing)
        if what.next_due is not None:
            self.timers.armed(what.next_due)


class OutboxRows:
    """`hub.workers.outbox.OutboxStore` over the main database."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def claim_expired(self, limit: int) -> list[Outgoing]:
        """Look first without writing: nearly always there is nothing."""
        now = self._clock.now()
        if not await self._store.read(lambda read: outbox.has_expired(read.conn, now)):
            return []
        claim = partial(_claim, owner=self._store.owner, now=now, limit=limit)
        return await self._store.run(claim)

    async def mark_sent(self, ids: Sequence[int]) -> None:
        """Forget what the world has."""
        await self._store.run(lambda tx: outbox.mark_sent(tx.conn, ids))

    async def put_off(self, ids: Sequence[int], until: int) -> None:
        """Try again at `until`."""
        await self._store.run(lambda tx: outbox.put_off(tx.conn, ids, until))


def _claim(tx: Tx, *, owner: str, now: int, limit: int) -> list[Outgoing]:
    return list(outbox.claim_expired(tx.conn, owner, now, limit))


# long: the composition root reads best as one list of parts, each made from those above it
def build_calls_role(settings: Settings, endpoints: dict[str, Endpoint]) -> CallsRole:
    """Build the calls role over `endpoints` (role name → broker account). Must run inside the loop.

    Errors: NewerSchema, Unavailable (the database cannot be opened), OSError (the spool cannot be made).
    """
    clock, phrases = Clock(), Phrases()
    spool = Spool(settings.data_dir / "spool" / f"unrecorded-{settings.hub}.spool")
    store = open_store(settings.database, owner=f"hub-{settings.hub}", now=clock.now)
    feed = Feed(
        lambda after, limit: store.read(lambda read: read.events_after(after, limit)),
        lambda: store.read(lambda read: (read.first_event_id(), read.last_event_id())),
    )
    directory = Directory(
        lambda: store.read(lambda read: register.read_households(read.conn, clock.now())), register.NO_COUNTY
    )
    inbox: Inbox

    def acknowledge(delivery: Delivery) -> None:
        links["calls"].ack(delivery)

    ring = Ring(
        spool=spool,
        store=lambda arrived: inbox.store_press(arrived),  # noqa: PLW0108 -- the two know each other
        show=feed.publish_transient,
        household=directory.household,
    )
    recent = RecentCallers()
    inbox = Inbox(
        store=store,
        ring=ring,
        now=clock.now,
        ack=acknowledge,
        recent=recent,
    )
    links: dict[str, Link] = {}
    signing = build_signing(settings, store, clock, links)

    def sign_of_life(delivery: Delivery) -> None:
        broadcasting.chance.status_arrived(delivery)

    links.update(_links(endpoints, inbox, signing, sign_of_life))
    broadcasting = build_broadcasting(
        settings, store, clock, feed, phrases, signing.commands, endpoints["receipts"]
    )
    links["receipts"] = broadcasting.link
    timers = TimerWorker(
        store=store,
        due=lambda now, limit: store.read(lambda read: read.due_timers(now, limit)),
        now=clock.now,
    )
    say = partial(_say_notice, phrases)
    worker = OutboxWorker(
        store=OutboxRows(store, clock),
        channels={
            "reply": ReplyChannel(links["calls"].publish, partial(voice, phrases)).send,
            "notice": OutboxPage(partial(_keep_notice, store, clock), say).send,
            "command": broadcasting.send,
        },
        now=clock.now,
    )
    metrics = Metrics()
    metrics.presses.source = lambda: inbox.presses
    metrics.inbox_pending.source = lambda: inbox.pending
    metrics.refused.source = lambda: signing.acks.counted
    metrics.receipts.source = lambda: broadcasting.receipts.received
    metrics.receipts_strange.source = lambda: broadcasting.receipts.strange
    store.on_timed(metrics.commit_seconds.observe)
    telemetry = build_telemetry_watch(settings, store, clock, metrics.telemetry)
    console = ConsoleContext(
        store=store,
        feed=feed,
        clock=clock,
        phrases=phrases,
        telemetry=telemetry.reading,
        broadcasting=broadcasting.console,
        remembered=broadcasting.remembered,
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
        feed=feed,
        ring=ring,
        spool=spool,
        inbox=inbox,
        links=links,
        timers=timers,
        outbox=worker,
        broadcasting=broadcasting,
        chores=(
            *_chores(store, clock, directory, recent),
            *signing.chores,
            telemetry.chore,
            *broadcasting.chores,
        ),
        directory=directory,
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


def voice(phrases: Phrases, reply: Reply) -> Reply:
    """Put the words in: until here `say` names the sentence."""
    return msgspec.structs.replace(reply, say=phrases.say(SPOKEN, reply.say, by=reply.by))


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


def _chores(store: Store, clock: Clock, directory: Directory, recent: RecentCallers) -> tuple[Chore, ...]:
    async def learn_recent() -> None:
        now = clock.now()
        since = now - ANSWER_ONLINE_FOR_MS
        recent.learn(await store.read(lambda read: presses.read_recent_devices(read.conn, since)), now)

    async def forget_old() -> None:
        await store.run(partial(_forget_old, now=clock.now()))

    async def watch_clock() -> None:
        clock.check()

    return (
        Chore("learning the register", 60, directory.refresh),
        Chore("learning who pressed lately", 60, learn_recent),
        Chore("forgetting what is old", 3600, forget_old),
        Chore("watching the clock", 10, watch_clock),
    )


def _forget_old(tx: Tx, *, now: int) -> None:
    presses.remove_old(tx.conn, now - REMEMBERED_MS)
    accounts.remove_old(tx.conn, now, now - KEPT_ANSWERS_MS)
    desks.remove_expired(tx.conn, now - DESK_FORGOTTEN_MS)


def _say_notice(phrases: Phrases, draft: NoticeDraft) -> str:
    return phrases.say(SPOKEN, draft.message, **draft.params)


async def _keep_notice(store: Store, clock: Clock, address: str, body: str) -> None:
    await store.run(lambda tx: pages.keep_notice(tx.conn, clock.now(), address, body))
