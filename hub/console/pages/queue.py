"""The queue as the desk shows it: pure functions from calls to rows."""

from collections.abc import Mapping, Sequence

import msgspec

from devices.errors import DeviceContractError
from devices.ids import county_of, town_of, village_of
from hub.console.pages.times import year_of
from hub.domain.areas import area_prefix
from hub.domain.calls import HELD, WAITING, Call
from hub.domain.people import NOTHING, User, call_scope, may_handle_calls, ring_targets

SHOWN_AT_MOST = 200


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One call in the queue. `since` (Unix ms) is where its timer counts from; `marks` are sentence ids."""

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


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """What is not closed, in the order in which it wants hands: longest waiting first in each part."""

    waiting: tuple[Row, ...]
    held: tuple[Row, ...]
    follow_up: tuple[Row, ...]
    hidden: int
    sees_calls: bool
    may_handle: bool


def queue(
    calls: Sequence[Call], user: User, names: Mapping[str, str], born: Mapping[str, int], now: int
) -> Queue:
    """The rows that `user` sees. `names`: area code → name; `born`: resident → year of birth."""
    ordered = sorted(calls, key=lambda call: (call.raised_at, call.id))
    waiting = [call for call in ordered if call.state in WAITING]
    held = [call for call in ordered if call.state in HELD]
    after = [call for call in ordered if call.state not in WAITING | HELD]
    room = max(0, SHOWN_AT_MOST - len(waiting) - len(held))

    def rows(part: Sequence[Call]) -> tuple[Row, ...]:
        return tuple(row(call, user, names, born, now) for call in part)

    return Queue(
        waiting=rows(waiting[:SHOWN_AT_MOST]),
        held=rows(held[:SHOWN_AT_MOST]),
        follow_up=rows(after[:room]),
        hidden=max(0, len(waiting) - SHOWN_AT_MOST) + max(0, len(held) - SHOWN_AT_MOST) + len(after[room:]),
        sees_calls=call_scope(user) != NOTHING,
        may_handle=may_handle_calls(user),
    )


def row(call: Call, user: User, names: Mapping[str, str], born: Mapping[str, int], now: int) -> Row:
    """One call as a line of the queue."""
    waits = call.state in WAITING
    return Row(
        id=call.id,
        who=call.resident_name,
        device=call.device,
        age=age(born.get(call.resident or ""), now),
        place=place(call.area, names, user.area),
        kind=call.kind,
        state=call.state.value,
        since=_since(call),
        presses=call.presses,
        marks=marks(call),
        holder=None if call.holder is None else call.holder.name,
        mine=call.holder is not None and call.holder.id == user.id,
        rings=waits and not ring_targets(user).isdisjoint(call.rung),
    )


def marks(call: Call) -> tuple[str, ...]:
    """What must catch the eye, most telling first."""
    told = (
        ("mark-drill", call.drill),
        ("mark-late", call.late),
        ("mark-undecoded", not call.decoded),
        ("mark-cancel-asked", call.cancel_asked_at is not None),
        ("mark-unknown-caller", call.resident is None),
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
    """Waiting counts from the press, handling from the answer, the follow-up from the emergency's end."""
    if call.state in WAITING or call.holder is None:
        return call.resolved_at or call.raised_at
    return call.resolved_at or call.holder.since
