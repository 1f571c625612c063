"""Shift change: a call whose holder's shift is over goes along to who is on duty now.

To whoever of the new shift sits at an open screen and has the fewest calls; else to its leader, when they sit at
one; else back to the queue, where the plan begins anew. Follow-ups of what is over stay with who was first.
"""

from collections.abc import Sequence

from hub.domain import cases, rosters
from hub.domain.calls import HELD, Call
from hub.domain.events import Detail, EventType
from hub.domain.people import User, ring_targets
from hub.domain.rosters import Duty, Roster
from hub.ports import Reader, Transaction
from hub.services import informing
from hub.services.casefile import may_work, tell, tell_elder, write
from hub.services.holding import give_back


def over(read: Reader, now: int) -> Sequence[str]:
    """The calls whose holders' shifts are over."""
    kept = {roster.place: roster for roster in read.plans.rosters("")}
    if not kept:
        return ()
    return [
        call.id for call in read.plans.held() if _ended(call, _roster(read.user(_holder(call)), kept), now)
    ]


def relieve(tx: Transaction, call_id: str, now: int) -> bool:
    """Let the call go along; False when it need not (any more)."""
    call = tx.calls.lock(call_id)
    account = None if call is None else tx.accounts.get(_holder(call))
    if call is None or account is None:
        return False
    found = [tx.rosters.of_place(place) for place in sorted(ring_targets(account.user))]
    roster = next((one for one in found if one is not None), None)
    if roster is None or not _ended(call, roster, now):
        return False
    next_one = _next(tx, call, rosters.duty(roster, now), now)
    if next_one is None:
        give_back(tx, call, cases.lapse(call), EventType.CALL_RELIEVED, None, now)
        return True
    after = cases.hand_over(call, account.user, next_one, now)
    write(tx, call, after)
    tell(tx, EventType.CALL_RELIEVED, after, None, now, Detail(to=next_one.name, holder=account.user.name))
    tell_elder(tx, call, after, now)
    informing.keep_up(tx, after, now)
    return True


def _ended(call: Call, roster: Roster | None, now: int) -> bool:
    """Whether the holder took the call on duty and is not on duty any more. Who took it off duty keeps it."""
    if call.holder is None or call.state not in HELD or roster is None:
        return False
    since = min(call.holder.since, now)
    on_then = call.holder.id in rosters.duty(roster, since).everybody
    return on_then and call.holder.id not in rosters.duty(roster, now).everybody


def _next(tx: Transaction, call: Call, duty: Duty, now: int) -> User | None:
    sitting = tx.desks.present(sorted(duty.everybody), now)
    able = [user for user in map(tx.accounts.get, sorted(sitting)) if user is not None]
    free = [one.user for one in able if one.disabled_at is None and may_work(one.user, call)]
    if not free:
        return None
    return min(free, key=lambda user: (user.id not in duty.people, len(tx.calls.held_by(user.id)), user.name))


def _roster(holder: User | None, kept: dict[str, Roster]) -> Roster | None:
    places = () if holder is None else sorted(ring_targets(holder))
    return next((kept[place] for place in places if place in kept), None)


def _holder(call: Call) -> str:
    return "" if call.holder is None else call.holder.id
