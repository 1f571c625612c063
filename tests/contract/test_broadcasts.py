"""Broadcasts from words to coverage, on both databases: what is sent, to whom, once, and what comes back."""

from __future__ import annotations

import msgspec
import pytest
from sqlalchemy import update

from broadcast.domain.broadcasts import BroadcastState
from broadcast.domain.runs import Run, RunState, SkipReason
from broadcast.domain.schedule import Timing
from broadcast.domain.zones import Group
from broadcast.errors import BroadcastError, Problem
from broadcast.rows import Told
from broadcast.service import firing, writing
from devices.messages import ReceiptState
from hub.db import tables as t
from hub.db.store import Store
from tests.stores import COUNTY, OTHER_VILLAGE, TOWN, VILLAGE, Moved, together
from tests.village import (
    AUDIO,
    COUNTY_AUTHOR,
    COUNTY_SECOND,
    TOWN_AUTHOR,
    VILLAGE_AUTHOR,
    County,
    coverage,
)


def test_words_become_one_command_for_the_village_and_its_coverage_fills(county: County) -> None:
    broadcast = county.write()
    assert broadcast.state is BroadcastState.PREPARING
    assert county.due() == []

    county.prepare(broadcast)
    (run,) = county.dispatch()
    (order,) = county.orders()
    assert (order.address, order.device, order.created_by) == (VILLAGE, False, VILLAGE_AUTHOR.id)
    command = msgspec.json.decode(order.command)
    assert command["start_at"] == run.start_at == county.clock.now() + 6_000
    assert command["audio"] == [
        {"url": AUDIO.sha256, "sha256": AUDIO.sha256, "bytes": AUDIO.bytes, "ms": AUDIO.ms}
    ]
    assert coverage(county, run).missing == ("s-1", "s-2")

    for state in (ReceiptState.READY, ReceiptState.PLAYING, ReceiptState.PLAYED):
        assert county.receipt(run, "s-1", state)
    assert county.receipt(run, "s-2", ReceiptState.FAILED, reason="fetch_failed")
    whole = coverage(county, run)
    assert (whole.targeted, whole.ready, whole.playing, whole.played, whole.failed) == (2, 1, 1, 1, 1)
    assert whole.missing == ()

    county.end()
    assert county.broadcast(broadcast.id).state is BroadcastState.DONE
    told = county.told()
    assert told.count(Told.RUN_RECEIPT) == 4
    assert told[-2:] == [Told.RUN_ENDED, Told.ENDED]


def test_a_receipt_counts_once_and_of_the_addressed_alone(county: County) -> None:
    _, run = county.on_air()
    assert county.receipt(run, "s-1", ReceiptState.PLAYED, played_ms=30_000)
    assert county.receipt(run, "s-1", ReceiptState.PLAYED, played_ms=30_000)
    assert not county.receipt(run, "s-3", ReceiptState.PLAYED)
    assert county.told().count(Told.RUN_RECEIPT) == 1
    assert coverage(county, run).played == 1


def test_a_run_goes_out_once_however_many_hubs_try(county: County) -> None:
    county.prepare(county.write())
    (run,) = county.due()
    now = county.clock.now()
    outcomes = together(
        county.store, [lambda tx: firing.dispatch(tx.broadcasting, run.id, now) for _ in range(8)]
    )
    assert sum(isinstance(outcome, Run) for outcome in outcomes) == 1
    assert len(county.orders()) == 1
    assert county.told().count(Told.RUN_SENT) == 1


def test_what_comes_too_late_is_skipped_and_that_is_told(county: County) -> None:
    at = county.clock.now() + 600_000
    broadcast = county.prepare(county.write(timing=Timing(at=at, late_s=60)))
    county.clock.move(600_000 + 60_001)
    assert county.dispatch() == []
    (run,) = county.runs(broadcast)
    assert (run.state, run.reason) == (RunState.SKIPPED, "late")
    assert county.orders() == []
    assert county.told()[-2:] == [Told.RUN_SKIPPED, Told.ENDED]


def test_a_moment_goes_out_a_minute_before_it_sounds(county: County) -> None:
    at = county.clock.now() + 600_000
    county.prepare(county.write(timing=Timing(at=at)))
    county.clock.move(539_999)
    assert county.due() == []
    county.clock.move(1)
    (run,) = county.dispatch()
    assert run.start_at == at


def test_the_whole_county_waits_for_a_second_person(county: County) -> None:
    broadcast = county.prepare(county.write(COUNTY_AUTHOR))
    assert broadcast.state is BroadcastState.WAITING_APPROVAL
    assert county.due() == []
    now = county.clock.now()

    def approve(author: object, rev: int = 1) -> None:
        county.store.run_sync(
            lambda tx: writing.approve(tx.broadcasting, broadcast.id, author, rev, now)  # type: ignore[arg-type]
        )

    refused = {}
    for name, author, rev in (("same", COUNTY_AUTHOR, 1), ("old", COUNTY_SECOND, 7)):
        with pytest.raises(BroadcastError) as error:
            approve(author, rev)
        refused[name] = error.value.problem
    assert refused == {"same": Problem.SAME_PERSON, "old": Problem.CHANGED}

    approve(COUNTY_SECOND)
    county.dispatch()
    (order,) = county.orders()
    assert (order.address, order.created_by, order.approved_by) == (COUNTY, "u-admin", "u-county")


def test_a_change_of_words_asks_for_preparing_and_approval_again(county: County) -> None:
    broadcast = county.prepare(county.write(COUNTY_AUTHOR, timing=Timing(at=county.clock.now() + 10**7)))
    now = county.clock.now()
    county.store.run_sync(lambda tx: writing.approve(tx.broadcasting, broadcast.id, COUNTY_SECOND, 1, now))
    assert len(county.runs(broadcast)) == 1
    wanted = writing.check(
        msgspec.structs.replace(writing.wanted_of(broadcast), text="明天停水", title="停水"), now
    )
    after = county.store.run_sync(
        lambda tx: writing.change(tx.broadcasting, broadcast.id, wanted, COUNTY_AUTHOR, 1, now)
    )
    assert (after.rev, after.state, after.approved_by, after.audio) == (
        2,
        BroadcastState.PREPARING,
        None,
        None,
    )
    assert county.runs(broadcast) == []


def test_another_title_changes_nothing_that_was_approved(county: County) -> None:
    broadcast = county.prepare(county.write(timing=Timing(at=county.clock.now() + 10**7)))
    now = county.clock.now()
    wanted = writing.check(msgspec.structs.replace(writing.wanted_of(broadcast), title="新标题"), now)
    after = county.store.run_sync(
        lambda tx: writing.change(tx.broadcasting, broadcast.id, wanted, VILLAGE_AUTHOR, 1, now)
    )
    assert (after.rev, after.state, after.title) == (1, BroadcastState.SCHEDULED, "新标题")


@pytest.mark.parametrize(
    ("zones", "problem"),
    [
        ((), Problem.NO_ZONES),
        (("990421109201",), Problem.ZONE_UNKNOWN),
        ((OTHER_VILLAGE,), Problem.ZONE_NOT_YOURS),
        (("g-none",), Problem.ZONE_UNKNOWN),
    ],
)
def test_a_place_that_cannot_be_is_named(county: County, zones: tuple[str, ...], problem: Problem) -> None:
    with pytest.raises(BroadcastError) as error:
        county.write(TOWN_AUTHOR, zones=zones)
    assert error.value.problem is problem


def test_a_village_without_loudspeakers_is_refused_by_name(store: Store, clock: Moved) -> None:
    with pytest.raises(BroadcastError) as error:
        County(store, clock).write()
    assert error.value.problem is Problem.ZONE_SILENT
    assert error.value.values["zone"] == "上坪村"


def test_a_group_is_told_one_by_one_and_a_loudspeaker_plays_once(county: County) -> None:
    county.add_group("g-river", TOWN, "s-1", "s-2")
    _, run = county.on_air(TOWN_AUTHOR, zones=("g-river", VILLAGE))
    assert [(order.address, order.device) for order in county.orders()] == [
        ("s-1", True), ("s-2", True), (VILLAGE, False),
    ]  # fmt: skip
    assert run.targeted == 2


def test_villages_inside_a_town_are_told_by_the_town(county: County) -> None:
    county.on_air(TOWN_AUTHOR, zones=(VILLAGE, TOWN))
    assert [order.address for order in county.orders()] == [TOWN]


def move(county: County, device: str, area: str) -> None:
    """The county's administrator hangs a loudspeaker up elsewhere."""
    with county.store.engine.begin() as conn:
        conn.execute(update(t.devices).where(t.devices.c.id == device).values(area=area))


def test_a_member_of_a_group_that_was_moved_away_hears_its_old_village_no_more(county: County) -> None:
    county.add_group("g-river", VILLAGE, "s-1", "s-2")
    broadcast = county.prepare(county.write(zones=("g-river",)))
    move(county, "s-2", OTHER_VILLAGE)
    (sent,) = county.dispatch()
    assert sent.targeted == 1
    assert [order.address for order in county.orders()] == ["s-1"]
    assert county.broadcast(broadcast.id).state is BroadcastState.RUNNING


def test_a_group_that_grows_until_the_whole_county_hears_it_needs_a_second_person(county: County) -> None:
    county.add_group("g-all", COUNTY, "s-1")
    broadcast = county.prepare(county.write(COUNTY_AUTHOR, zones=("g-all",)))
    assert not broadcast.needs_two
    group = Group(id="g-all", name="组", area=COUNTY, members=("s-1", "s-2", "s-3"))
    county.store.run_sync(lambda tx: tx.broadcasting.places.put_group(group, county.clock.now()))
    assert county.dispatch() == []
    (run,) = county.runs(broadcast)
    assert (run.state, run.reason) == (RunState.SKIPPED, SkipReason.GROWN.value)
    assert county.orders() == []


def test_a_group_of_the_whole_county_that_two_people_agreed_to_goes_out(county: County) -> None:
    county.add_group("g-all", COUNTY, "s-1", "s-2", "s-3")
    broadcast = county.prepare(county.write(COUNTY_AUTHOR, zones=("g-all",)))
    now = county.clock.now()
    county.store.run_sync(
        lambda tx: writing.approve(tx.broadcasting, broadcast.id, COUNTY_SECOND, broadcast.rev, now)
    )
    (sent,) = county.dispatch()
    assert sent.targeted == 3
