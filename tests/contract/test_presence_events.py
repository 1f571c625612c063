"""Presence becomes events, once: whatever is read twice, by however many hubs, on both databases."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest
from sqlalchemy import update

from hub.db import tables as t
from hub.db.presence import Filed, read_filed
from hub.db.store import Store
from hub.domain.errors import Unavailable
from hub.domain.presence import Presence
from hub.domain.telemetry import Change
from hub.domain.views import EventView
from hub.services.presence import note_changes
from hub.workers.presence import PresenceWorker
from tests.stores import OTHER_VILLAGE, START_MS, VILLAGE, Moved, together

ONLINE, LATE, LOST = Presence.ONLINE, Presence.LATE, Presence.LOST


def change(device: str, presence: Presence, after_ms: int = 0) -> Change:
    since = START_MS + after_ms
    return Change(number=since, device=device, presence=presence, since=since, seen_at=START_MS - 1)


def told(store: Store) -> list[tuple[str, str]]:
    """(event, device) in order."""
    events = store.read_sync(lambda read: read.events_after(0, 1_000))
    views = [msgspec.json.decode(event.data, type=EventView) for event in events]
    return [(view.type, view.device or "") for view in views]


def note(store: Store, *changes: Change, now: int = START_MS + 3_600_000) -> int:
    return store.run_sync(lambda tx: note_changes(tx, changes, now))


def test_each_change_is_an_event_for_those_who_see_the_household(store: Store) -> None:
    note(store, change("b-1", ONLINE), change("b-2", LATE))
    note(store, change("b-1", LOST, 5))

    first, second, third = store.read_sync(lambda read: read.events_after(0, 10))
    assert told(store) == [("device.online", "b-1"), ("device.late", "b-2"), ("device.lost", "b-1")]
    assert [(e.area, e.clinic) for e in (first, second)] == [
        (VILLAGE, "clinic-1"),
        (OTHER_VILLAGE, "clinic-2"),
    ]
    assert (third.at, msgspec.json.decode(third.data, type=EventView).seen_at) == (START_MS + 5, START_MS - 1)


def test_what_is_known_is_not_told_again(store: Store) -> None:
    assert note(store, change("b-1", LOST)) == 1
    assert note(store, change("b-1", LOST), change("b-1", LOST, 7)) == 0
    assert told(store) == [("device.lost", "b-1")]


def test_an_older_memory_of_another_hub_does_not_count(store: Store) -> None:
    note(store, change("b-1", ONLINE, 1_000))
    assert note(store, change("b-1", LOST, 999)) == 0


def test_after_a_clock_was_set_back_presence_goes_on(store: Store) -> None:
    note(store, change("b-1", ONLINE, 999_000_000))
    assert note(store, change("b-1", LOST), now=START_MS + 1) == 1


def test_many_hubs_that_see_the_same_tell_it_once(store: Store) -> None:
    changes = tuple(change(device, ONLINE) for device in ("b-1", "b-1b", "b-2", "b-3"))
    assert sum(counts(together(store, [lambda tx: note_changes(tx, changes, START_MS)] * 8))) == 4
    later = tuple(msgspec.structs.replace(each, presence=LOST, since=START_MS + 1) for each in changes)
    assert sum(counts(together(store, [lambda tx: note_changes(tx, later, START_MS)] * 8))) == 4
    assert len(told(store)) == 8


def counts(outcomes: list[int | Exception]) -> list[int]:
    failed = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert failed == []
    return [outcome for outcome in outcomes if isinstance(outcome, int)]


def test_nobody_is_told_of_devices_that_are_not_in_service(store: Store) -> None:
    removed = update(t.devices).where(t.devices.c.id == "b-2").values(removed_at=START_MS)
    store.run_sync(lambda tx: tx.conn.execute(removed).rowcount)
    assert note(store, change("b-2", LOST), change("nobody", LOST)) == 0


class Board:
    """A telemetry role's file; `away` while it is not there."""

    def __init__(self, *changes: Change) -> None:
        self.changes = list(changes)
        self.away = False

    async def look(self, after: int, limit: int) -> Sequence[Change]:
        if self.away:
            raise Unavailable("telemetry-unreachable")
        newest = {each.device: each for each in self.changes}
        return sorted((each for each in newest.values() if each.number > after), key=lambda c: c.number)[
            :limit
        ]


@pytest.fixture
def board() -> Board:
    return Board(change("b-1", ONLINE), change("b-2", ONLINE, 1))


async def test_the_worker_goes_on_where_it_was_and_tells_nothing_twice(
    store: Store, clock: Moved, board: Board
) -> None:
    worker = PresenceWorker(board=board, store=store, now=clock.now)
    await worker.look()
    board.changes.append(change("b-1", LOST, 9))
    await worker.look()
    again = PresenceWorker(board=board, store=store, now=clock.now)
    await again.look()

    assert told(store) == [("device.online", "b-1"), ("device.online", "b-2"), ("device.lost", "b-1")]


async def test_a_file_that_is_not_there_yet_is_waited_for(store: Store, clock: Moved, board: Board) -> None:
    worker = PresenceWorker(board=board, store=store, now=clock.now)
    board.away = True
    await worker.look()
    board.away = False
    await worker.look()

    assert len(told(store)) == 2


def test_a_device_is_filed_under_its_household_or_its_own_place(store: Store) -> None:
    found = store.read_sync(lambda read: {each.device: each for each in read_filed(read.conn)})
    assert found["b-1"] == Filed("b-1", VILLAGE, "button")
    assert found["b-spare"] == Filed("b-spare", "", "button")
