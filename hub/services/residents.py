"""What is done with residents: entered, changed, removed. Each is one transaction and one event."""

from collections.abc import Iterator

import msgspec

from hub.domain.entries import NO_RESIDENT, ResidentDraft, resident_faults, written
from hub.domain.errors import Conflict, Fault, NotFound
from hub.domain.events import EventType
from hub.domain.people import User
from hub.domain.residents import ResidentRecord
from hub.ports import Transaction
from hub.services.keeping import (
    area_fault,
    require_faultless,
    require_keeper,
    require_mine,
    tell,
    tell_changed,
    year_of,
)

HELPERS = (("doctor", "doctor"), ("grid_worker", "grid_worker"))


def add_resident(tx: Transaction, draft: ResidentDraft, by: User, now: int) -> ResidentRecord:
    """Enter a resident. Denied: admins-only. Faulty: values. Conflict: resident-there, the id is in use."""
    require_keeper(by)
    record = written(NO_RESIDENT, draft)
    require_faultless(_faults(tx, record, by, now))
    if not record.id:
        record = msgspec.structs.replace(record, id=tx.new_id("r", now))
    elif tx.residents.get(record.id) is not None:
        raise Conflict("resident-there", field="id", resident=record.id)
    tx.residents.put([record])
    tell(tx, EventType.RESIDENT_ADDED, record.id, record.area, by, now)
    return record


def change_resident(
    tx: Transaction, resident: str, draft: ResidentDraft, by: User, now: int
) -> ResidentRecord:
    """Change what `draft` says. Denied, Faulty as above; NotFound: resident-unknown."""
    require_keeper(by)
    before = _found(tx, resident, by)
    after = written(before, msgspec.structs.replace(draft, id=resident))
    require_faultless(_faults(tx, after, by, now))
    tx.residents.put([after])
    tell_changed(tx, EventType.RESIDENT_CHANGED, resident, after.area, before, after, by, now)
    return after


def remove_resident(tx: Transaction, resident: str, by: User, now: int) -> None:
    """Take a resident out of the register; calls that tell of them keep their card.

    Conflict: resident-has-devices: a button left in the house would go on ringing for nobody.
    """
    require_keeper(by)
    record = _found(tx, resident, by)
    devices = tx.residents.devices(resident)
    if devices:
        raise Conflict("resident-has-devices", devices=", ".join(devices))
    tx.residents.remove(resident, now)
    tell(tx, EventType.RESIDENT_REMOVED, resident, record.area, by, now)


def _found(tx: Transaction, resident: str, by: User) -> ResidentRecord:
    record = tx.residents.get(resident)
    if record is None:
        raise NotFound("resident-unknown", resident=resident)
    require_mine(by, record.area, lambda: NotFound("resident-unknown", resident=resident))
    return record


def _faults(tx: Transaction, record: ResidentRecord, by: User, now: int) -> Iterator[Fault]:
    yield from resident_faults(record, year_of(now))
    yield from area_fault(tx, "area", record.area, by)
    if record.clinic is not None and tx.places.clinic(record.clinic) is None:
        yield Fault("clinic", "entry-clinic", {"value": record.clinic})
    for field, kind in HELPERS:
        helper = getattr(record, field)
        if helper is None:
            continue
        person = tx.places.person(helper)
        if person is None or person.kind != kind:
            yield Fault(field, "entry-person", {"value": helper})
