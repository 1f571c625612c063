"""All of the calls role that has to do with broadcasts, built around its store, its feed and the signer."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial

from broadcast.audio.store import FileStore
from broadcast.domain.runs import RunState
from broadcast.errors import BroadcastError
from broadcast.rows import Told
from devices.messages import Receipt
from devices.topics import ALL_RECEIPTS
from hub.clock import Clock
from hub.console.broadcasting import Broadcasting
from hub.console.context import Health, Probe
from hub.console.remembered import RememberedSessions
from hub.db.reader import Read
from hub.db.store import Store
from hub.domain.errors import Unavailable
from hub.domain.events import Event
from hub.i18n import Phrases
from hub.live.feed import Feed
from hub.live.on_air import OnAir, Sounding
from hub.mqtt.commands import CommandChannel
from hub.mqtt.link import Delivery, Endpoint, Link
from hub.ports import Outgoing
from hub.receipts import ReceiptInbox
from hub.settings import Settings
from hub.sound_keeper import SoundKeeper
from hub.stop_journal import StopJournal
from hub.stops import Stops
from hub.studio.client import StudioClient
from hub.workers.dispatch import DispatchWorker
from hub.workers.housekeeping import Chore
from hub.workers.plan import PlanWorker
from hub.workers.prepare import PrepareWorker
from hub.workers.second_chance import SecondChance

SPOKEN = "zh"
SOUND_CHECK = "a"  # a word without figures: nothing is loaded for it
DRILL_WORDS = "broadcast-drill-said-first"
LEARN_EVERY_S = 300
FORGET_EVERY_S = 3600
STOPS_KNOWN_MS = 3_600_000  # a loudspeaker that comes back after longer has no command that still counts
_PREPARE = frozenset({Told.CREATED.value, Told.CHANGED.value})
_PLAN = frozenset({Told.PREPARED.value, Told.APPROVED.value})
_RUNS = _PLAN | {Told.RUN_RECEIPT.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastParts:
    """What runs, and what the console is handed."""

    console: Broadcasting
    remembered: RememberedSessions
    link: Link
    receipts: ReceiptInbox
    chance: SecondChance
    on_air: OnAir
    prepare: PrepareWorker
    plan: PlanWorker
    dispatch: DispatchWorker
    send: Callable[[Outgoing], Awaitable[None]]
    work: Callable[[], Sequence[Coroutine[object, object, None]]]
    chores: tuple[Chore, ...]
    probe: Probe

    def happened(self, events: Sequence[Event]) -> None:
        """Something was committed (in the loop's thread): wake who has to do with it."""
        types = {event.type for event in events if event.type.startswith("broadcast.")}
        if not types:
            return
        self.on_air.happened(events)
        if types & _PREPARE:
            self.prepare.nudge()
        if types & _PLAN:
            self.plan.nudge()
        if types & _RUNS:
            self.dispatch.nudge()


# long: a list of parts, each made from those above it
def build_broadcasting(
    settings: Settings,
    store: Store,
    clock: Clock,
    feed: Feed,
    phrases: Phrases,
    commands: CommandChannel,
    receipts_endpoint: Endpoint,
) -> BroadcastParts:
    """Build the parts. StoreError: the audio folder cannot be made."""
    studio, audio = StudioClient(settings.run_dir), FileStore(settings.audio_dir)
    on_air = OnAir(lambda: store.read(partial(_sounding, clock.now() - STOPS_KNOWN_MS)), clock.now)
    stops = Stops(
        store=store,
        publish=commands.order,
        on_air=on_air,
        journal=StopJournal(settings.data_dir / "spool" / f"stops-{settings.hub}.jsonl"),
        now=clock.now,
    )

    def acknowledge(delivery: Delivery) -> None:
        link.ack(delivery)

    chance = SecondChance(store=store, now=clock.now)

    def noticed(device: str, receipt: Receipt) -> None:
        stops.reported(receipt)
        chance.reported(device, receipt)

    inbox = ReceiptInbox(store=store, ack=acknowledge, now=clock.now, noticed=noticed)
    link = Link(receipts_endpoint, topics=((ALL_RECEIPTS, 1),), on_message=inbox.arrived)
    trusted = partial(_is_trusted, clock)
    prepare = PrepareWorker(
        store=store, studio=studio, now=clock.now, said_first=phrases.say(SPOKEN, DRILL_WORDS)
    )
    plan = PlanWorker(store=store, now=clock.now, trusted=trusted)
    dispatch = DispatchWorker(store=store, now=clock.now, trusted=trusted)
    remembered = RememberedSessions()

    def work() -> Sequence[Coroutine[object, object, None]]:
        return (
            prepare.run(),
            plan.run(),
            dispatch.run(),
            inbox.run(),
            stops.run(),
            remembered.keep_true(feed, store, clock.now),
            _hear_others(feed, parts),
        )

    parts = BroadcastParts(
        console=Broadcasting(
            studio=studio,
            stops=stops,
            audio=audio.path,
            recordings=settings.recordings_dir,
        ),
        remembered=remembered,
        link=link,
        receipts=inbox,
        chance=chance,
        on_air=on_air,
        prepare=prepare,
        plan=plan,
        dispatch=dispatch,
        send=partial(stops.guard, send=commands.send),
        work=work,
        chores=(
            Chore("learning what is on air", LEARN_EVERY_S, on_air.learn),
            Chore("forgetting old audio", FORGET_EVERY_S, SoundKeeper(settings, store, audio, clock).tidy),
        ),
        probe=Probe("studio", partial(_ask_studio, studio), vital=False),
    )
    return parts


async def _hear_others(feed: Feed, parts: BroadcastParts) -> None:
    """What another hub has sent or stopped is known by heart here too."""
    async for batch in feed.follow_batches(lambda event: event.type.startswith("broadcast."), None):
        parts.happened(batch)


async def _ask_studio(studio: StudioClient) -> Health:
    try:
        await studio.spoken(SOUND_CHECK)
    except (Unavailable, BroadcastError):
        return Health(ok=False, detail="not reached: what is written now waits for its sound, see studio.log")
    return Health(ok=True, detail="reads and speaks")


def _is_trusted(clock: Clock) -> bool:
    return clock.is_plausible() and not clock.step_ms


def _sounding(since: int, read: Read) -> Sequence[Sounding]:
    return [
        Sounding(
            run=run.id,
            broadcast=run.broadcast,
            area=area,
            start_at=run.start_at,
            addresses=tuple(read.broadcasts.addresses(run.id)),
            is_stopped=run.state is RunState.STOPPED,
        )
        for run, area in read.broadcasts.on_air(since)
    ]
