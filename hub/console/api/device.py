"""The second path: a device that hears no `received` over MQTT posts the same press here.

Copies are told apart by their press id, not by an Idempotency-Key, and none is ever refused for its number:
429 could silence an elder.
"""

import asyncio
import base64
import binascii
from contextlib import suppress
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from broker_config.passwords import verify_password
from devices.codec import encode
from devices.ids import DEVICE_ID_RE, PRESS_ID_RE
from devices.messages import Reply
from hub.console.api.answers import answers, raw_response
from hub.console.context import ConsoleContext, Context, context_of
from hub.console.known_devices import PATIENCE_S
from hub.console.problems import HttpProblem
from hub.domain import replies
from hub.domain.errors import NotFound, Unavailable
from hub.domain.people import Scope
from hub.domain.register import DeviceCredentials
from hub.ports import Reader
from hub.services.register import end_former_credentials

router = APIRouter(prefix="/device", tags=["device"])
CHALLENGE: Final = {"www-authenticate": 'Basic realm="xiangyin device", charset="UTF-8"'}
PRESS_BODY: Final = {
    "requestBody": {
        "description": "The press, byte for byte as on `v1/d/{device}/call` (docs/asyncapi.yaml), at most 1 KiB.",
        "required": True,
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}
MAX_PASSWORD: Final = 128
BROKER_LEARNS_MS: Final = 10_000  # two seconds are promised (hub.workers.provision)
WHEREVER_PREFIX: Final = ""
WHEREVER: Final = Scope(area_prefix=WHEREVER_PREFIX)  # a device may know of its own call, wherever that rings


async def _device(request: Request) -> str:
    """The device behind HTTP Basic, by its MQTT credentials; 401 otherwise.

    Unavailable: the database cannot be asked, and what is known by heart does not fit.
    """
    context = context_of(request)
    device, password = _credentials(request.headers.get("authorization", ""))
    remembered = context.known.recall(device)
    found = await _ask(context, device, remembered, password)
    if found is not None and verify_password(password, found.password_hash):
        context.known.use(device, found.password_hash)
        if found is not remembered and context.known.is_unwritten(device):
            await _end_former(context, device, found)
        return device
    if found is None or not await _is_former(context, device, password, found):
        raise HttpProblem(401, "device-unknown", CHALLENGE)
    return device


async def _ask(
    context: ConsoleContext, device: str, remembered: DeviceCredentials | None, password: str
) -> DeviceCredentials | None:
    """What the database says; `remembered` itself when that fits and the database says nothing in time."""

    async def question() -> DeviceCredentials | None:
        found = await context.store.read(lambda read: read.device_credentials(device))
        context.known.learn(device, found)
        return found

    if remembered is None or not _may_fit(password, remembered):
        return await question()
    try:
        return await context.known.ask(question)
    except Unavailable:
        return remembered


def _may_fit(password: str, known: DeviceCredentials) -> bool:
    return verify_password(password, known.password_hash) or verify_password(password, known.former)


async def _is_former(context: ConsoleContext, device: str, password: str, found: DeviceCredentials) -> bool:
    """Whether this was the password until a short while ago, and nobody has used the new one yet.

    The broker lets in the new one alone: a device heard there since has it.
    """
    if context.known.has_used(device, found.password_hash) or not verify_password(password, found.former):
        return False
    state = None
    with suppress(Unavailable, TimeoutError):  # nothing is known of a device while telemetry is away
        async with asyncio.timeout(PATIENCE_S):
            state = (await context.telemetry.states([device])).get(device)
    return state is None or state.heard.seen_at < found.renewed_at + BROKER_LEARNS_MS


async def _end_former(context: ConsoleContext, device: str, found: DeviceCredentials) -> None:
    """The new password has been used. While that cannot be written, a press goes before it."""
    with suppress(Unavailable, TimeoutError):
        if found.former:
            async with asyncio.timeout(PATIENCE_S):
                await context.store.run(lambda tx: end_former_credentials(tx, device))
        context.known.written(device)


Device = Annotated[str, Depends(_device)]


@router.post(
    "/calls",
    responses=answers(Reply, "Stored; the reply as it would come over MQTT"),
    response_class=Response,
    openapi_extra=PRESS_BODY,
)
async def post_press(request: Request, context: Context, device: Device) -> Response:
    """Take a press. 503: not stored, send it again. Whatever the bytes are, they ring as over MQTT."""
    taken = await context.take_press(device, await request.body(), "http")
    return raw_response(encode(context.voice(taken.replies[-1])))


@router.get(
    "/calls/{press}",
    responses=answers(Reply, "The newest reply"),
    response_class=Response,
)
async def get_reply(press: str, context: Context, device: Device) -> Response:
    """How the call of one's own press stands; 404 for a press that never arrived."""
    if PRESS_ID_RE.fullmatch(press) is None:
        raise NotFound("press-unknown")
    now = context.clock.now()
    reply = await context.store.read(lambda read: newest_reply(read, device, press, now))
    return raw_response(encode(context.voice(reply)))


def newest_reply(read: Reader, device: str, press: str, now: int) -> Reply:
    """How the call of this press stands. NotFound for one that never arrived."""
    stored = read.press(device, press)
    if stored is None:
        raise NotFound("press-unknown")
    call = None if stored.call is None else read.call(stored.call, WHEREVER)
    return replies.bare_received(press, now) if call is None else replies.to_press(call, press, now)[-1]


def _credentials(header: str) -> tuple[str, str]:
    """(user name, password) of HTTP Basic (RFC 7617); HttpProblem 401 when there are none."""
    scheme, _, encoded = header.partition(" ")
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True).decode()
    except (ValueError, binascii.Error) as error:
        raise HttpProblem(401, "device-unknown", CHALLENGE) from error
    username, colon, password = decoded.partition(":")
    is_device = DEVICE_ID_RE.fullmatch(username) is not None
    if scheme.lower() != "basic" or not colon or not is_device or len(password) > MAX_PASSWORD:
        raise HttpProblem(401, "device-unknown", CHALLENGE)
    return username, password
