"""Devices as the county's administrator keeps them: enrolled, moved, given new credentials, taken out of service."""

import asyncio
import hashlib
import hmac
from collections.abc import Callable
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Path, Request
from pydantic import ConfigDict, Field
from starlette.responses import Response

from broker_config.passwords import hash_password, new_password
from devices.enrolment import Limits
from devices.ids import DEVICE_ID_RE
from devices.topics import DeviceKind
from hub.console.api.answers import answers, json_response
from hub.console.api.bodies import Body, Line, Nothing
from hub.console.api.devices import DeviceView, device_view, states_of
from hub.console.api.doing import Does, Doing
from hub.console.auth import AdminUser, CurrentSession, presented_token
from hub.console.context import ConsoleContext, Context
from hub.domain.enrolment import Enrolled
from hub.domain.register import Device
from hub.ports import Transaction
from hub.services.register import (
    DeviceChange,
    NewDevice,
    add_device,
    change_device,
    remove_device,
    renew_credentials,
)

router = APIRouter(prefix="/devices", tags=["devices"])

DeviceId = Annotated[str, Path(pattern=f"^{DEVICE_ID_RE.pattern}$")]
Code = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]
ClockTime = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Share = Annotated[int, Field(strict=True, ge=0, le=100)]
MinutesADay = Annotated[int, Field(strict=True, ge=0, le=1440)]
SAME_KEY_FOR: Final = "device-password"


class QuietBody(Body):
    """A daily stretch without routine sound, in local time; `from` later than `until` spans midnight."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    from_: ClockTime = Field(alias="from")
    until: ClockTime


class LimitsBody(Body):
    """What no command exceeds: the loudspeaker itself holds to it. Volumes 0-100; null: no limit of minutes."""

    volume: Share = 100
    emergency_volume: Share = 100
    minutes_a_day: MinutesADay | None = None
    emergency_minutes_a_day: MinutesADay | None = None
    quiet: Annotated[tuple[QuietBody, ...], Field(max_length=8)] = ()


class DeviceBody(Body):
    """A device to be. One that a resident holds needs no area; `limits` are a loudspeaker's."""

    id: Annotated[str, Field(min_length=1, max_length=64)]
    kind: DeviceKind
    model: Line = ""
    area: Code | None = None
    resident: Code | None = None
    limits: LimitsBody = LimitsBody()


class DevicePatch(Body):
    """What is to be different; what is left out stays. `resident` null takes the device back."""

    model: Line | None = None
    area: Code | None = None
    resident: Code | None = None


@router.post("", responses=answers(Enrolled, "All that it must be told", 201), response_class=Response)
async def enrol_device(
    body: DeviceBody,
    request: Request,
    context: Context,
    admin: AdminUser,
    session: CurrentSession,
    doing: Does,
) -> Response:
    """Enter a device. Its password is shown this once; our broker lets it in within two seconds."""
    context.enrolment.check(body.kind)
    password = drawn_password(request, doing.asked.key)
    new = NewDevice(
        id=body.id,
        kind=body.kind,
        model=body.model,
        area=body.area,
        resident=body.resident,
        limits=msgspec.convert(body.limits.model_dump(by_alias=True), Limits),
    )

    def add(tx: Transaction, now: int) -> Device:
        return add_device(tx, new, hash_password(password), admin, now)

    return await _told(context, doing.under(f"session:{session.token_hash}"), add, password, 201)


@router.post(
    "/{device_id}/credentials",
    responses=answers(Enrolled, "All that it must be told"),
    response_class=Response,
)
async def renew(
    device_id: DeviceId,
    request: Request,
    context: Context,
    admin: AdminUser,
    session: CurrentSession,
    doing: Does,
    _: Nothing | None = None,
) -> Response:
    """A new password, shown this once.

    At the broker the old one ends within two seconds; at the second path it lives on until the new one is used.
    """
    password = drawn_password(request, doing.asked.key)

    def change(tx: Transaction, now: int) -> Device:
        return renew_credentials(tx, device_id, hash_password(password), admin, now)

    return await _told(context, doing.under(f"session:{session.token_hash}"), change, password, 200)


@router.patch("/{device_id}", responses=answers(DeviceView, "As it is now"), response_class=Response)
async def change(device_id: DeviceId, body: DevicePatch, context: Context, admin: AdminUser) -> Response:
    """Another model, place or household. A loudspeaker that was moved is told its zones when it is online."""
    resident = body.resident if "resident" in body.model_fields_set else msgspec.UNSET
    wanted = DeviceChange(model=body.model, area=body.area, resident=resident)
    now = context.clock.now()
    device = await context.store.run(lambda tx: change_device(tx, device_id, wanted, admin, now))
    states = await states_of(context, [device])
    return json_response(device_view(device, states.get(device_id)))


@router.delete(
    "/{device_id}", responses=answers(None, "Out of service", 204), response_class=Response, status_code=204
)
async def remove(device_id: DeviceId, context: Context, admin: AdminUser) -> Response:
    """Take a device out of service. Its id is never used again, and its account ends within two seconds."""
    now = context.clock.now()
    await context.store.run(lambda tx: remove_device(tx, device_id, admin, now))
    return Response(status_code=204)


async def _told(
    context: ConsoleContext,
    doing: Doing,
    command: Callable[[Transaction, int], Device],
    password: str,
    status: int,
) -> Response:
    # what is kept to repeat the answer is the device without its password
    kept = await doing.keep(command, status)
    device = msgspec.json.decode(kept.body, type=Device)
    told = await asyncio.to_thread(context.enrolment.enrol, device, password)
    return json_response(told, kept.status)


def drawn_password(request: Request, key: str | None, device: str = "") -> str:
    """A new password. Under an Idempotency-Key it comes from the asker's own secret, the key and the device.

    So the same request gives the same password again, and still none is ever stored.
    """
    if key is None:
        return new_password()
    mine = presented_token(request) or ""
    words = f"{SAME_KEY_FOR} {request.url.path} {key} {device}".rstrip()
    return hmac.new(mine.encode(), words.encode(), hashlib.sha256).hexdigest()
