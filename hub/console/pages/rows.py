"""One call as a line of the queue: who, where, how urgent, who goes there."""

from collections.abc import Mapping, Sequence

import msgspec

from devices.errors import DeviceContractError
from devices.ids import county_of, town_of, village_of
from hub.console.pages.times import year_of
from hub.domain.areas import area_prefix
from hub.domain.calls import JOINABLE, WAITING, Call
from hub.domain.people import User, ring_targets
from hub.domain.residents import Caller, Whereabouts
from hub.domain.responders import Responder, ResponderKind, ResponderState
from hub.services.casefile import is_guest

NOBODY = Caller()


class Going(msgspec.Struct, frozen=True):
    """Somebody who was sent, in two words."""

    name: str
    state: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One call in the queue. `since` (Unix ms) is where its timer counts from; `marks` are sentence ids.

    `asked`: the line of the user's own clinic, which has been asked to go and has not said anything yet. `until`:
    when the user loses the call, unless they do something before.
    """

    id: str
    who: str | None
    device: str
    age: int | None
    place: str
    kind: str
    state: str
    since: int
    presses: int
    marks: tuple[str, ...]
    holder: str | None
    mine: bool
    rings: bool
    loud: bool = False
    going: tuple[Going, ...] = ()
    asked: str | None = None
    until: int | None = None


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the register and the files of the calls say besides: names of areas by code, callers by resident, who was
    sent by call."""

    names: Mapping[str, str]
    callers: Mapping[str, Caller]
    sent: Mapping[str, Sequence[Responder]]

    def caller(self, call: Call) -> Caller:
        """Of whom the register knows nothing, nothing is said."""
        return self.callers.get(call.resident or "", NOBODY)


def row(call: Call, user: User, known: Known, now: int) -> Row:
    """`call` as `user` sees it."""
    waits = call.state in WAITING
    caller, sent = known.caller(call), known.sent.get(call.id, ())
    mine = call.holder is not None and call.holder.id == user.id
    ours = asked_of(user, call, sent)
    rung = waits and not ring_targets(user).isdisjoint(call.rung)
    return Row(
        id=call.id,
        who=call.resident_name,
        device=call.device,
        age=age(caller.born, now),
        place=place(call.area, known.names, user.area),
        kind=call.kind,
        state=call.state.value,
        since=_since(call) if ours is None else ours.asked_at,
        presses=call.presses,
        marks=marks(call, caller),
        holder=None if call.holder is None else call.holder.name,
        mine=mine,
        rings=rung or ours is not None,
        loud=call.loud and rung,
        going=tuple(Going(one.name, one.state.value) for one in sent if one.state is not ResponderState.DONE),
        asked=None if ours is None else ours.id,
        until=call.lapses_at if mine else None,
    )


def asked_of(user: User, call: Call, sent: Sequence[Responder]) -> Responder | None:
    """The line of the user's own clinic, while it must say whether it goes; not while the call itself rings there."""
    if user.clinic is None or (call.state in WAITING and not is_guest(user, call)):
        return None
    return next((one for one in sent if is_ours(user, one) and one.state is ResponderState.ASKED), None)


def is_ours(user: User, line: Responder) -> bool:
    """Whether `line` is the clinic of `user`."""
    return line.kind is ResponderKind.CLINIC and line.to == user.clinic


def is_urgent(call: Call, caller: Caller) -> bool:
    """A fall, or an emergency of somebody who is ill: seconds count (as hub.domain.responders.scene_ms has it)."""
    return call.kind == "fall" or caller.is_ill


def marks(call: Call, caller: Caller = NOBODY) -> tuple[str, ...]:
    """What must catch the eye, most telling first."""
    told = (
        ("mark-drill", call.drill),
        ("mark-urgent", call.state in JOINABLE and is_urgent(call, caller)),
        ("mark-status-" + caller.status, caller.status != Whereabouts.HOME),
        ("mark-late", call.late),
        ("mark-undecoded", not call.decoded),
        ("mark-cancel-asked", call.cancel_asked_at is not None),
        ("mark-unknown-caller", call.resident is None and bool(call.device)),
        ("mark-linked", call.linked is not None),
    )
    return tuple(mark for mark, holds in told if holds)


def age(born: int | None, now: int) -> int | None:
    """Years reached this year, as a year of birth tells no more."""
    return None if born is None else year_of(now) - born


def place(area: str, names: Mapping[str, str], home: str = "") -> str:
    """Town and village of `area` by name, leaving out those that `home` (an area code) lies in itself.

    The county's name when it lies in no town; the bare code of an unknown one.
    """
    try:
        county = county_of(area)
        found = (town_of(area), village_of(area), area)
        steps = [code for code in found if code and code != county and code in names]
        further = [code for code in steps if not home.startswith(area_prefix(code))]
    except DeviceContractError:
        return names.get(area, area)
    told = dict.fromkeys(names[code] for code in further or steps[-1:])
    return " ".join(told) or names.get(county, area)


def _since(call: Call) -> int:
    """Waiting counts from the press, handling from the answer, the follow-up from the emergency's end; a call that
    waits again, from then."""
    if call.state in WAITING or call.holder is None:
        again = call.begun_at if call.answered_at is not None else 0
        return call.resolved_at or max(again, call.raised_at)
    return call.resolved_at or call.holder.since
