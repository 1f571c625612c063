"""Runs on both databases: planned by rules, sent once, stopped, missed, rehearsed; prepared by one hub at a time."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
import pytest

from broadcast.domain import schedule
from broadcast.domain.broadcasts import Broadcast, BroadcastState
from broadcast.domain.priorities import Category
from broadcast.domain.runs import RunState
from broadcast.domain.schedule import Timing
from broadcast.errors import BroadcastError, Problem
from broadcast.rows import Told
from broadcast.service import firing, planning, preparing, stopping, writing
from broadcast.service.stopping import Stop
from devices.messages import ReceiptState
from hub.db.transaction import Tx
from hub.domain.orders import Order
from hub.services.refusals import order_refused
from tests.stores import COUNTY, TOWN, VILLAGE
from tests.village import (
    AUDIO,
    COUNTY_AUTHOR,
    TOWN_AUTHOR,
    VILLAGE_AUTHOR,
    County,
    coverage,
)


def change(county: County, broadcast: Broadcast, **different: Any) -> Broadcast:
    now = county.clock.now()
    wanted = writing.check(msgspec.structs.replace(writing.wanted_of(broadcast), **different), now)
    return county.store.run_sync(
        lambda tx: writing.change(tx.broadcasting, broadcast.id, wanted, VILLAGE_AUTHOR, broadcast.rev, now)
    )


def stop(county: County, *, broadcast: Broadcast | None = None, areas: tuple[str, ...] = ()) -> list[str]:
    now = county.clock.now()
    word = Stop(
        id=f"st-{now}",
        at=now,
        by=VILLAGE_AUTHOR.by,
        area=VILLAGE,
        broadcast=None if broadcast is None else broadcast.id,
        areas=areas,
    )
    return county.store.run_sync(lambda tx: stopping.record(tx.broadcasting, word, now))


def test_a_stop_ends_the_run_and_the_broadcast_and_is_written_once(county: County) -> None:
    broadcast, run = county.on_air()
    assert stop(county, broadcast=broadcast) == [run.id]
    assert county.broadcast(broadcast.id).state is BroadcastState.STOPPED
    assert county.runs(broadcast)[0].state is RunState.STOPPED
    assert stop(county, broadcast=broadcast) == []
    assert county.told()[-2:] == [Told.STOPPED, Told.RUN_STOPPED]


def test_what_was_stopped_before_it_went_out_never_goes_out(county: County) -> None:
    broadcast = county.prepare(county.write())
    assert len(county.due()) == 1
    stop(county, broadcast=broadcast)
    assert county.dispatch() == []
    assert county.orders() == []


def test_a_stopped_broadcast_sounds_again_once_it_is_written_anew(county: County) -> None:
    broadcast, run = county.on_air()
    stop(county, broadcast=broadcast)
    county.prepare(change(county, county.broadcast(broadcast.id), text="水来了"))
    (second,) = county.dispatch()
    assert second.id != run.id
    assert county.broadcast(broadcast.id).state is BroadcastState.RUNNING


def test_what_is_on_air_cannot_be_changed_or_taken_back(county: County) -> None:
    broadcast, _ = county.on_air()
    running = county.broadcast(broadcast.id)
    for attempt in (
        lambda: change(county, running, text="水来了"),
        lambda: county.store.run_sync(
            lambda tx: writing.cancel(tx.broadcasting, broadcast.id, VILLAGE_AUTHOR, county.clock.now())
        ),
    ):
        with pytest.raises(BroadcastError) as error:
            attempt()
        assert error.value.problem is Problem.ON_AIR


def test_what_is_taken_back_never_sounds(county: County) -> None:
    broadcast = county.prepare(county.write(timing=Timing(at=county.clock.now() + 600_000)))
    now = county.clock.now()
    county.store.run_sync(lambda tx: writing.cancel(tx.broadcasting, broadcast.id, VILLAGE_AUTHOR, now))
    county.clock.move(600_000)
    assert county.due() == []
    assert county.broadcast(broadcast.id).state is BroadcastState.CANCELLED


def test_silence_in_an_area_ends_what_sounds_there_and_nothing_else(county: County) -> None:
    here, run = county.on_air()
    town = county.prepare(county.write(TOWN_AUTHOR))
    county.dispatch()
    assert stop(county, areas=(VILLAGE,)) == [run.id]
    assert county.broadcast(here.id).state is BroadcastState.STOPPED
    assert county.broadcast(town.id).state is BroadcastState.RUNNING
    assert Told.AREAS_STOPPED not in county.told()  # no order was given in this test


DAILY = Timing(rrule="FREQ=DAILY;BYHOUR=7;BYMINUTE=30")


def plan(county: County, broadcast: Broadcast) -> int:
    now = county.clock.now()
    begin = broadcast.planned_until or now
    slots = schedule.slots(broadcast.timing, begin, now)
    until = now + schedule.HORIZON_MS
    return county.store.run_sync(
        lambda tx: planning.plan_slots(tx.broadcasting, broadcast, slots, until, now)
    )


def test_a_rule_is_written_down_two_days_ahead_once_by_any_number_of_hubs(county: County) -> None:
    broadcast = county.prepare(county.write(timing=DAILY))
    assert plan(county, broadcast) == 2
    assert plan(county, broadcast) == 0  # another hub, with what it had read before
    assert len(county.runs(broadcast)) == 2
    assert county.store.read_sync(lambda read: read.broadcasts.to_plan(county.clock.now())) == []


def test_a_dense_rule_is_not_expanded_while_the_database_waits(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    broadcast = county.prepare(county.write(timing=Timing(rrule="FREQ=MINUTELY;INTERVAL=5")))
    plan(county, broadcast)
    county.clock.now_ms = county.runs(broadcast)[0].send_at
    (sent,) = county.dispatch()
    monkeypatch.setattr(schedule, "rule_of", None)  # after a year that takes a second
    for device in ("s-1", "s-2"):
        county.receipt(sent, device, ReceiptState.PLAYED)
    county.end()
    assert county.broadcast(broadcast.id).state is BroadcastState.SCHEDULED


def test_a_rule_goes_on_after_each_of_its_runs(county: County) -> None:
    broadcast = county.prepare(county.write(timing=DAILY))
    plan(county, broadcast)
    first, second = county.runs(broadcast)
    county.clock.now_ms = first.send_at
    (sent,) = county.dispatch()
    assert sent.id == first.id
    assert county.broadcast(broadcast.id).state is BroadcastState.RUNNING
    for device in ("s-1", "s-2"):
        county.receipt(sent, device, ReceiptState.PLAYED)
    county.end()
    assert county.broadcast(broadcast.id).state is BroadcastState.SCHEDULED
    county.clock.now_ms = second.send_at
    assert [run.id for run in county.dispatch()] == [second.id]


def test_moments_that_passed_while_no_hub_was_up_are_told_as_missed(county: County) -> None:
    broadcast = county.prepare(county.write(timing=DAILY))
    plan(county, broadcast)
    county.clock.move(5 * 86_400_000)
    county.dispatch()  # the two that were written down come too late
    plan(county, county.broadcast(broadcast.id))
    states = [run.state for run in county.runs(broadcast)]
    assert states == [RunState.SKIPPED] * 5 + [RunState.PLANNED] * 2
    assert county.told().count(Told.RUN_SKIPPED) == 5
    assert county.broadcast(broadcast.id).state is BroadcastState.SCHEDULED


def test_a_rule_that_has_ended_is_over(county: County) -> None:
    once = Timing(rrule="FREQ=DAILY;COUNT=1;BYHOUR=7;BYMINUTE=30")
    broadcast = county.prepare(county.write(timing=once))
    plan(county, broadcast)
    (run,) = county.runs(broadcast)
    county.clock.now_ms = run.send_at
    county.dispatch()
    county.clock.move(10 * 86_400_000)
    county.end()  # nobody has said a word, and its time is over
    assert county.broadcast(broadcast.id).state is BroadcastState.DONE
    assert coverage(county, run).missing == ("s-1", "s-2")


def test_a_rehearsal_sounds_on_one_loudspeaker_as_a_drill_before_anybody_approved(county: County) -> None:
    broadcast = county.prepare(county.write(COUNTY_AUTHOR, category=Category.EMERGENCY))
    now = county.clock.now()
    county.store.run_sync(
        lambda tx: firing.rehearse(tx.broadcasting, broadcast.id, "s-3", COUNTY_AUTHOR, now)
    )
    (run,) = county.dispatch()
    (order,) = county.orders()
    command = msgspec.json.decode(order.command)
    assert (order.address, order.device, order.approved_by) == ("s-3", True, None)
    assert (command["drill"], command["priority"]) == (True, 60)
    assert county.receipt(run, "s-3", ReceiptState.PLAYED)
    county.end()
    assert county.broadcast(broadcast.id).state is BroadcastState.WAITING_APPROVAL


def test_a_rehearsal_is_silenced_and_the_broadcast_goes_its_way(county: County) -> None:
    broadcast = county.prepare(county.write(COUNTY_AUTHOR, category=Category.EMERGENCY))
    now = county.clock.now()
    county.store.run_sync(
        lambda tx: firing.rehearse(tx.broadcasting, broadcast.id, "s-3", COUNTY_AUTHOR, now)
    )
    (run,) = county.dispatch()
    word = Stop(id="st-1", at=now, by=COUNTY_AUTHOR.by, area=COUNTY, broadcast=broadcast.id, rehearsal=run.id)
    for silenced in ([run.id], []):
        assert county.store.run_sync(lambda tx: stopping.record(tx.broadcasting, word, now)) == silenced
    assert county.runs(broadcast)[0].state is RunState.STOPPED
    assert county.broadcast(broadcast.id).state is BroadcastState.WAITING_APPROVAL


def test_the_run_of_a_broadcast_is_not_ended_as_if_it_were_a_rehearsal(county: County) -> None:
    broadcast, run = county.on_air()
    now = county.clock.now()
    word = Stop(
        id="st-1", at=now, by=VILLAGE_AUTHOR.by, area=VILLAGE, broadcast=broadcast.id, rehearsal=run.id
    )
    assert county.store.run_sync(lambda tx: stopping.record(tx.broadcasting, word, now)) == []
    assert county.broadcast(broadcast.id).state is BroadcastState.RUNNING


def test_what_is_prepared_after_a_change_is_not_used(county: County) -> None:
    first = county.write()
    change(county, first, text="水来了")
    now = county.clock.now()
    outcome = county.store.run_sync(
        lambda tx: preparing.prepared(tx.broadcasting, first.id, 1, "停水", AUDIO, now)
    )
    assert outcome is None
    assert county.broadcast(first.id).state is BroadcastState.PREPARING


def test_one_hub_prepares_until_its_lease_is_over(county: County) -> None:
    broadcast = county.write()

    def claim() -> bool:
        now = county.clock.now()
        return county.store.run_sync(lambda tx: preparing.claim(tx.broadcasting, broadcast, now))

    assert [claim(), claim()] == [True, False]
    county.clock.move(preparing.LEASE_MS)
    assert claim()


def test_nobody_hears_a_broadcast_whose_loudspeakers_are_gone_by_then(county: County) -> None:
    broadcast = county.prepare(county.write(timing=Timing(at=county.clock.now() + 600_000)))
    now = county.clock.now()
    for device in ("s-1", "s-2"):
        county.store.run_sync(partial(_remove, device, now))
    county.clock.move(600_000)
    assert county.dispatch() == []
    assert county.runs(broadcast)[0].reason == "silent"


def test_a_loudspeaker_that_did_not_know_the_time_is_told_once_more_by_itself(county: County) -> None:
    _, run = county.on_air()
    county.receipt(run, "s-1", ReceiptState.REFUSED, reason="no_clock")
    county.receipt(run, "s-2", ReceiptState.READY)

    def again(device: str) -> bool:
        now = county.clock.now()
        return county.store.run_sync(lambda tx: firing.send_again(tx.broadcasting, run.id, device, now))

    assert [again("s-1"), again("s-1"), again("s-2"), again("s-3")] == [True, False, False, False]
    order = county.orders()[-1]
    assert (order.address, order.device) == ("s-1", True)
    assert msgspec.json.decode(order.command)["run"] == run.id
    county.receipt(run, "s-1", ReceiptState.PLAYED)
    assert coverage(county, run).played == 1


def test_nobody_is_told_once_more_when_it_is_too_late(county: County) -> None:
    _, run = county.on_air()
    county.receipt(run, "s-1", ReceiptState.REFUSED, reason="no_clock")
    now = county.clock.move(400_000)
    assert not county.store.run_sync(lambda tx: firing.send_again(tx.broadcasting, run.id, "s-1", now))


def test_what_the_signer_refuses_stands_in_the_coverage(county: County) -> None:
    county.add_group("g-river", TOWN, "s-2")
    _, run = county.on_air(TOWN_AUTHOR, zones=("g-river", VILLAGE))
    county.receipt(run, "s-1", ReceiptState.READY)
    now = county.clock.now()
    for order in county.orders():
        county.store.run_sync(partial(_refuse, order, now))
    whole = coverage(county, run)
    assert (whole.ready, whole.failed, whole.missing) == (1, 1, ("s-1",))
    (part,) = county.store.read_sync(lambda read: read.broadcasts.progress(run.id, "s-1", 10))
    assert (part.device, part.reason) == ("s-2", "signer-rate")


def _refuse(order: Order, now: int, tx: Tx) -> None:
    order_refused(tx, order, "signer-rate", now)


def _remove(device: str, now: int, tx: Tx) -> None:
    tx.registrar.remove_device(device, now)
