"""The public JSON of calls and of events about them (CONTRACT, HTTP), one shape for stream, API and pages."""

from collections.abc import Sequence
from operator import attrgetter

import msgspec

from hub.domain.calls import Call
from hub.domain.events import Event, NewEvent, Noticed, Told
from hub.domain.residents import Card
from hub.domain.responders import Responder


class HolderView(msgspec.Struct, frozen=True, kw_only=True):
    """Who has the call."""

    id: str
    name: str
    since: int


class CallView(msgspec.Struct, frozen=True, kw_only=True):
    """A call as programs see it. Times are Unix ms UTC."""

    id: str
    state: str
    kind: str
    device: str
    resident: str | None
    resident_name: str | None
    area: str
    clinic: str | None
    raised_at: int
    pressed_at: int
    presses: int
    holder: HolderView | None
    rung: tuple[str, ...]
    decoded: bool
    late: bool
    drill: bool
    test: bool
    outcome: str | None
    resolved_at: int | None
    closed_at: int | None
    rating: int | None
    cancel_asked_at: int | None
    linked: str | None
    answered_at: int | None
    lapses_at: int | None
    scene_due_at: int | None
    feedback_by: str | None
    merged_into: str | None


class By(msgspec.Struct, frozen=True):
    """The person who did it."""

    id: str
    name: str


class EventView(Noticed, frozen=True, kw_only=True, omit_defaults=True):
    """What an event adds to its call: who, when, and what belongs to its type."""

    type: str
    at: int
    call: CallView | None = None
    id: str | None = None
    device: str | None = None
    area: str | None = None
    by: By | None = None


class TimelineItem(Told, frozen=True, kw_only=True, omit_defaults=True):
    """One event of a call, as its timeline tells it; `id` is the event's."""

    id: int
    type: str
    at: int
    by: By | None = None


class ResponderView(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who was sent, on a line of their own. Times are Unix ms UTC.

    `kind` is clinic, doctor, grid_worker, contact or emergency, `to` the id of the clinic, person or contact, or the
    number; `by_plan`: asked by the hub because nobody else had accepted.
    """

    id: str
    kind: str
    to: str
    name: str
    phone: str
    state: str
    note: str
    by_plan: bool
    asked_at: int
    promised_at: int | None
    accepted_at: int | None
    declined_at: int | None
    no_answer_at: int | None
    on_the_way_at: int | None
    arrived_at: int | None
    done_at: int | None


class CallDetail(CallView, frozen=True, kw_only=True):
    """A call with all that a responder needs: the caller's card, who was sent, and what happened.

    `merged`: the ids of the calls that became part of this one.
    """

    card: Card | None
    responders: tuple[ResponderView, ...]
    merged: tuple[str, ...]
    timeline: tuple[TimelineItem, ...]


_noticed = attrgetter(*Noticed.__struct_fields__)
_stored_event = msgspec.json.Decoder(EventView)


def call_detail(
    call: Call,
    card: Card | None,
    timeline: Sequence[Event],
    responders: Sequence[Responder],
    merged: Sequence[str],
) -> CallDetail:
    """The public shape of `call` with its card, who was sent, and its `timeline` (oldest first)."""
    return CallDetail(
        **{name: getattr(call_view(call), name) for name in CallView.__struct_fields__},
        card=card,
        responders=tuple(map(responder_view, responders)),
        merged=tuple(merged),
        timeline=tuple(map(timeline_item, timeline)),
    )


def responder_view(responder: Responder) -> ResponderView:
    """The public shape of `responder`."""
    return msgspec.convert(responder, ResponderView, from_attributes=True)


def timeline_item(event: Event) -> TimelineItem:
    """The public shape of a stored event beside its call."""
    view = _stored_event.decode(event.data)
    told = {name: getattr(view, name) for name in TimelineItem.__struct_fields__ if name != "id"}
    return TimelineItem(id=event.id, **told)


def call_view(call: Call) -> CallView:
    """The public shape of `call`."""
    holder = call.holder
    return CallView(
        id=call.id,
        state=call.state.value,
        kind=call.kind,
        device=call.device,
        resident=call.resident,
        resident_name=call.resident_name,
        area=call.area,
        clinic=call.clinic,
        raised_at=call.raised_at,
        pressed_at=call.pressed_at,
        presses=call.presses,
        holder=None if holder is None else HolderView(id=holder.id, name=holder.name, since=holder.since),
        rung=call.rung,
        decoded=call.decoded,
        late=call.late,
        drill=call.drill,
        test=call.test,
        outcome=None if call.outcome is None else call.outcome.value,
        resolved_at=call.resolved_at,
        closed_at=call.closed_at,
        rating=call.rating,
        cancel_asked_at=call.cancel_asked_at,
        linked=call.linked,
        answered_at=call.answered_at,
        lapses_at=call.lapses_at,
        scene_due_at=call.scene_due_at,
        feedback_by=call.feedback_by,
        merged_into=call.merged_into,
    )


def event_view(event: NewEvent) -> EventView:
    """The public shape of `event`: `id` is the call's, so that a script needs no other field."""
    return EventView(
        **dict(zip(Noticed.__struct_fields__, _noticed(event.detail), strict=True)),
        type=event.type.value,
        at=event.at,
        call=None if event.call is None else call_view(event.call),
        id=None if event.call is None else event.call.id,
        device=_device(event),
        area=event.area,
        by=None if event.by_id is None else By(event.by_id, event.by_name or ""),
    )


def _device(event: NewEvent) -> str | None:
    if event.detail.press is not None:
        return event.detail.press.device
    return event.detail.device or (None if event.call is None else event.call.device)
