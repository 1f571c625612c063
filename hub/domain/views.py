"""The public JSON of calls and of events about them (CONTRACT, HTTP), one shape for stream, API and pages."""

from collections.abc import Sequence

import msgspec

from hub.domain.calls import Call
from hub.domain.events import Event, NewEvent, PressSeen
from hub.domain.residents import Card


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


class By(msgspec.Struct, frozen=True):
    """The person who did it."""

    id: str
    name: str


class EventView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an event adds to its call: who, when, and what belongs to its type."""

    type: str
    at: int
    call: CallView | None = None
    id: str | None = None
    device: str | None = None
    area: str | None = None
    command: str = ""
    reason: str = ""
    digest: str = ""
    by: By | None = None
    press: PressSeen | None = None
    targets: tuple[str, ...] = ()
    step: str = ""
    note: str = ""
    outcome: str = ""
    number: str = ""
    promised_at: int | None = None
    callback: str = ""
    rating: int | None = None
    seen_at: int | None = None
    item: str = ""
    fields: tuple[str, ...] = ()
    added: int | None = None
    changed: int | None = None


class TimelineItem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One event of a call, as its timeline tells it; `id` is the event's."""

    id: int
    type: str
    at: int
    by: By | None = None
    press: PressSeen | None = None
    targets: tuple[str, ...] = ()
    step: str = ""
    note: str = ""
    outcome: str = ""
    number: str = ""
    promised_at: int | None = None
    callback: str = ""
    rating: int | None = None


class Responder(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who was sent."""

    id: str
    name: str
    state: str


class CallDetail(CallView, frozen=True, kw_only=True):
    """A call with all that a responder needs: the caller's card, who was sent, and what happened."""

    card: Card | None
    responders: tuple[Responder, ...]
    timeline: tuple[TimelineItem, ...]


_stored_event = msgspec.json.Decoder(EventView)


def call_detail(call: Call, card: Card | None, timeline: Sequence[Event]) -> CallDetail:
    """The public shape of `call` with its card and `timeline` (oldest first)."""
    return CallDetail(
        **{name: getattr(call_view(call), name) for name in CallView.__struct_fields__},
        card=card,
        responders=(),
        timeline=tuple(map(timeline_item, timeline)),
    )


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
    )


def event_view(event: NewEvent) -> EventView:
    """The public shape of `event`: `id` is the call's, so that a script needs no other field."""
    detail = event.detail
    return EventView(
        type=event.type.value,
        at=event.at,
        call=None if event.call is None else call_view(event.call),
        id=None if event.call is None else event.call.id,
        device=_device(event),
        area=event.area,
        command=detail.command,
        reason=detail.reason,
        digest=detail.digest,
        by=None if event.by_id is None else By(event.by_id, event.by_name or ""),
        press=detail.press,
        targets=detail.targets,
        step=detail.step,
        note=detail.note,
        outcome=detail.outcome,
        number=detail.number,
        promised_at=detail.promised_at,
        callback=detail.callback,
        rating=detail.rating,
        seen_at=detail.seen_at,
        item=detail.item,
        fields=detail.fields,
        added=detail.added,
        changed=detail.changed,
    )


def _device(event: NewEvent) -> str | None:
    if event.detail.press is not None:
        return event.detail.press.device
    return event.detail.device or (None if event.call is None else event.call.device)
