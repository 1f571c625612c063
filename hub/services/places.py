"""What is done with clinics and with people who help: entered, changed, removed. Each is one event."""

from collections.abc import Iterator

import msgspec

from hub.domain.entries import (
    NO_CLINIC,
    NO_PERSON,
    ClinicDraft,
    PersonDraft,
    clinic_faults,
    person_faults,
    written,
)
from hub.domain.errors import Conflict, Fault, NotFound
from hub.domain.events import EventType
from hub.domain.people import User
from hub.domain.register import Clinic, Person
from hub.ports import Transaction
from hub.services.keeping import (
    area_fault,
    require_faultless,
    require_keeper,
    require_mine,
    tell,
    tell_changed,
)


def add_person(tx: Transaction, draft: PersonDraft, by: User, now: int) -> Person:
    """Enter a village doctor or grid worker. Denied: admins-only. Faulty. Conflict: person-there."""
    require_keeper(by)
    person = written(NO_PERSON, draft)
    require_faultless(_person_faults(tx, person, by))
    if not person.id:
        person = msgspec.structs.replace(person, id=tx.new_id("p", now))
    elif tx.places.person(person.id) is not None:
        raise Conflict("person-there", field="id", person=person.id)
    tx.places.put_people([person])
    tell(tx, EventType.PERSON_ADDED, person.id, person.area, by, now)
    return person


def change_person(tx: Transaction, person_id: str, draft: PersonDraft, by: User, now: int) -> Person:
    """Change what `draft` says. NotFound: person-unknown. Conflict: person-in-use, another kind would be wrong."""
    require_keeper(by)
    before = _person(tx, person_id, by)
    after = written(before, msgspec.structs.replace(draft, id=person_id))
    require_faultless(_person_faults(tx, after, by))
    if after.kind != before.kind:
        _require_unused("person-in-use", tx.places.count_helped_by(person_id))
    tx.places.put_people([after])
    tell_changed(tx, EventType.PERSON_CHANGED, person_id, after.area, before, after, by, now)
    return after


def remove_person(tx: Transaction, person_id: str, by: User, now: int) -> None:
    """Take a person out. NotFound: person-unknown. Conflict: person-in-use, residents name them."""
    require_keeper(by)
    person = _person(tx, person_id, by)
    _require_unused("person-in-use", tx.places.count_helped_by(person_id))
    tx.places.remove_person(person_id)
    tell(tx, EventType.PERSON_REMOVED, person_id, person.area, by, now)


def add_clinic(tx: Transaction, draft: ClinicDraft, by: User, now: int) -> Clinic:
    """Enter a clinic. Denied: admins-only. Faulty. Conflict: clinic-there."""
    require_keeper(by)
    clinic = written(NO_CLINIC, draft)
    require_faultless(_clinic_faults(tx, clinic, by))
    if not clinic.id:
        clinic = msgspec.structs.replace(clinic, id=tx.new_id("clinic-", now))
    elif tx.places.clinic(clinic.id) is not None:
        raise Conflict("clinic-there", field="id", clinic=clinic.id)
    tx.places.put_clinics([clinic])
    tell(tx, EventType.CLINIC_ADDED, clinic.id, clinic.area, by, now)
    return clinic


def change_clinic(tx: Transaction, clinic_id: str, draft: ClinicDraft, by: User, now: int) -> Clinic:
    """Change what `draft` says. NotFound: clinic-unknown."""
    require_keeper(by)
    before = _clinic(tx, clinic_id, by)
    after = written(before, msgspec.structs.replace(draft, id=clinic_id))
    require_faultless(_clinic_faults(tx, after, by))
    tx.places.put_clinics([after])
    tell_changed(tx, EventType.CLINIC_CHANGED, clinic_id, after.area, before, after, by, now)
    return after


def remove_clinic(tx: Transaction, clinic_id: str, by: User, now: int) -> None:
    """Take a clinic out. NotFound: clinic-unknown. Conflict: clinic-in-use, by residents or staff."""
    require_keeper(by)
    clinic = _clinic(tx, clinic_id, by)
    _require_unused("clinic-in-use", tx.places.count_at_clinic(clinic_id))
    tx.places.remove_clinic(clinic_id)
    tell(tx, EventType.CLINIC_REMOVED, clinic_id, clinic.area, by, now)


def _person(tx: Transaction, person_id: str, by: User) -> Person:
    person = tx.places.person(person_id)
    if person is None:
        raise NotFound("person-unknown", person=person_id)
    require_mine(by, person.area, lambda: NotFound("person-unknown", person=person_id))
    return person


def _clinic(tx: Transaction, clinic_id: str, by: User) -> Clinic:
    clinic = tx.places.clinic(clinic_id)
    if clinic is None:
        raise NotFound("clinic-unknown", clinic=clinic_id)
    require_mine(by, clinic.area, lambda: NotFound("clinic-unknown", clinic=clinic_id))
    return clinic


def _person_faults(tx: Transaction, person: Person, by: User) -> Iterator[Fault]:
    yield from person_faults(person)
    yield from area_fault(tx, "area", person.area, by)


def _clinic_faults(tx: Transaction, clinic: Clinic, by: User) -> Iterator[Fault]:
    yield from clinic_faults(clinic)
    yield from area_fault(tx, "area", clinic.area, by)


def _require_unused(code: str, count: int) -> None:
    if count:
        raise Conflict(code, count=count)
