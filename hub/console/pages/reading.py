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
    """One call with everything its card shows; `others`: those it was merged with, by whose they are."""

    call: Call
    row: Row
    card: Card
    sent: tuple[Responder, ...]
    others: Mapping[str, str]
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
        home=read_home(read, user, names),
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
        others=_others(read, call, user),
        events=tuple(read.timeline(call_id)),
        targets=read_target_names(read, names),
        home=read_home(read, user, names),
    )


def _others(read: Reader, call: Call, user: User) -> Mapping[str, str]:
    """The calls that this one was merged with, by whose they are."""
    ids = [*read.merged_into(call.id), *([call.merged_into] if call.merged_into else [])]
    found = (read.call(one, call_scope(user)) for one in ids)
    return {one.id: one.resident_name or one.device for one in found if one is not None}


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


def read_home(read: Reader, user: User, names: Mapping[str, str]) -> str:
    """What the user's place is called: a clinic as it stands in the register, else by its area."""
    clinics = {clinic.id: clinic.name for clinic in read.clinics("")} if user.clinic else {}
    return clinics.get(user.clinic or "") or home_name(user, names)


def home_name(user: User, names: Mapping[str, str]) -> str:
    """The user's own area by name, behind its county's: what their place calls itself."""
    return "".join(dict.fromkeys((names.get(_county(user.area), ""), names.get(user.area, ""))))


def _county(area: str) -> str:
    return area[:6] + "000000"
