"""Mistakes planted in the way of a case, from the answer to the rating; as those of `planted.py`, one at a time."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from unittest.mock import patch

import msgspec

from hub.db.calls import CallRows
from hub.db.presses import PressRows
from hub.db.timers import TimerRows
from hub.db.transaction import Tx
from hub.domain import cases, family, responders
from hub.domain.calls import JOINABLE, Call
from hub.domain.cases import Deed
from hub.domain.events import EventType
from hub.domain.people import User
from hub.domain.responders import Responder
from hub.services import (
    casefile,
    casework,
    dispatching,
    duty,
    handling,
    holding,
    informing,
    merging,
    relieving,
    ringing,
)
from hub.services.ringing import Begun
from tests.simulation.planting import Planted

LONG = 0.03  # days: half an hour passes while nobody is there


def _nothing(*wheres: tuple[object, str], value: object = None) -> Callable[[ExitStack], None]:
    """The mistake of a step that is forgotten."""

    def plant(stack: ExitStack) -> None:
        for where, name in wheres:
            stack.enter_context(patch.object(where, name, lambda *_args, **_named: value))

    return plant


def _instead(where: object, name: str, wrong: Callable[..., object]) -> Callable[[ExitStack], None]:
    """The mistake of a step that is done in another way; `wrong` gets the right one first."""

    def plant(stack: ExitStack) -> None:
        stack.enter_context(patch.object(where, name, partial(wrong, getattr(where, name))))

    return plant


def _method(where: type, name: str, wrong: object) -> Callable[[ExitStack], None]:
    def plant(stack: ExitStack) -> None:
        stack.enter_context(patch.object(where, name, wrong))

    return plant


def _unchanged(_tx: Tx, call: Call, *_args: object, **_named: object) -> Call:
    return call


def _no_time(stack: ExitStack) -> None:
    for where in (handling, dispatching, merging):
        stack.enter_context(patch.object(where, "prolonged", _unchanged))


def _silently(tell: Callable[..., None], tx: Tx, event: EventType, *args: object) -> None:
    if event is not EventType.CALL_REMINDED:
        tell(tx, event, *args)


def _whoever(_right: object, call: Call, _by: User, deed: Deed) -> None:
    cases.require(call, deed)


def _cancel_unasked(cancel: Callable[..., Call], call: Call, by: User, now: int) -> Call:
    return cancel(msgspec.structs.replace(call, cancel_asked_at=now), by, now)


def _promise_early(_right: object, sent: Sequence[Responder]) -> Responder | None:
    out = [one for one in sent if one.state in responders.SENT]
    return out[0] if out else None


def _own_household(_right: object, _tx: Tx, call: Call) -> Sequence[Call]:
    return [call] if call.resident is not None else []


def _end_alone(news: Callable[[Call], str], call: Call) -> str:
    return "" if call.state in JOINABLE else news(call)


def _holder_alone(news: Callable[[Call], str], call: Call) -> str:
    return news(call) if call.state in JOINABLE else ""


def _always(_right: object, _told: Call, said: str, now: int) -> int | None:
    return now if said else None


def _newest_plan(begin: Callable[..., Begun], tx: Tx, call: Call, now: int) -> Begun:
    return begin(tx, msgspec.structs.replace(call, plan=None), now)


def _silent_merge(merge: Callable[..., Call], tx: Tx, call_id: str, into_id: str, by: User, now: int) -> Call:
    before = len(tx.outbox.waiting)
    merged = merge(tx, call_id, into_id, by, now)
    tx.outbox.waiting[before:] = [one for one in tx.outbox.waiting[before:] if one[0] != "reply"]
    return merged


def _silent_end(tell: Callable[..., None], tx: Tx, before: Call, after: Call, now: int) -> None:
    if after.state in JOINABLE:
        tell(tx, before, after, now)


def _left_alone(_right: object, tx: Tx, before: Call, _waiting: Call, *_args: object) -> Call:
    after = msgspec.structs.replace(before, holder=None)
    casefile.write(tx, before, after)
    casefile.tell(tx, EventType.CALL_RELIEVED, after, None, 0)
    return after


def _disarm_named(
    self: TimerRows, call: str, prefix: str = "", *, right: Callable[..., None] = TimerRows.disarm
) -> None:
    if prefix:
        right(self, call, prefix)


_join = CallRows.join


def _only_own(self: CallRows, subject: str, now: int) -> Call | None:
    own = self._conn.exec_driver_sql("SELECT id FROM calls WHERE open_key = ?", (subject,)).scalar()
    return None if own is None else _join(self, subject, now)


def _is_no_test(self: Call) -> bool:
    return not self.test


PLANTED_CASES = (
    Planted("an idle holder keeps the call", _nothing((holding, "watch"), value=False)),
    Planted("an idle holder is not reminded", _instead(holding, "tell", _silently)),
    Planted("what a holder does gives them no time", _no_time),
    Planted(
        "who declines makes place for nobody",
        _instead(dispatching, "_ask_next", lambda _, *a: _unchanged(*a)),
    ),
    Planted("who does not answer is waited for", _nothing((dispatching, "asked_in_vain"), value=False)),
    Planted(
        "nobody hears that nobody is there", _nothing((casework, "_nobody_there"), value=False), days=LONG
    ),
    Planted("whoever sees a call ends it", _instead(cases, "require_holder", _whoever)),
    Planted("a cancel that nobody pressed is confirmed", _instead(cases, "cancel", _cancel_unasked)),
    Planted("the end of a call leaves its timers", _method(TimerRows, "disarm", _disarm_named)),
    Planted("family does not hear who has it", _instead(family, "news", _end_alone)),
    Planted("family does not hear that it is over", _instead(family, "news", _holder_alone)),
    Planted("family hears each thing again and again", _instead(family, "due_at", _always)),
    Planted("a merged household hears nothing more", _instead(informing, "_households", _own_household)),
    Planted("the elder is promised who was only asked", _instead(cases, "who_comes", _promise_early)),
    Planted("the elder does not hear the end", _instead(handling, "tell_elder", _silent_end)),
    Planted("a merge leaves the presses behind", _nothing((PressRows, "follow"))),
    Planted("a merge is told to no device", _instead(merging, "merge", _silent_merge)),
    Planted("a merged household's press opens a call beside it", _method(CallRows, "join", _only_own)),
    Planted("a call is handed to who is off duty", _nothing((duty, "may_take"), value=True)),
    Planted("a shift takes its calls home", _nothing((relieving, "over"), value=())),
    Planted("a shift leaves its calls to nobody", _instead(relieving, "give_back", _left_alone)),
    Planted("a drill is told to families", _method(Call, "is_real", property(_is_no_test))),
    Planted("a call follows each new plan", _instead(ringing, "begin", _newest_plan)),
)
