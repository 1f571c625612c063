"""A call's events as lines to read, newest first."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import msgspec

from hub.console.pages.times import minute_time
from hub.domain.events import Event
from hub.domain.views import EventView
from hub.i18n.phrases import Param

SayTargets = Callable[[Sequence[str]], str]
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_decoder = msgspec.json.Decoder(EventView)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line: `sentence` is its id in the catalogues, `note` what a person wrote."""

    at: int
    type: str
    sentence: str
    params: dict[str, Param]
    by: str | None
    note: str


def timeline(
    events: Sequence[Event], say_targets: SayTargets, others: Mapping[str, str] = NOTHING
) -> list[Entry]:
    """Lines for the `events` of one call; `say_targets` names who was rung, `others` whose other calls are."""
    return [_entry(event, say_targets, others) for event in reversed(events)]


def _entry(event: Event, say_targets: SayTargets, others: Mapping[str, str]) -> Entry:
    view = _decoder.decode(event.data)
    return Entry(
        at=view.at,
        type=view.type,
        sentence="event-" + view.type.replace(".", "-").replace("_", "-"),
        params=_params(view)
        | {"who": say_targets(view.targets), "other": others.get(view.other, view.other)},
        by=None if view.by is None else view.by.name,
        note=view.note,
    )


def _params(view: EventView) -> dict[str, Param]:
    return {
        "kind": _kind(view),
        "late": 0 if view.press is None else int(view.press.late),
        "number": view.number,
        "caller": view.number or "none",
        "promised": "none" if view.promised_at is None else minute_time(view.promised_at),
        "outcome": view.outcome or view.callback,
        "rating": view.rating or 0,
        "step": view.step,
        "to": view.to,
        "handed": int(bool(view.to)),
        "holder": view.holder,
        "feedback": view.feedback_by,
        "helper": "" if view.responder is None else view.responder.name,
        "state": "" if view.responder is None else view.responder.state,
        "plan": int(view.responder is not None and view.responder.by_plan),
    }


def _kind(view: EventView) -> str:
    """What was pressed; of a call entered by hand, how help was asked for."""
    if view.press is not None:
        return view.press.kind
    return "" if view.call is None else view.call.kind
