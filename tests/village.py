"""Loudspeakers in the small county of tests/stores.py, and broadcasts to them; written as the API would."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
import pytest
from sqlalchemy import insert, select

from broadcast.domain.broadcasts import Audio, Broadcast, BroadcastState, VoiceChoice
from broadcast.domain.people import Author
from broadcast.domain.priorities import Category
from broadcast.domain.receipts import Coverage
from broadcast.domain.runs import Run
from broadcast.domain.schedule import Timing
from broadcast.rows import Viewer
from broadcast.service import firing, preparing, reporting, writing
from broadcast.service.writing import Wanted
from devices.messages import Receipt, ReceiptState
from hub.db import broadcast_tables as bt
from hub.db import tables as t
from hub.db.store import Store
from hub.db.transaction import Tx
from hub.domain.orders import Order
from tests.stores import COUNTY, NO_PASSWORD, OTHER_VILLAGE, START_MS, TOWN, VILLAGE, Moved

LOUDSPEAKERS = {"s-1": VILLAGE, "s-2": VILLAGE, "s-3": OTHER_VILLAGE}
VILLAGE_AUTHOR = Author(id="u-village", name="周平", area=VILLAGE, may_approve=False)
TOWN_AUTHOR = Author(id="u-op", name="王芳", area=TOWN, may_approve=True)
COUNTY_AUTHOR = Author(id="u-admin", name="吴磊", area=COUNTY, may_approve=True)
COUNTY_SECOND = Author(id="u-county", name="赵敏", area=COUNTY, may_approve=True)
EVERYTHING = Viewer("", ())
AUDIO = Audio(
    sha256="ab" * 32, bytes=240_000, ms=30_000, loudness_lufs=-16.0, true_peak_dbtp=-3.0, voice="espeak-ng"
)
SPOKEN = "各位村民请注意"


def hang_loudspeakers(tx: Tx) -> None:
    """Two loudspeakers in the village, one in the other town's."""
    rows = [
        {"id": id_, "kind": "loudspeaker", "area": area, "password_hash": NO_PASSWORD, "created_at": 0}
        for id_, area in LOUDSPEAKERS.items()
    ]
    tx.conn.execute(insert(t.devices), rows)


class County:
    """The use cases of broadcasts over a real store, at the time of `clock`."""

    def __init__(self, store: Store, clock: Moved) -> None:
        self.store = store
        self.clock = clock

    def write(self, author: Author = VILLAGE_AUTHOR, **wanted: Any) -> Broadcast:
        """Write a broadcast to the author's own area, unless told otherwise."""
        whole = {"text": SPOKEN, "zones": (author.area,)} | wanted
        now = self.clock.now()
        checked = writing.check(Wanted(**whole), now)
        return self.store.run_sync(lambda tx: writing.create(tx.broadcasting, checked, author, now))

    def prepare(self, broadcast: Broadcast) -> Broadcast:
        """The studio has finished it."""
        now = self.clock.now()
        done = self.store.run_sync(
            lambda tx: preparing.prepared(tx.broadcasting, broadcast.id, broadcast.rev, SPOKEN, AUDIO, now)
        )
        assert done is not None
        return done

    def due(self) -> list[Run]:
        """The runs that are to go out by now."""
        return list(self.store.read_sync(lambda read: read.broadcasts.due(self.clock.now(), 100)))

    def dispatch(self) -> list[Run]:
        """Send all that is due; the runs that went out."""
        now = self.clock.now()
        sent = [self.store.run_sync(partial(_dispatch, run.id, now)) for run in self.due()]
        return [run for run in sent if run is not None]

    def on_air(self, author: Author = VILLAGE_AUTHOR, **wanted: Any) -> tuple[Broadcast, Run]:
        """A broadcast that goes out now, as far as its commands."""
        broadcast = self.prepare(self.write(author, **wanted))
        (run,) = self.dispatch()
        return broadcast, run

    def receipt(self, run: Run, device: str, state: ReceiptState, **said: Any) -> bool:
        """A loudspeaker reports."""
        receipt = Receipt(run=run.id, state=state, **said)
        now = self.clock.now()
        return self.store.run_sync(lambda tx: reporting.report(tx.broadcasting, device, receipt, now))

    def end(self) -> None:
        """End the runs of which nothing more is to be heard."""
        now = self.clock.now()
        for run_id in self.store.read_sync(lambda read: read.broadcasts.ended(now)):
            self.store.run_sync(partial(_end, run_id, now))

    def broadcast(self, broadcast_id: str) -> Broadcast:
        """As it is now."""
        found = self.store.read_sync(lambda read: read.broadcasts.one(broadcast_id, EVERYTHING))
        assert found is not None
        return found

    def runs(self, broadcast: Broadcast) -> list[Run]:
        """Its runs, the oldest first."""
        found = self.store.read_sync(lambda read: read.broadcasts.runs([broadcast.id], 1000))
        return sorted(found, key=lambda run: run.start_at)

    def orders(self) -> list[Order]:
        """What waits to be signed and sent."""
        with self.store.engine.connect() as conn:
            query = select(t.outbox.c.body).where(t.outbox.c.kind == "command").order_by(t.outbox.c.id)
            return [msgspec.json.decode(body, type=Order) for body in conn.execute(query).scalars()]

    def told(self) -> list[str]:
        """The names of all events so far."""
        return [event.type for event in self.store.read_sync(lambda read: read.events_after(0, 10_000))]

    def add_group(self, group_id: str, area: str, *members: str) -> None:
        """A group of loudspeakers."""
        with self.store.engine.begin() as conn:
            conn.execute(
                insert(bt.groups), {"id": group_id, "name": "组", "area": area, "created_at": START_MS}
            )
            conn.execute(insert(bt.group_members), [{"group": group_id, "device": id_} for id_ in members])


@pytest.fixture
def county(store: Store, clock: Moved) -> County:
    """The small county with its loudspeakers, on each database."""
    store.run_sync(hang_loudspeakers)
    return County(store, clock)


def blank_broadcast(name: str) -> Broadcast:
    """A broadcast that waits to be prepared, outside any store."""
    return Broadcast(
        id=name,
        rev=1,
        state=BroadcastState.PREPARING,
        title="停水",
        text=SPOKEN,
        spoken="",
        spoken_given=False,
        recording=None,
        category=Category.NOTICE,
        priority=100,
        volume=70,
        voice=VoiceChoice.AUTO,
        repeat=2,
        drill=False,
        zones=(VILLAGE,),
        area=VILLAGE,
        county_wide=False,
        needs_two=False,
        timing=Timing(at=START_MS),
        created_by=VILLAGE_AUTHOR.by,
        created_at=START_MS,
        edited_by=VILLAGE_AUTHOR.by,
        edited_at=START_MS,
    )


def coverage(county: County, run: Run) -> Coverage:
    """How far a run has come."""
    return county.store.read_sync(lambda read: read.broadcasts.coverage([run.id]))[run.id]


def _dispatch(run_id: str, now: int, tx: Tx) -> Run | None:
    return firing.dispatch(tx.broadcasting, run_id, now)


def _end(run_id: str, now: int, tx: Tx) -> bool:
    return firing.end(tx.broadcasting, run_id, now)
