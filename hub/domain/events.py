"""What happened, told once: rows in the order of their commit, read by the live feed and the timeline."""

from enum import StrEnum

import msgspec

from hub.domain.calls import Call


class EventType(StrEnum):
    """Names that stand in `event:` of the stream and `type` of a timeline (docs/events.md)."""

    CALL_RAISED = "call.raised"
    CALL_PRESSED = "call.pressed"
    CALL_RUNG = "call.rung"
    CALL_ANSWERED = "call.answered"
    CALL_RELEASED = "call.released"
    CALL_HANDED_OVER = "call.handed_over"
    CALL_REMINDED = "call.reminded"
    CALL_LAPSED = "call.lapsed"  # its holder did nothing: it waits again
    CALL_RELIEVED = "call.relieved"  # its holder's shift is over
    CALL_EXTENDED = "call.extended"
    CALL_DISPATCHED = "call.dispatched"
    CALL_RESPONDER = "call.responder"  # one who was asked is a step farther
    CALL_UNMANNED = "call.unmanned"  # nobody comes, and there is nobody left to ask
    CALL_ESCALATED = "call.escalated"  # nobody was there in time
    CALL_CANCELLED = "call.cancelled"
    CALL_MERGED = "call.merged"  # into another
    CALL_ABSORBED = "call.absorbed"  # another became part of it
    CALL_REOPENED = "call.reopened"
    CALL_FEEDBACK_ASKED = "call.feedback_asked"
    CALL_NOTED = "call.noted"
    CALL_DIALLED = "call.dialled"
    CALL_CALLED_BACK = "call.called_back"
    CALL_CANCEL_ASKED = "call.cancel_asked"
    CALL_RESOLVED = "call.resolved"
    CALL_CLOSED = "call.closed"
    CALL_TESTED = "call.tested"
    PRESS_NOTED = "press.noted"  # a cancel, ok or callback that belongs to no open call
    CALL_UNRECORDED = "call.unrecorded"  # live only: the database is gone; never a row
    TIMER_FAILED = "timer.failed"
    RIGHTS_CHANGED = "user.rights_changed"
    ORDER_REFUSED = "command.refused"  # by our own signer: nothing was sent
    DEVICE_REFUSED_COMMAND = "device.refused_command"  # it came, and was not done
    DEVICE_ADDED = "device.added"
    DEVICE_CREDENTIALS = "device.credentials"  # it signs in with another password
    DEVICE_ASSIGNED = "device.assigned"  # to another household, or to none
    DEVICE_CHANGED = "device.changed"  # its model, or where it stands
    DEVICE_REMOVED = "device.removed"
    DEVICE_ONLINE = "device.online"  # hub.domain.presence
    DEVICE_LATE = "device.late"
    DEVICE_LOST = "device.lost"
    BROADCAST_CREATED = "broadcast.created"
    BROADCAST_CHANGED = "broadcast.changed"
    BROADCAST_PREPARED = "broadcast.prepared"
    BROADCAST_FAILED = "broadcast.failed"
    BROADCAST_APPROVED = "broadcast.approved"
    BROADCAST_REJECTED = "broadcast.rejected"
    BROADCAST_STOPPED = "broadcast.stopped"
    BROADCAST_CANCELLED = "broadcast.cancelled"
    BROADCAST_ENDED = "broadcast.ended"
    BROADCAST_AREAS_STOPPED = "broadcast.areas_stopped"
    BROADCAST_RUN_SENT = "broadcast.run.sent"
    BROADCAST_RUN_RECEIPT = "broadcast.run.receipt"
    BROADCAST_RUN_SKIPPED = "broadcast.run.skipped"
    BROADCAST_RUN_STOPPED = "broadcast.run.stopped"
    BROADCAST_RUN_ENDED = "broadcast.run.ended"
    RESIDENT_ADDED = "resident.added"
    RESIDENT_CHANGED = "resident.changed"
    RESIDENT_REMOVED = "resident.removed"
    AREA_ADDED = "area.added"
    AREA_CHANGED = "area.changed"
    AREA_REMOVED = "area.removed"
    PERSON_ADDED = "person.added"
    PERSON_CHANGED = "person.changed"
    PERSON_REMOVED = "person.removed"
    CLINIC_ADDED = "clinic.added"
    CLINIC_CHANGED = "clinic.changed"
    GROUP_CHANGED = "group.changed"
    GROUP_REMOVED = "group.removed"
    TEMPLATE_CHANGED = "template.changed"
    TEMPLATE_REMOVED = "template.removed"
    CLINIC_REMOVED = "clinic.removed"
    POLICY_ADDED = "policy.added"
    POLICY_CHANGED = "policy.changed"  # a new version of the plan is in force
    POLICY_REMOVED = "policy.removed"
    ROSTER_ADDED = "roster.added"
    ROSTER_CHANGED = "roster.changed"
    ROSTER_REMOVED = "roster.removed"
    REGISTER_IMPORTED = "register.imported"  # many at once, from a file


class PressSeen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The press inside an event. `at` is what the device's clock said, `received_at` the hub's."""

    id: str
    kind: str
    received_at: int
    device: str
    at: int | None = None
    age_ms: int | None = None
    battery: float | None = None
    signal: float | None = None
    decoded: bool = True
    late: bool = False
    via: str = "mqtt"


class ResponderSeen(msgspec.Struct, frozen=True, kw_only=True):
    """The responder inside an event, as they were then. `by_plan`: asked by the hub, not by a person."""

    id: str
    kind: str
    to: str
    name: str
    state: str
    by_plan: bool


class Told(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an event of a call says beside the call itself; only what belongs to its type is set."""

    press: PressSeen | None = None
    targets: tuple[str, ...] = ()
    step: str = ""
    note: str = ""
    outcome: str = ""
    number: str = ""
    promised_at: int | None = None
    callback: str = ""
    rating: int | None = None
    responder: ResponderSeen | None = None
    to: str = ""  # the name of the person who has the call now
    holder: str = ""  # the name of the person who had it before
    other: str = ""  # the call that this one was merged with
    feedback_by: str = ""
    people: tuple[str, ...] = ()  # who was told by telephone, as kind:name
    missed: tuple[str, ...] = ()  # whom a step could not reach, as whom:why


class Noticed(Told, frozen=True, kw_only=True, omit_defaults=True):
    """What events about devices and the register say besides."""

    command: str = ""  # of refusals: its id; empty when the device could not trust it
    reason: str = ""
    digest: str = ""  # SHA-256 of bytes that the device could not trust
    seen_at: int | None = None  # its last sign of life
    item: str = ""  # of events about the register: the id of what was changed, or what was imported
    fields: tuple[str, ...] = ()  # the names of what is different
    added: int | None = None
    changed: int | None = None


class Detail(Noticed, frozen=True, kw_only=True, omit_defaults=True):
    """All that an event may say beside its call."""

    device: str = ""  # of events about a device itself


class NewEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event on its way into the table; its id is given at the commit."""

    type: EventType
    at: int
    call: Call | None
    area: str
    clinic: str | None
    guests: tuple[str, ...] = ()  # clinics that see it besides
    by_id: str | None = None
    by_name: str | None = None
    detail: Detail = Detail()
    body: bytes | None = None  # the JSON of the stream, when it is no call's


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A committed event. Ids are consecutive in commit order; `data` is the JSON of the stream."""

    id: int
    type: str
    at: int
    call_id: str | None
    area: str
    clinic: str | None
    data: bytes
    guests: tuple[str, ...] = ()


def of_call(
    event_type: EventType,
    call: Call,
    now: int,
    *,
    by_id: str | None = None,
    by_name: str | None = None,
    detail: Detail = Detail(),  # noqa: B008 -- frozen
) -> NewEvent:
    """An event about `call`, visible to those who may see the call."""
    return NewEvent(
        type=event_type,
        at=now,
        call=call,
        area=call.area,
        clinic=call.clinic,
        guests=call.guests,
        by_id=by_id,
        by_name=by_name,
        detail=detail,
    )
