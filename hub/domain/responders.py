"""Who is sent to an elder: clinic, village doctor, grid worker, family, 120/119/110; each a line with its own times."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

import msgspec

from hub.domain.calls import Call
from hub.domain.errors import Conflict
from hub.domain.residents import Contact

ASK_MS = 120_000  # nobody accepted for so long: the next is asked
SCENE_MS, SCENE_RED_MS = 1_800_000, 900_000  # nobody is there so long after the first was sent


class ResponderKind(StrEnum):
    """What somebody is to the elder, in the order in which a household's own are asked; numbers only by a person."""

    CLINIC = "clinic"
    DOCTOR = "doctor"
    GRID_WORKER = "grid_worker"
    CONTACT = "contact"
    EMERGENCY = "emergency"  # 120, 119, 110, as dialled by a person


class ResponderState(StrEnum):
    """How far a responder is."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    ON_THE_WAY = "on_the_way"
    ARRIVED = "arrived"
    DONE = "done"


ORDER = (ResponderKind.CLINIC, ResponderKind.DOCTOR, ResponderKind.GRID_WORKER, ResponderKind.CONTACT)
COMING = (ResponderState.ARRIVED, ResponderState.ON_THE_WAY, ResponderState.ACCEPTED)  # the nearest first
SENT = frozenset({ResponderState.ASKED, *COMING})
# each state, and those from which it can be reached: who did not answer in time, or declined, may still come
REACHED_FROM: Mapping[ResponderState, frozenset[ResponderState]] = {
    ResponderState.ACCEPTED: frozenset(
        {ResponderState.ASKED, ResponderState.NO_ANSWER, ResponderState.DECLINED}
    ),
    ResponderState.DECLINED: frozenset(
        {
            ResponderState.ASKED,
            ResponderState.NO_ANSWER,
            ResponderState.ACCEPTED,
            ResponderState.ON_THE_WAY,
        }
    ),
    ResponderState.NO_ANSWER: frozenset({ResponderState.ASKED}),
    ResponderState.ON_THE_WAY: frozenset(
        {
            ResponderState.ASKED,
            ResponderState.NO_ANSWER,
            ResponderState.DECLINED,
            ResponderState.ACCEPTED,
        }
    ),
    ResponderState.ARRIVED: frozenset(
        {
            ResponderState.ASKED,
            ResponderState.NO_ANSWER,
            ResponderState.DECLINED,
            ResponderState.ACCEPTED,
            ResponderState.ON_THE_WAY,
        }
    ),
    ResponderState.DONE: frozenset({ResponderState.ARRIVED}),
}


class Responder(msgspec.Struct, frozen=True, kw_only=True):
    """One who was asked to go. `to` is the id in the register, or the number; `spoken` is what the elder hears: a
    name, or the id of a phrase for a role. `by_plan`: asked by the hub because nobody else had accepted."""

    id: str
    call: str
    kind: ResponderKind
    to: str
    name: str
    phone: str
    spoken: str
    state: ResponderState
    asked_at: int
    note: str = ""
    by_plan: bool = False
    former: bool = False  # asked before the case was reopened, and not again since
    promised_at: int | None = None
    accepted_at: int | None = None
    declined_at: int | None = None
    no_answer_at: int | None = None
    on_the_way_at: int | None = None
    arrived_at: int | None = None
    done_at: int | None = None


def move(responder: Responder, state: ResponderState, now: int) -> Responder:
    """`responder` in `state` since `now`; the same again changes nothing. Conflict: it cannot follow."""
    if responder.state is state:
        return responder
    if responder.state not in REACHED_FROM.get(state, frozenset()):
        raise Conflict("responder-wrong-state", state=responder.state.value, name=responder.name)
    moved: Responder = msgspec.structs.replace(
        responder, state=state, former=False, **{f"{state.value}_at": now}
    )
    return moved


def ask(responder: Responder, now: int) -> Responder:
    """The line as it stands when its responder is asked (again); a number that was dialled is on its way to accept."""
    asked = msgspec.structs.replace(
        responder,
        state=ResponderState.ASKED,
        asked_at=now,
        former=False,
        accepted_at=None,
        declined_at=None,
        no_answer_at=None,
        on_the_way_at=None,
        arrived_at=None,
        done_at=None,
    )
    if responder.kind is ResponderKind.EMERGENCY:  # whoever dialled has spoken with them
        return move(asked, ResponderState.ACCEPTED, now)
    return asked


def who_comes(sent: Sequence[Responder]) -> Responder | None:
    """Of those who have accepted the nearest, who accepted first; None: nobody has."""
    coming = [one for one in sent if one.state in COMING]
    return min(coming, key=lambda one: (COMING.index(one.state), one.asked_at, one.id), default=None)


def is_wanted(sent: Sequence[Responder]) -> bool:
    """Whether another must be asked: nobody comes, and nobody thinks about it."""
    return not any(one.state in SENT for one in sent)


def was_there(one: Responder) -> bool:
    """Whether they are on the scene, or were: not in a case that was reopened since."""
    return one.arrived_at is not None and not one.former


def is_guest(one: Responder, call: Call) -> bool:
    """Whether this is the line of a clinic other than the resident's own: it sees the call because it was asked."""
    return one.kind is ResponderKind.CLINIC and one.to != call.clinic


def end(one: Responder, now: int) -> Responder:
    """The line of a case that begins anew: whoever was still out for it is not any more."""
    if one.state not in SENT:
        return msgspec.structs.replace(one, former=True)
    return msgspec.structs.replace(one, state=ResponderState.DONE, done_at=now, former=True)


def goes_again(one: Responder) -> bool:
    """Whether somebody of a case that begins anew is asked again: who came, or was about to. No number is dialled."""
    return one.kind is not ResponderKind.EMERGENCY and one.state in SENT | {ResponderState.DONE}


def next_to_ask(household: Sequence[Contact], sent: Sequence[Responder]) -> Contact | None:
    """The first of the household's own who can be reached and was not asked yet, since the case was reopened if it
    was; None: there is none left."""
    asked = {(one.kind.value, one.to) for one in sent if not one.former}
    for kind in ORDER:
        for one in household:
            if one.kind == kind.value and (one.kind, one.id) not in asked and _is_reachable(one):
                return one
    return None


def spoken(one: Contact) -> str:
    """What the elder hears of somebody who comes: a clinic's name, what family is to them, a helper's role."""
    if one.kind == ResponderKind.CLINIC:
        return one.name
    if one.kind == ResponderKind.CONTACT:
        return one.relation or one.name
    role = one.id if one.kind == ResponderKind.EMERGENCY else one.kind
    return "spoken-" + role.replace("_", "-")


def scene_ms(call: Call, conditions: str) -> int:
    """How long after sending the first somebody must be there: a fall, or an emergency of somebody ill, is red."""
    return SCENE_RED_MS if call.kind == "fall" or conditions.strip() else SCENE_MS


def _is_reachable(one: Contact) -> bool:
    return one.kind == ResponderKind.CLINIC or bool(one.phone)  # a clinic has a desk
