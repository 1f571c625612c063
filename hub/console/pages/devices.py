"""Devices: how each is now, and one of them with its charts and what it said last."""

from collections.abc import Mapping
from functools import partial
from typing import Final

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response

from devices.topics import DeviceKind
from hub.console.context import ConsoleContext, Context, context_of
from hub.console.language import language_of
from hub.console.pages.frame import show_page
from hub.console.pages.rendering import render
from hub.console.pages.route import PageRoute, PageSession
from hub.console.pages.rows import place
from hub.console.register.choices import AreaLine, chosen, tree
from hub.console.register.forms import own_prefix
from hub.domain.errors import NotFound, Unavailable
from hub.domain.people import NOTHING, User, call_scope
from hub.domain.presence import Presence
from hub.domain.presses import PressLine
from hub.domain.register import Device, DeviceLine, DeviceWish
from hub.domain.residents import ResidentRecord
from hub.domain.telemetry import DAY_MS, DeviceState
from hub.ports import Reader

router = APIRouter(prefix="/devices", route_class=PageRoute)
SHOWN: Final = 200
MOST_SHOWN: Final = 2_000
PRESSES_SHOWN: Final = 10
PRESENCES: Final = (*(one.value for one in reversed(Presence)), "never")
KINDS: Final = tuple(kind.value for kind in DeviceKind)
SPANS_MS: Final = {"day": DAY_MS, "month": 30 * DAY_MS}
FIRST_METRICS: Final = ("battery", "signal")
LOW_BATTERY, WEAK_DBM = 20, -105


class DeviceRow(msgspec.Struct, frozen=True, kw_only=True):
    """One device in the list; `state` is None for one that has not been heard of, or while telemetry is away."""

    line: DeviceLine
    place: str
    presence: str
    since: int | None
    state: DeviceState | None


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """The list: `counts` are of all that the other filters let through, by presence."""

    rows: tuple[DeviceRow, ...]
    counts: Mapping[str, int]
    more: int
    wish: DeviceWish
    area: str
    areas: tuple[AreaLine, ...]
    trouble: Unavailable | None


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    """One device with all that its page shows."""

    device: Device
    resident: ResidentRecord | None
    place: str
    presses: tuple[PressLine, ...] | None
    state: DeviceState | None


@router.get("")
async def devices(
    request: Request,
    context: Context,
    session: PageSession,
    q: str = "",
    area: str = "",
    kind: str = "",
    presence: str = "",
) -> Response:
    """The list with its filters."""
    board = await _board(context, session.user, (q, area, kind, presence), SHOWN)
    return await show_page(request, session, "devices/list.html", **_words(request, board))


@router.get("/rows")
async def rows(
    request: Request,
    context: Context,
    session: PageSession,
    q: str = "",
    area: str = "",
    kind: str = "",
    presence: str = "",
    show: int = SHOWN,
) -> Response:
    """The list alone, as it is now."""
    shown = min(max(show, SHOWN), MOST_SHOWN)
    board = await _board(context, session.user, (q, area, kind, presence), shown)
    return render(request, "devices/table.html", values=_words(request, board))


@router.get("/{device_id}")
async def device(device_id: str, request: Request, context: Context, session: PageSession) -> Response:
    """One device."""
    values = await _whole(request, context, session.user, device_id)
    return await show_page(request, session, "devices/one.html", **values)


@router.get("/{device_id}/now")
async def device_now(device_id: str, request: Request, context: Context, session: PageSession) -> Response:
    """What is known of it at this moment."""
    return render(request, "devices/now.html", values=await _whole(request, context, session.user, device_id))


async def _board(context: ConsoleContext, user: User, filters: tuple[str, str, str, str], show: int) -> Board:
    text, area, kind, presence = filters
    own = own_prefix(user)

    def look(read: Reader) -> Board:
        areas, names = tuple(tree(read.areas(own))), read.area_names()
        wish = DeviceWish(
            prefix=chosen(own, area, areas),
            text=text.replace("\x00", "").strip()[:80],
            kind=kind if kind in KINDS else "",
            presence=presence if presence in PRESENCES else "",
        )
        found = read.device_lines(wish, "", show + 1)
        rows = (
            DeviceRow(
                line=line,
                place=place(line.area, names, user.area),
                presence=line.presence or "never",
                since=line.since,
                state=None,
            )
            for line in found[:show]
        )
        return Board(
            rows=tuple(rows),
            counts=read.count_devices(wish),
            more=min(show + SHOWN, MOST_SHOWN) if len(found) > show and show < MOST_SHOWN else 0,
            wish=wish,
            area=area,
            areas=areas,
            trouble=context.telemetry.trouble(),
        )

    board = await context.store.read(look)
    states = await _states(context, [row.line.id for row in board.rows])
    return msgspec.structs.replace(board, rows=tuple(_with_state(row, states) for row in board.rows))


def _with_state(row: DeviceRow, states: Mapping[str, DeviceState]) -> DeviceRow:
    """What the telemetry role knows is newer than what the main database was told."""
    state = states.get(row.line.id)
    if state is None:
        return row
    return msgspec.structs.replace(row, presence=state.presence.value, since=state.since, state=state)


async def _states(context: ConsoleContext, ids: list[str]) -> Mapping[str, DeviceState]:
    try:
        return await context.telemetry.states(ids) if ids else {}
    except Unavailable:
        return {}


async def _whole(request: Request, context: ConsoleContext, user: User, device_id: str) -> dict[str, object]:
    own = own_prefix(user)
    sees_calls = call_scope(user) != NOTHING

    def look(read: Reader) -> Whole:
        found = read.device(device_id, own)
        if found is None:
            raise NotFound("device-missing", device=device_id)
        home = None if found.resident is None else read.resident(found.resident, own)
        names = read.area_names()
        return Whole(
            device=found,
            resident=home,
            place=place(home.area if home else found.area or "", names, user.area),
            presses=tuple(read.newest_presses(device_id, PRESSES_SHOWN)) if sees_calls else None,
            state=None,
        )

    whole = await context.store.read(look)
    states = await _states(context, [device_id])
    whole = msgspec.structs.replace(whole, state=states.get(device_id))
    metrics = () if whole.state is None else whole.state.metrics
    named = [*(name for name in FIRST_METRICS if name in metrics), *sorted(set(metrics) - set(FIRST_METRICS))]
    return {
        "whole": whole,
        "metrics": named or list(FIRST_METRICS),
        "spans": SPANS_MS,
        "trouble": context.telemetry.trouble(),
        "lasted": partial(_lasted, request),
        "metric_name": partial(_metric, request, "metric"),
        "metric_unit": partial(_metric, request, "unit"),
    }


def _words(request: Request, board: Board) -> dict[str, object]:
    return {
        "board": board,
        "presences": PRESENCES,
        "kinds": KINDS,
        "low_battery": LOW_BATTERY,
        "weak_dbm": WEAK_DBM,
        "metric_unit": partial(_metric, request, "unit"),
    }


def _lasted(request: Request, seconds: float) -> str:
    """How long, in the two largest units that say something."""
    minutes = int(seconds) // 60
    days, hours = minutes // 1440, minutes // 60 % 24
    unit = "days" if days else "hours" if hours else "minutes"
    say, lang = context_of(request).phrases.say, language_of(request)
    return say(lang, "lasted", unit=unit, days=days, hours=hours, minutes=minutes % 60)


def _metric(request: Request, what: str, name: str) -> str:
    """The name or the unit of a metric in words; of one that nobody has named: its own name, no unit."""
    phrases = context_of(request).phrases
    message = f"{what}-{name.lower().replace('_', '-').replace('.', '-')}"
    if phrases.has(message):
        return phrases.say(language_of(request), message)
    return name if what == "metric" else ""
