"""Many devices at once, from a file: entered or changed, and each new one's credentials handed out."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from broker_config.passwords import hash_password
from devices.topics import DeviceKind
from hub.console.api.answers import answers, json_response
from hub.console.api.device_admin import drawn_password
from hub.console.api.doing import Does
from hub.console.auth import AdminUser, CurrentSession
from hub.console.context import ConsoleContext, Context
from hub.console.register.taking_in import Planned, Taken, known, make_plan, taken
from hub.console.register.upload import BODY, File
from hub.domain.enrolment import EnrolledTogether
from hub.domain.entries import DeviceDraft, DeviceEntry
from hub.domain.people import User, register_scope
from hub.domain.register import Device
from hub.ports import Reader, Transaction
from hub.services.import_devices import DeviceRules, import_devices, require_few
from hub.services.importing import Line, Plan, plan, require_right
from hub.sheets.messages import SheetKind

router = APIRouter(prefix="/devices", tags=["devices"])
Check = Annotated[bool, Query(description="Look at every line, and write nothing.")]


class DevicesTaken(Taken, frozen=True, kw_only=True):
    """What became of the file. `enrolled`: the new devices, with their passwords, which are shown this once."""

    enrolled: EnrolledTogether | None = None


class _Written(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept to repeat the answer: all but the passwords."""

    taken: Taken
    devices: tuple[Device, ...]


@router.post(
    "/import",
    name="import_devices",
    responses=answers(DevicesTaken, "What was written, or would be"),
    openapi_extra=BODY,
    response_class=Response,
)
async def take_in(
    file: File,
    request: Request,
    context: Context,
    admin: AdminUser,
    session: CurrentSession,
    doing: Does,
    check: Check = False,
) -> Response:
    """Take in a file of devices, wholly or not at all; our broker lets the new ones in within two seconds.

    Columns: id, kind, model, area, resident. 422 `import-wrong` names every wrong line in `errors`, and nothing has
    changed. A line whose id is in service changes that device and leaves its password alone.
    """
    mine = doing.under(f"session:{session.token_hash}")
    before = None if check else await mine.kept()
    if before is not None:
        written = msgspec.json.decode(before.body, type=_Written)
        return await _told(
            context, written, _passwords(request, mine.asked.key, [one.id for one in written.devices])
        )
    made = require_few(require_right(await make_plan(context, DEVICES, file.data, admin)))
    for kind in {DeviceKind(one.kind) for one in made.added}:
        context.enrolment.check(kind)
    if check:
        return json_response(taken(made, checked=True))
    passwords = _passwords(request, mine.asked.key, [one.id for one in made.added])
    hashes = await asyncio.to_thread(lambda: {id_: hash_password(word) for id_, word in passwords.items()})

    def write(tx: Transaction, now: int) -> _Written:
        new = import_devices(tx, made, hashes, admin, now)
        return _Written(taken=taken(made, checked=False), devices=new)

    kept = await mine.keep(write, 200)
    return await _told(context, msgspec.json.decode(kept.body, type=_Written), passwords)


async def _told(context: ConsoleContext, written: _Written, passwords: Mapping[str, str]) -> Response:
    new = [(device, passwords[device.id]) for device in written.devices]
    enrolled = await asyncio.to_thread(context.enrolment.enrol_together, new)
    return json_response(DevicesTaken(**msgspec.structs.asdict(written.taken), enrolled=enrolled))


def _passwords(request: Request, key: str | None, ids: Sequence[str]) -> dict[str, str]:
    return {id_: drawn_password(request, key, id_) for id_ in ids}


def _plan(read: Reader, lines: Sequence[Line], user: User, _now: int) -> Plan[DeviceEntry]:
    prefix = register_scope(user).area_prefix
    residents, there = ((), ()) if prefix is None else (read.residents(prefix), read.devices(prefix))
    used = read.ever_devices({str(getattr(line.draft, "id", "")) for line in lines})
    return plan(lines, DeviceRules(known(read, user), residents, there, used))


DEVICES: Final = Planned(SheetKind.DEVICES, DeviceDraft, _plan)
