"""What is done with devices: add, assign, new credentials, remove. Passwords come here hashed."""

import msgspec

from devices.enrolment import Limits
from devices.errors import IdError
from devices.ids import check_device_id, names_many
from devices.topics import DeviceKind
from hub.domain.areas import area_prefix
from hub.domain.errors import Conflict, Denied, Invalid, NotFound
from hub.domain.events import Detail, EventType, NewEvent
from hub.domain.people import Role, User
from hub.domain.register import Device, DeviceSettings
from hub.ports import Transaction

MODEL_LIMIT = 80


class NewDevice(msgspec.Struct, frozen=True, kw_only=True):
    """A device to be. A resident's button needs no area."""

    id: str
    kind: DeviceKind
    model: str = ""
    area: str | None = None
    resident: str | None = None
    limits: Limits = Limits()


class DeviceChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be different; None stays as it is. `resident` UNSET stays, None takes the device back."""

    model: str | None = None
    area: str | None = None
    resident: str | msgspec.UnsetType | None = msgspec.UNSET


def add_device(tx: Transaction, new: NewDevice, password_hash: str, by: User | None, now: int) -> Device:
    """Enter a device; `by` None is whoever holds the machine itself.

    Invalid: device-id (also the hub's own names), device-model, device-place, area-unknown,
    resident-unknown. Conflict: device-id-used, also by a device removed long ago. Denied: devices-not-yours.
    """
    device = Device(
        id=_checked_id(new.id, new.kind),
        kind=new.kind,
        model=_checked_model(new.model),
        area=new.area,
        resident=new.resident,
        created_at=now,
        settings=DeviceSettings(limits=new.limits),
    )
    where = _place(tx, device)
    _require_rights(by, where)
    if not tx.registrar.add_device(device, password_hash):
        raise Conflict("device-id-used", device=device.id)
    _tell(tx, EventType.DEVICE_ADDED, device, where, by, now)
    return device


def renew_credentials(
    tx: Transaction, device_id: str, password_hash: str, by: User | None, now: int
) -> Device:
    """The device is given another password. The one it has used is good at the second path until the new one is used.

    NotFound, Denied as above.
    """
    device, where = _in_service(tx, device_id, by, now)
    before = tx.registrar.set_credentials(device_id, password_hash)
    # of two that follow each other before either is used, the device still has the first
    _keep_former(tx, device, device.settings.former or before, now)
    _tell(tx, EventType.DEVICE_CREDENTIALS, device, where, by, now)
    return device


def end_former_credentials(tx: Transaction, device_id: str) -> None:
    """The device has used its new password: the one before is none any more."""
    device = tx.registrar.device(device_id)
    if device is not None and device.settings.former:
        _keep_former(tx, device, "", device.settings.renewed_at)


def _keep_former(tx: Transaction, device: Device, former: str, renewed_at: int) -> None:
    settings = msgspec.structs.replace(device.settings, former=former, renewed_at=renewed_at)
    tx.registrar.change_device(msgspec.structs.replace(device, settings=settings))


def change_device(tx: Transaction, device_id: str, change: DeviceChange, by: User | None, now: int) -> Device:
    """Another model, place or household. Errors as of `add_device` and `assign_device`."""
    before, where = _in_service(tx, device_id, by, now)
    after = msgspec.structs.replace(
        before,
        model=before.model if change.model is None else _checked_model(change.model),
        area=change.area or before.area,
    )
    if after.kind is DeviceKind.LOUDSPEAKER and after.area != before.area:
        after = msgspec.structs.replace(after, settings=msgspec.structs.replace(after.settings, moved=True))
    if after != before:
        where = _place(tx, after)
        _require_rights(by, where)
        tx.registrar.change_device(after)
        _tell(tx, EventType.DEVICE_CHANGED, after, where, by, now)
    if change.resident is not msgspec.UNSET and change.resident != before.resident:
        return assign_device(tx, device_id, change.resident, by, now)
    return after


def assign_device(tx: Transaction, device_id: str, resident: str | None, by: User | None, now: int) -> Device:
    """The device goes to another household, or to none; presses made before still ring at the old one."""
    before, where = _in_service(tx, device_id, by, now)
    after = msgspec.structs.replace(before, resident=resident)
    if resident is not None:
        where = _place(tx, after)
        _require_rights(by, where)
    tx.registrar.assign(device_id, resident, now)
    _tell(tx, EventType.DEVICE_ASSIGNED, after, where, by, now)
    return after


def remove_device(tx: Transaction, device_id: str, by: User | None, now: int) -> None:
    """Take the device out of service; its id is never used again."""
    device, where = _in_service(tx, device_id, by, now)
    tx.registrar.assign(device_id, None, now)
    tx.registrar.remove_device(device_id, now)
    _tell(tx, EventType.DEVICE_REMOVED, device, where, by, now)


def _checked_id(device_id: str, kind: DeviceKind) -> str:
    try:
        check_device_id(device_id)
    except IdError as error:
        raise Invalid("device-id", field="id", device=device_id) from error
    if kind is DeviceKind.LOUDSPEAKER and names_many(device_id):
        raise Invalid(
            "device-id-zone", field="id", device=device_id
        )  # what is signed for it is signed for all
    return device_id


def _checked_model(model: str) -> str:
    if len(model) > MODEL_LIMIT or not model.isprintable():
        raise Invalid("device-model", field="model", limit=MODEL_LIMIT)
    return model


def _in_service(tx: Transaction, device_id: str, by: User | None, now: int) -> tuple[Device, str]:
    """The device and the area where it rings now."""
    device = tx.registrar.device(device_id)
    if device is None or device.removed_at is not None:
        raise NotFound("device-missing", device=device_id)
    where = tx.register.household(device_id, now).area
    _require_rights(by, where)
    return device, where


def _place(tx: Transaction, device: Device) -> str:
    """The code of the area where the device shall stand: its household's, else its own."""
    if device.area is not None and not tx.registrar.has_area(device.area):
        raise Invalid("area-unknown", field="area", area=device.area)
    if device.resident is not None:
        home = tx.registrar.resident_area(device.resident)
        if home is None:
            raise Invalid("resident-unknown", field="resident", resident=device.resident)
        return home
    if device.area is None:
        raise Invalid("device-place", field="area")
    return device.area


def _require_rights(by: User | None, area: str) -> None:
    if by is None:
        return
    if by.role is not Role.COUNTY_ADMIN or not area.startswith(area_prefix(by.area)):
        raise Denied("devices-not-yours")


def _tell(tx: Transaction, event: EventType, device: Device, area: str, by: User | None, now: int) -> None:
    tx.events.record(
        NewEvent(
            type=event,
            at=now,
            call=None,
            area=area,
            clinic=None,
            by_id=None if by is None else by.id,
            by_name=None if by is None else by.name,
            detail=Detail(device=device.id),
        )
    )
