"""Thousands of new residents appear all at once or not at all, on SQLite and on PostgreSQL."""

from __future__ import annotations

import msgspec
import pytest
from sqlalchemy import func, select

from hub.console.register.taking_in import RESIDENTS, staged
from hub.db import tables as t
from hub.db.store import Store
from hub.domain.entries import NO_RESIDENT
from hub.domain.errors import Conflict
from hub.domain.residents import Relative, ResidentRecord
from hub.services.import_kinds import import_residents
from hub.services.import_staging import FORGOTTEN_MS, WORTH_STAGING, mark_of, stage
from hub.services.importing import Plan
from tests.stores import START_MS, VILLAGE
from tests.web import ADMIN, RunningHub

COUNT = WORTH_STAGING + 20
KIN = (Relative(name="彭涛", phone="13900000011"),)


def people(count: int = COUNT, area: str = VILLAGE) -> tuple[ResidentRecord, ...]:
    blank = msgspec.structs.replace(NO_RESIDENT, area=area, contacts=KIN)
    return tuple(
        msgspec.structs.replace(blank, name=f"住户{n}", id=f"e-{n}" if n % 2 else "") for n in range(count)
    )


def planned(added: tuple[ResidentRecord, ...]) -> Plan[ResidentRecord]:
    return Plan(added=added, changed=(), unchanged=0, faults=())


async def rows(store: Store) -> tuple[int, int, int]:
    """Residents seen, their rows hidden or not, and all contacts."""
    seen = len(await store.read(lambda read: read.residents("")))
    kept, kin = await store.read(
        lambda read: [
            read.conn.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (t.residents, t.contacts)
        ]
    )
    return seen, kept, kin


async def test_nobody_is_seen_before_everybody_is(hub: RunningHub) -> None:
    store, plan = hub.store, planned(people())
    async with staged(hub.context, RESIDENTS, plan) as rest:
        assert (rest.staged, rest.added) == (COUNT, ())
        assert await rows(store) == (3, 3 + COUNT, 1 + COUNT)
        await store.run(lambda tx: import_residents(tx, rest, ADMIN, START_MS))
    assert await rows(store) == (3 + COUNT, 3 + COUNT, 1 + COUNT)
    told = msgspec.json.decode((await store.read(lambda read: read.events_after(0, 10)))[-1].data)
    assert (told["type"], told["added"]) == ("register.imported", COUNT)


async def test_what_fails_at_the_end_leaves_nothing_behind(hub: RunningHub) -> None:
    with pytest.raises(Conflict):
        async with staged(hub.context, RESIDENTS, planned(people())):
            raise Conflict("import-stale")
    assert await rows(hub.store) == (3, 3, 1)


async def test_what_was_planned_on_ground_that_is_gone_is_refused_whole(hub: RunningHub) -> None:
    plan = planned((*people(), *people(1, area="990421101299")))
    with pytest.raises(Conflict, match="import-stale"):
        async with staged(hub.context, RESIDENTS, plan):
            raise AssertionError("nothing is to be shown")
    assert await rows(hub.store) == (3, 3, 1)


async def test_an_id_that_came_into_use_meanwhile_is_not_overwritten(hub: RunningHub) -> None:
    taken = msgspec.structs.replace(people(1)[0], id="r-1")
    with pytest.raises(Conflict, match="import-stale"):
        async with staged(hub.context, RESIDENTS, planned((*people(), taken))):
            raise AssertionError("nothing is to be shown")
    assert await rows(hub.store) == (3, 3, 1)


async def test_a_removed_residents_id_comes_back_with_the_rest(hub: RunningHub) -> None:
    await hub.store.run(lambda tx: tx.residents.remove("r-3", START_MS))
    again = msgspec.structs.replace(people(1)[0], id="r-3", name="何秀英")
    async with staged(hub.context, RESIDENTS, planned((*people(), again))) as rest:
        assert [one.id for one in rest.added] == ["r-3"]
        assert (await rows(hub.store))[0] == 2
        await hub.store.run(lambda tx: import_residents(tx, rest, ADMIN, START_MS))
    assert (await rows(hub.store))[0] == 3 + COUNT


async def test_what_a_dead_hub_left_hidden_is_forgotten_by_the_next_import(hub: RunningHub) -> None:
    clock, store = hub.clock, hub.store
    for age_ms in (FORGOTTEN_MS + 1_000, 0):
        mark = mark_of(clock.now() - age_ms, 7)
        left = tuple(msgspec.structs.replace(one, id="") for one in people(4))
        await store.run(lambda tx, mark=mark, left=left: stage(tx, left, mark, clock.now()))  # type: ignore[misc]
    assert await rows(store) == (3, 3 + 8, 1 + 8)
    async with staged(hub.context, RESIDENTS, planned(people())) as rest:
        await store.run(lambda tx: import_residents(tx, rest, ADMIN, START_MS))
    assert await rows(store) == (3 + COUNT, 3 + COUNT + 4, 1 + COUNT + 4), "another's import goes on"


async def test_a_few_are_written_at_once(hub: RunningHub) -> None:
    plan = planned(people(WORTH_STAGING - 1))
    async with staged(hub.context, RESIDENTS, plan) as rest:
        assert rest is plan
        assert (await rows(hub.store))[1] == 3
