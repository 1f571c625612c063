"""Devices as the register has them and as they are now, and what one of them measured."""

from collections.abc import Sequence
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from devices.errors import IdError
from devices.ids import DEVICE_ID_RE
from devices.telemetry import METRIC_NAME_RE
from hub.console.api.answers import answers, json_response
from hub.console.auth import ReadingUser
from hub.console.context import ConsoleContext, Context
from hub.domain.areas import area_prefix
from hub.domain.errors import Invalid, NotFound, Unavailable
from hub.domain.people import User
from hub.domain.register import Device
from hub.domain.telemetry import DAY_MS, Bucket, DeviceState, span
from hub.ports import Reader

router = APIRouter(prefix="/devices", tags=["devices"])
MAX_PAGE: Final = 500


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """The newest value of a metric and when it was measured (Unix ms)."""

    value: float
    at: int


class Now(msgspec.Struct, frozen=True, kw_only=True):
    """How a device is: `presence` (online, late, lost) since `since`; it promised to speak every `every_s`.

    `clock_off_ms`: how far its clock was off in its last telemetry, which the chart then leaves out.
    `rejected`: values and messages of it that made no sense, since ever.
    """

    presence: str
    since: int
    seen_at: int
    every_s: int
    fw: str | None
    telemetry_at: int | None
    clock_off_ms: int
    rejected: int
    metrics: dict[str, Value]


class DeviceView(msgspec.Struct, frozen=True, kw_only=True):
    """A device in service. `now` is null for one that never spoke, and while telemetry cannot be read."""

    id: str
    kind: str
    model: str
    area: str | None
    resident: str | None
    created_at: int
    now: Now | None


class DevicePage(msgspec.Struct, frozen=True, kw_only=True):
    """Devices by id. Follow `GET /events?after=` from `last_event_id` and no change of presence is missed."""

    items: tuple[DeviceView, ...]
    next_cursor: str | None
    last_event_id: int


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """One metric of one device in pieces of `step_ms`, oldest first; empty pieces are left out."""

    device: str
    metric: str
    start: int = msgspec.field(name="from")
    to: int
    step_ms: int
    items: tuple[Bucket, ...]


DeviceId = Annotated[str, Path(pattern=f"^{DEVICE_ID_RE.pattern}$")]
Millis = Annotated[int | None, Query(ge=0, le=2**53 - 1)]


@router.get("", responses=answers(DevicePage, "One page"), response_class=Response)
async def list_devices(
    context: Context,
    user: ReadingUser,
    area: Annotated[str | None, Query(max_length=32)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 100,
    cursor: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """Devices of the user's area, or of `area` within it, each with its presence and newest values."""
    prefix = _prefix(user, area)

    def look(read: Reader) -> tuple[int, Sequence[Device]]:
        return read.last_event_id(), read.device_page(prefix, cursor, limit + 1)

    last, found = await context.store.read(look)
    shown = found[:limit]
    states = await states_of(context, shown)
    page = DevicePage(
        items=tuple(device_view(device, states.get(device.id)) for device in shown),
        next_cursor=shown[-1].id if len(found) > limit else None,
        last_event_id=last,
    )
    return json_response(page)


@router.get("/{device_id}", responses=answers(DeviceView, "The device"), response_class=Response)
async def get_device(context: Context, user: ReadingUser, device_id: DeviceId) -> Response:
    """One device with its presence and newest values."""
    device = await _visible(context, user, device_id)
    states = await states_of(context, [device])
    return json_response(device_view(device, states.get(device_id)))


@router.get("/{device_id}/telemetry", responses=answers(Series, "The chart"), response_class=Response)
async def get_telemetry(
    context: Context,
    user: ReadingUser,
    device_id: DeviceId,
    metric: Annotated[str, Query(max_length=64)],
    start: Annotated[Millis, Query(alias="from")] = None,
    to: Millis = None,
) -> Response:
    """One metric from `from` until `to` (Unix ms; the last day when left out), in at most 750 pieces.

    Up to two days back in minutes, older in hours, thirty days at least. 503 while the store is away.
    """
    if METRIC_NAME_RE.fullmatch(metric) is None:
        raise Invalid("metric-wrong", field="metric")
    now = context.clock.now()
    end = now if to is None else to
    wanted = span(end - DAY_MS if start is None else start, end, now)
    await _visible(context, user, device_id)
    items = await context.telemetry.series(device_id, metric, wanted)
    series = Series(
        device=device_id,
        metric=metric,
        start=wanted.start,
        to=wanted.end,
        step_ms=wanted.step_ms,
        items=tuple(items),
    )
    return json_response(series)


async def states_of(context: ConsoleContext, devices: Sequence[Device]) -> dict[str, DeviceState]:
    """How `devices` are; nothing is known of any while telemetry is away (`context.telemetry.trouble` says why)."""
    try:
        return dict(await context.telemetry.states([device.id for device in devices]))
    except Unavailable:
        return {}


def device_view(device: Device, state: DeviceState | None) -> DeviceView:
    """The public shape of a device."""
    return DeviceView(
        id=device.id,
        kind=device.kind.value,
        model=device.model,
        area=device.area,
        resident=device.resident,
        created_at=device.created_at,
        now=None if state is None else _now(state),
    )


def _now(state: DeviceState) -> Now:
    return Now(
        presence=state.presence.value,
        since=state.since,
        seen_at=state.heard.seen_at,
        every_s=state.heard.every_s,
        fw=None if state.about is None else state.about.fw,
        telemetry_at=state.telemetry_at,
        clock_off_ms=state.clock_off_ms,
        rejected=state.rejected,
        metrics={name: Value(value=latest.value, at=latest.at) for name, latest in state.metrics.items()},
    )


def _prefix(user: User, area: str | None) -> str:
    """What is asked for within what the user may see; 404 for an area elsewhere."""
    own = area_prefix(user.area)
    if area is None:
        return own
    try:
        wanted = area_prefix(area)
    except IdError:
        wanted = ""
    if not wanted.startswith(own):
        raise NotFound("area-unknown", field="area", area=area)
    return wanted


async def _visible(context: ConsoleContext, user: User, device_id: str) -> Device:
    prefix = area_prefix(user.area)
    device = await context.store.read(lambda read: read.device(device_id, prefix))
    if device is None:
        raise NotFound("device-not-yours", device=device_id)
    return device
