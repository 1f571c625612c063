"""What falls due in a case: its holder does nothing, somebody asked does not answer, nobody is there in time."""

from collections.abc import Sequence

import msgspec

from hub.domain import cases, family, responders
from hub.domain.calls import JOINABLE, Call
from hub.domain.events import Detail, EventType
from hub.domain.notices import Helper, NoticeDraft
from hub.domain.routing import county_center, town_center
from hub.ports import Timer, Transaction
from hub.services import dispatching, holding, informing, shifts
from hub.services.casefile import tell, write

PREFIX = "case."
FARTHEST_MS = {  # no such step lies farther ahead, as far as the clocks of hubs agree
    holding.REMIND: cases.LAPSE_MS,
    holding.LAPSE: cases.LAPSE_MS,
    dispatching.ASK: responders.ASK_MS,
    dispatching.SCENE: responders.SCENE_MS,
    informing.INFORM: family.INFORM_MS,
}


def fire(tx: Transaction, timer: Timer, call: Call, now: int) -> bool:
    """Do what the step `case.…` asks; False when the case needs it no longer."""
    locked = tx.calls.lock(call.id)
    if locked is None:
        return False
    if timer.step in (holding.REMIND, holding.LAPSE):
        return holding.watch(tx, locked, timer.step, now)
    if timer.step.startswith(dispatching.ASK):
        return dispatching.asked_in_vain(tx, locked, timer.step.removeprefix(dispatching.ASK), now)
    if timer.step == dispatching.SCENE:
        return _nobody_there(tx, locked, now)
    if timer.step == informing.INFORM:
        informing.keep_up(tx, locked, now)
        return True
    return False  # of a later version, which also knows what is due


def _nobody_there(tx: Transaction, call: Call, now: int) -> bool:
    """Nobody is on the scene in time: the county hears of it, and again after as long."""
    if call.state not in JOINABLE or call.scene_due_at is None:
        return False
    if (
        now < call.scene_due_at <= now + responders.SCENE_MS
    ):  # farther ahead: written by a clock that was wrong
        tx.timers.arm(call.id, dispatching.SCENE, call.scene_due_at)
        return False
    county, town = county_center(call.area), town_center(call.area)
    wait_ms = responders.scene_ms(call, _conditions(tx, call))
    rung = tuple(dict.fromkeys((*call.rung, county)))
    after = msgspec.structs.replace(call, rung=rung, scene_due_at=now + wait_ms)
    write(tx, call, after)
    tx.timers.arm(call.id, dispatching.SCENE, now + wait_ms)
    leaders = _tell_leaders(tx, after, (town, county), now)
    detail = Detail(targets=(county,), step="scene", people=tuple(f"leader:{one.name}" for one in leaders))
    tell(tx, EventType.CALL_ESCALATED, after, None, now, detail)
    return True


def _tell_leaders(tx: Transaction, call: Call, places: Sequence[str | None], now: int) -> list[Helper]:
    """Whoever leads a shift at these places hears that nobody is there."""
    if not call.is_real:
        return []
    on_duty = [shifts.leader(tx, place, now) for place in places if place is not None]
    leaders = list({one.address: one for one in on_duty if one is not None}.values())
    for leader in leaders:
        params = {"helper": leader.name, **informing.about(tx, call)}
        draft = NoticeDraft(
            message="notice-nobody-there", params=params, key=f"{call.id}:{now}:{leader.address}"
        )
        tx.outbox.notice(leader.address, msgspec.json.encode(draft))
    return leaders


def _conditions(tx: Transaction, call: Call) -> str:
    resident = None if call.resident is None else tx.residents.get(call.resident)
    return "" if resident is None else resident.conditions
