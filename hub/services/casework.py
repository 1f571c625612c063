"""What falls due in a case: its holder does nothing, somebody asked does not answer, nobody is there in time."""

import msgspec

from hub.domain import cases, responders
from hub.domain.calls import JOINABLE, Call
from hub.domain.events import Detail, EventType
from hub.domain.routing import county_center
from hub.ports import Timer, Transaction
from hub.services import dispatching, holding
from hub.services.casefile import tell, write

PREFIX = "case."
LONGEST_MS = max(cases.LAPSE_MS, responders.ASK_MS, responders.SCENE_MS)  # no step lies farther ahead


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
    return False  # of a later version, which also knows what is due


def _nobody_there(tx: Transaction, call: Call, now: int) -> bool:
    """Nobody is on the scene in time: the county hears of it, and again after as long."""
    if call.state not in JOINABLE or call.scene_due_at is None:
        return False
    if now < call.scene_due_at:
        tx.timers.arm(call.id, dispatching.SCENE, min(call.scene_due_at, now + responders.SCENE_MS))
        return False
    county = county_center(call.area)
    wait_ms = responders.scene_ms(call, _conditions(tx, call))
    rung = tuple(dict.fromkeys((*call.rung, county)))
    after = msgspec.structs.replace(call, rung=rung, scene_due_at=now + wait_ms)
    write(tx, call, after)
    tx.timers.arm(call.id, dispatching.SCENE, now + wait_ms)
    tell(tx, EventType.CALL_ESCALATED, after, None, now, Detail(targets=(county,), step="scene"))
    return True


def _conditions(tx: Transaction, call: Call) -> str:
    resident = None if call.resident is None else tx.residents.get(call.resident)
    return "" if resident is None else resident.conditions
