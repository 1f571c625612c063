"""The store's promises on SQLite and PostgreSQL: shared commits, savepoints, order of events, leases."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from hub.db import outbox, tables
from hub.db.store import PG_BATCH, Store, open_store
from hub.db.transaction import Committed, Tx
from hub.domain.errors import Conflict, HubError, Unavailable
from hub.domain.events import Detail, EventType, NewEvent
from tests.stores import COUNTY, TOWN, Moved, together


def tell(tx: Tx, at: int = 0) -> None:
    tx.events.record(NewEvent(type=EventType.PRESS_NOTED, at=at, call=None, area=COUNTY, clinic=None))


def ids(store: Store) -> list[int]:
    return [event.id for event in store.read_sync(lambda read: read.events_after(0, 10_000))]


def _hold_up_a_writer(store: Store, gate: threading.Event) -> threading.Thread:
    """A writer that has taken a command and is kept at it until the gate opens."""
    taken = threading.Event()

    def command(_tx: Tx) -> None:
        taken.set()
        gate.wait(30)

    thread = threading.Thread(target=store.run_sync, args=(command,))
    thread.start()
    assert taken.wait(30)
    return thread


def test_what_waits_together_shares_a_commit(store: Store) -> None:
    commits: list[Committed] = []
    store.on_commit(commits.append)
    gate = threading.Event()
    blocked = [_hold_up_a_writer(store, gate) for _ in range(store.writers)]
    waiting = [threading.Thread(target=store.run_sync, args=(tell,)) for _ in range(100)]
    for thread in waiting:
        thread.start()
    while store.waiting < 100:
        threading.Event().wait(0.005)
    gate.set()
    for thread in (*blocked, *waiting):
        thread.join()

    assert ids(store) == list(range(1, 101))
    assert len([commit for commit in commits if commit.events]) <= store.writers


def test_no_commit_on_postgresql_is_so_large_that_writers_meet_in_deadlocks(
    settled_postgres_url: str, clock: Moved
) -> None:
    store = open_store(settled_postgres_url, owner="hub-1", now=clock.now)
    commits: list[Committed] = []
    store.on_commit(commits.append)
    gate = threading.Event()
    blocked = [_hold_up_a_writer(store, gate) for _ in range(store.writers)]
    waiting = [threading.Thread(target=store.run_sync, args=(tell,)) for _ in range(4 * PG_BATCH)]
    for thread in waiting:
        thread.start()
    while store.waiting < len(waiting):
        threading.Event().wait(0.005)
    gate.set()
    for thread in (*blocked, *waiting):
        thread.join()
    store.close()

    assert max(len(commit.events) for commit in commits) == PG_BATCH


def test_a_bad_command_costs_only_itself(store: Store) -> None:
    def good(tx: Tx) -> str:
        tell(tx)
        return "stored"

    def refused(tx: Tx) -> str:
        tell(tx)
        raise Conflict("call-closed")

    def broken(tx: Tx) -> str:
        tell(tx)
        tx.conn.execute(insert(tables.areas), {"code": TOWN, "name": "twice", "level": "town"})
        return "never"

    results = together(store, [good, refused, broken] * 20)

    assert [result for result in results if result == "stored"] == ["stored"] * 20
    assert len([result for result in results if isinstance(result, Conflict)]) == 20
    assert len([result for result in results if isinstance(result, Exception)]) == 40
    assert ids(store) == list(range(1, 21))


def test_a_command_whose_words_cannot_be_written_costs_only_itself(store: Store) -> None:
    def unwritable(tx: Tx) -> None:
        note = Detail(note="\ud800")
        tx.events.record(
            NewEvent(type=EventType.CALL_NOTED, at=0, call=None, area=COUNTY, clinic=None, detail=note)
        )

    results = together(store, [tell, unwritable] * 20)

    assert [result for result in results[::2] if result is not None] == []
    assert all(isinstance(result, UnicodeEncodeError) for result in results[1::2]), results
    assert ids(store) == list(range(1, 21))


def test_a_database_file_that_was_taken_away_takes_nothing_until_it_is_back(
    sqlite_url: str, clock: Moved, tmp_path: Path
) -> None:
    file, away = tmp_path / "xiangyin.db", tmp_path / "away.db"
    store = open_store(sqlite_url, owner="hub-1", now=clock.now)
    store.run_sync(tell)

    file.rename(away)
    with pytest.raises(Unavailable):
        store.run_sync(tell)
    file.write_bytes(b"")  # another file under its name
    with pytest.raises(Unavailable):
        store.run_sync(tell)
    away.rename(file)
    store.run_sync(tell)

    assert ids(store) == [1, 2]
    store.close()


def _without_its_log(file: Path) -> None:
    file.with_name(f"{file.name}-wal").unlink()


def _emptied(file: Path) -> None:
    os.truncate(file, 0)


@pytest.mark.parametrize("harm", [_without_its_log, _emptied])
def test_a_database_that_nobody_would_find_whole_again_takes_nothing(
    sqlite_url: str, clock: Moved, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    store = open_store(sqlite_url, owner="hub-1", now=clock.now)
    store.run_sync(tell)

    harm(tmp_path / "xiangyin.db")
    with pytest.raises(Unavailable):
        store.run_sync(tell)
    with pytest.raises(Unavailable):
        ids(store)
    store.close()


def test_a_refused_command_leaves_no_reply_and_no_timer_behind(store: Store) -> None:
    commits: list[Committed] = []
    store.on_commit(commits.append)

    def refused(tx: Tx) -> None:
        tx.outbox.notice("sms:1", b"{}")
        tx.timers.arm("c-1", "county", 1)
        raise Conflict("call-closed")

    with pytest.raises(HubError):
        store.run_sync(refused)

    assert commits == []
    assert store.read_sync(lambda read: read.outbox_backlog()) == 0
    assert store.read_sync(lambda read: read.next_due()) is None


def test_a_command_that_collides_runs_again(store: Store) -> None:
    tries: list[int] = []

    def command(tx: Tx) -> int:
        tell(tx)
        tries.append(1)
        if len(tries) < 3:
            raise tx.collide()
        return len(tries)

    assert store.run_sync(command) == 3
    assert ids(store) == [1]


def test_event_ids_are_consecutive_in_commit_order_whatever_number_of_hubs_write(
    store: Store, store_url: str, clock: Moved
) -> None:
    other = open_store(store_url, owner="hub-2", now=clock.now)
    seen: list[int] = []
    gone_back: list[int] = []

    def watch() -> None:
        while len(seen) < 400:
            new = [e.id for e in store.read_sync(lambda r: r.events_after(seen[-1] if seen else 0, 1000))]
            gone_back.extend(
                n for n, expected in zip(new, range(len(seen) + 1, 1000), strict=False) if n != expected
            )
            seen.extend(new)

    watcher = threading.Thread(target=watch)
    watcher.start()
    halves = [threading.Thread(target=together, args=(hub, [tell] * 200)) for hub in (store, other)]
    for half in halves:
        half.start()
    for half in halves:
        half.join()
    watcher.join()
    other.close()

    assert gone_back == []
    assert seen == list(range(1, 401))


def test_a_message_whose_hub_died_is_taken_over_when_its_lease_ends(
    store: Store, store_url: str, clock: Moved
) -> None:
    store.run_sync(lambda tx: tx.outbox.notice("sms:1", b"{}"))
    other = open_store(store_url, owner="hub-2", now=clock.now)

    def claim(tx: Tx) -> list[int]:
        return [message.id for message in outbox.claim_expired(tx.conn, "hub-2", clock.now(), 10)]

    early = other.run_sync(claim)
    clock.move(outbox.LEASE_MS)
    late = other.run_sync(claim)
    again = other.run_sync(claim)
    other.close()

    assert (early, len(late), again) == ([], 1, [])


def test_a_sent_message_is_forgotten_and_a_failed_one_comes_again(store: Store, clock: Moved) -> None:
    committed: list[Committed] = []
    store.on_commit(committed.append)
    for n in range(2):
        store.run_sync(partial(_notice, n=n))
    sent, failed = (message.id for commit in committed for message in commit.outgoing)

    store.run_sync(lambda tx: outbox.mark_sent(tx.conn, [sent]))
    store.run_sync(lambda tx: outbox.put_off(tx.conn, [failed], clock.now() + 1_000))
    clock.move(1_000)

    claimed = store.run_sync(lambda tx: outbox.claim_expired(tx.conn, "hub-1", clock.now(), 10))
    assert [(message.id, message.attempts) for message in claimed] == [(failed, 2)]


@pytest.mark.parametrize("count", [1, 3, 75])
def test_however_many_messages_one_commit_queues_each_is_its_own_row_and_all_are_in_order(
    store: Store, clock: Moved, count: int
) -> None:
    committed: list[Committed] = []
    store.on_commit(committed.append)

    def queue(tx: Tx) -> None:
        for n in range(count):
            tx.outbox.notice(f"sms:{n % 7}", b"%d" % n)

    store.run_sync(queue)

    (queued,) = (commit.outgoing for commit in committed)
    assert [(each.address, each.body) for each in queued] == [
        (f"sms:{n % 7}", b"%d" % n) for n in range(count)
    ]
    assert [each.id for each in queued] == sorted(each.id for each in queued)
    clock.move(outbox.LEASE_MS)
    rows = store.run_sync(lambda tx: outbox.claim_expired(tx.conn, "hub-1", clock.now(), 100))
    assert [(each.id, each.address, each.body) for each in rows] == [
        (each.id, each.address, each.body) for each in queued
    ]


def _notice(tx: Tx, *, n: int) -> None:
    tx.outbox.notice(f"sms:{n}", b"{}")


@pytest.fixture
def hubs(store_url: str, clock: Moved) -> Iterator[tuple[Store, Store]]:
    """Two hubs on one database."""
    pair = (
        open_store(store_url, owner="hub-1", now=clock.now),
        open_store(store_url, owner="hub-2", now=clock.now),
    )
    yield pair
    for hub in pair:
        hub.close()


def test_two_hubs_may_open_a_new_database_at_once(hubs: tuple[Store, Store]) -> None:
    for hub in hubs:
        assert hub.read_sync(lambda read: read.conn.execute(select(tables.areas.c.code)).first()) is not None
