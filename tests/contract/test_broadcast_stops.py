"""Stops that meet something else: a journal read hours later, a run that another hub is sending this instant."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest

from broadcast.domain.broadcasts import BroadcastState
from broadcast.domain.runs import RunState
from broadcast.service import firing, stopping
from broadcast.service.stopping import Stop
from hub.db.store import open_store
from hub.db.transaction import Tx
from tests.contract.test_broadcast_runs import DAILY, change, plan, stop
from tests.stores import VILLAGE, Moved
from tests.village import VILLAGE_AUTHOR, County, hang_loudspeakers


def again(county: County, word: Stop) -> list[str]:
    """The word is read from a journal once more."""
    now = county.clock.now()
    return county.store.run_sync(lambda tx: stopping.record(tx.broadcasting, word, now, again=True))


@pytest.mark.parametrize("by_area", [True, False])
def test_a_stop_that_is_read_again_hours_later_silences_nothing_that_began_since(
    county: County, by_area: bool
) -> None:
    broadcast, run = county.on_air()
    word = Stop(
        id="st-old",
        at=county.clock.now(),
        by=VILLAGE_AUTHOR.by,
        area=VILLAGE,
        broadcast=None if by_area else broadcast.id,
        areas=(VILLAGE,) if by_area else (),
    )
    assert again(county, word) == [run.id]
    county.clock.move(3_600_000)
    county.prepare(change(county, county.broadcast(broadcast.id), text="水来了"))
    (second,) = county.dispatch()
    assert again(county, word) == []
    assert second.id in [each.id for each in county.runs(broadcast) if each.state is RunState.SENT]
    assert county.broadcast(broadcast.id).state is BroadcastState.RUNNING


def test_a_stop_on_one_hub_finds_the_run_that_another_is_sending_this_instant(
    settled_postgres_url: str, clock: Moved
) -> None:
    with closing(open_store(settled_postgres_url, owner="hub-1", now=clock.now)) as here:
        here.run_sync(hang_loudspeakers)
        county = County(here, clock)
        broadcast = county.prepare(county.write(timing=DAILY))
        plan(county, broadcast)
        first, second = county.runs(broadcast)
        clock.now_ms = first.send_at
        county.dispatch()  # the rule is running from now on
        clock.now_ms = second.send_at
        with closing(open_store(settled_postgres_url, owner="hub-2", now=clock.now)) as there:
            elsewhere = threading.Thread(
                target=stop, args=(County(there, clock),), kwargs={"broadcast": broadcast}
            )

            def send(tx: Tx) -> None:
                firing.dispatch(tx.broadcasting, second.id, clock.now())
                elsewhere.start()
                elsewhere.join(0.5)  # it waits for this transaction, unless it has not come so far

            here.run_sync(send)
            elsewhere.join()
        assert county.broadcast(broadcast.id).state is BroadcastState.STOPPED
        assert {run.state for run in county.runs(broadcast)} == {RunState.STOPPED}
