"""What a user can do with a call now: the buttons of its card (the services decide again, whoever asks)."""

import msgspec

from hub.domain import responders
from hub.domain.calls import HELD, WAITING, Call
from hub.domain.cases import ALLOWED, Deed
from hub.domain.people import User, may_handle_calls
from hub.domain.residents import Contact
from hub.domain.responders import Responder, ResponderKind, ResponderState
from hub.services.casefile import is_guest
from hub.services.duty import leads

# what somebody does next, in the order in which they do it; more is possible, and rarely wanted
NEXT = {
    ResponderState.ASKED: ("accept", "on-the-way", "decline"),
    ResponderState.ACCEPTED: ("on-the-way", "arrived", "decline"),
    ResponderState.ON_THE_WAY: ("arrived", "decline"),
    ResponderState.ARRIVED: ("done",),
    ResponderState.NO_ANSWER: ("accept", "on-the-way"),
    ResponderState.DECLINED: ("accept",),
    ResponderState.DONE: (),
}
SENDABLE = frozenset(kind.value for kind in responders.ORDER)
NAMED_BY = {"clinic": "clinic", "contact": "contact"}  # of `to`; village doctors and grid workers are people


class Doings(msgspec.Struct, frozen=True, kw_only=True):
    """Which buttons the card has."""

    answer: bool = False
    resolve: bool = False
    release: bool = False
    hand_over: bool = False
    extend: bool = False
    dispatch: bool = False
    cancel: bool = False
    merge: bool = False
    follow_up: bool = False
    reopen: bool = False
    write: bool = False
    note: bool = False


class Helper(msgspec.Struct, frozen=True, kw_only=True):
    """One who may go, or has been sent: `to` names them for a dispatch, `steps` what can be said of them next.

    `ours`: the clinic of the one who looks.
    """

    to: str
    kind: str
    name: str
    relation: str
    phone: str
    line: Responder | None
    since: int | None
    steps: tuple[str, ...]
    send: bool
    ours: bool


def doings(call: Call, user: User) -> Doings:
    """What `user` can do with `call`."""
    if not may_handle_calls(user):
        return Doings()
    if is_guest(user, call):
        return Doings(note=call.state in ALLOWED[Deed.NOTE])
    mine = call.holder is not None and call.holder.id == user.id
    free = call.holder is None or mine

    def can(deed: Deed, *, who: bool) -> bool:
        return who and call.state in ALLOWED[deed]

    return Doings(
        answer=can(Deed.ANSWER, who=True),
        resolve=can(Deed.RESOLVE, who=mine),
        release=can(Deed.RELEASE, who=mine),
        hand_over=can(Deed.HAND_OVER, who=mine or (leads(user) and call.holder is not None)),
        extend=can(Deed.EXTEND, who=mine),
        dispatch=can(Deed.DISPATCH, who=mine),
        cancel=can(Deed.CANCEL, who=free and call.cancel_asked_at is not None),
        merge=can(Deed.MERGE, who=free),
        follow_up=can(Deed.CLOSE, who=free),
        reopen=can(Deed.REOPEN, who=call.merged_into is None and not call.test),
        write=can(Deed.NOTE, who=True),
        note=can(Deed.NOTE, who=True),
    )


def helpers(
    call: Call, contacts: tuple[Contact, ...], sent: tuple[Responder, ...], user: User
) -> tuple[Helper, ...]:
    """The household's own in the order in which they are asked, then whoever else was sent; numbers are apart."""
    order = {kind.value: place for place, kind in enumerate(responders.ORDER)}
    lines = {(line.kind.value, line.to): line for line in sent}
    near = sorted(contacts, key=lambda one: order.get(one.kind, len(order)))
    known = {(one.kind, one.id) for one in near}
    strangers = [
        _as_contact(line)
        for key, line in lines.items()
        if key not in known and line.kind is not ResponderKind.EMERGENCY
    ]
    return tuple(helper(call, one, lines.get((one.kind, one.id)), user) for one in (*near, *strangers))


def numbers(call: Call, sent: tuple[Responder, ...], user: User) -> dict[str, Helper]:
    """120, 119 and 110 as far as they were dialled."""
    dialled = (line for line in sent if line.kind is ResponderKind.EMERGENCY)
    return {line.to: helper(call, _as_contact(line), line, user) for line in dialled}


def helper(call: Call, one: Contact, line: Responder | None, user: User) -> Helper:
    """`one` with what was made of them in this case."""
    can = doings(call, user)
    ours = one.kind == ResponderKind.CLINIC and one.id == user.clinic
    may_tell = can.note and (ours or user.clinic is None or can.resolve)
    out = line is not None and line.state in responders.SENT | {ResponderState.DONE}
    return Helper(
        to=f"{NAMED_BY.get(one.kind, 'person')}:{one.id}",
        kind=one.kind,
        name=one.name,
        relation=one.relation,
        phone=one.phone,
        line=line,
        since=None if line is None else getattr(line, f"{line.state.value}_at"),
        steps=NEXT[line.state] if line is not None and may_tell and call.state in HELD | WAITING else (),
        send=can.dispatch and one.kind in SENDABLE and not out,
        ours=ours,
    )


def _as_contact(line: Responder) -> Contact:
    return Contact(id=line.to, kind=line.kind.value, name=line.name, relation="", phone=line.phone)
