"""What the desk reads of the store; each function runs whole in one read of committed facts."""

from collections.abc import Mapping, Sequence

import msgspec

from hub.console.pages import queue as queues
from hub.console.pages.queue import Queue
from hub.console.pages.rows import Known, Row, place, row
from hub.console.pages.targets import TargetNames, read_target_names
from hub.domain.calls import Call
from hub.domain.events import Event
from hub.domain.people import Scope, User, call_scope
from hub.domain.residents import Card
from hub.domain.responders import Responder
from hub.ports import Reader

UNKNOWN = Card(resident=None, area_path=(), contacts=())


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """One call with everything its card shows."""

    call: Call
    row: Row
    card: Card
    sent: tuple[Responder, ...]
    merged: tuple[str, ...]
    events: tuple[Event, ...]
    targets: TargetNames
    home: str


class Screen(msgspec.Struct, frozen=True, kw_only=True):
    """What the whole page shows at first; the live stream goes on behind `last_event`.

    `places`: the areas the user may see calls of, by code; `home`: the name of the user's own area.
    """

    queue: Queue
    places: dict[str, str]
    home: str
    last_event: int


def read_screen(read: Reader, user: User, now: int) -> Screen:
    """The page for `user`. `last_event` is read first: what comes in between is told again, not missed."""
    last_event, names = read.last_event_id(), read.area_names()
    scope = call_scope(user)
    return Screen(
        queue=_queue(read, names, user, now),
        places={code: place(code, names, user.area) for code in names if _shows(scope, code)},
        home=home_name(user, names),
        last_event=last_event,
    )


def read_queue(read: Reader, user: User, now: int) -> Queue:
    """The rows that `user` sees."""
    return _queue(read, read.area_names(), user, now)


def read_call(read: Reader, call_id: str, user: User, now: int) -> Opened | None:
    """The call and its card; None when `user` may not see it."""
    call = read.call(call_id, call_scope(user))
    if call is None:
        return None
    names = read.area_names()
    card = read.card(call.resident) if call.resident else None
    known = _known(read, [call], names)
    return Opened(
        call=call,
        row=row(call, user, known, now),
        card=card or UNKNOWN,
        sent=tuple(known.sent.get(call_id, ())),
        merged=tuple(read.merged_into(call_id)),
        events=tuple(read.timeline(call_id)),
        targets=read_target_names(read, names),
        home=home_name(user, names),
    )


def _queue(read: Reader, names: Mapping[str, str], user: User, now: int) -> Queue:
    calls = read.open_calls(call_scope(user))
    return queues.queue(calls, user, _known(read, calls, names), now)


def _known(read: Reader, calls: Sequence[Call], names: Mapping[str, str]) -> Known:
    return Known(
        names=names,
        callers=read.callers({call.resident for call in calls if call.resident}),
        sent=read.responders_of([call.id for call in calls]),
    )


def _shows(scope: Scope, code: str) -> bool:
    return scope.clinic is not None or scope.sees(code, None)


def home_name(user: User, names: Mapping[str, str]) -> str:
    """The user's own area by name, behind its county's: what their place calls itself."""
    return "".join(dict.fromkeys((names.get(_county(user.area), ""), names.get(user.area, ""))))


def _county(area: str) -> str:
    return area[:6] + "000000"
