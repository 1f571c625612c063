"""Devices from a file: what is asked of each line, and how the plan is written."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from devices.topics import DeviceKind
from hub.domain.entries import NO_DEVICE, DeviceEntry, Draft, device_faults
from hub.domain.errors import Conflict, Fault, Invalid
from hub.domain.people import User
from hub.domain.register import Device
from hub.domain.residents import ResidentRecord
from hub.ports import Transaction
from hub.services.import_names import Known, Names
from hub.services.importing import Likeness, Plan, require_right
from hub.services.keeping import require_keeper, tell_imported
from hub.services.register import DeviceChange, change_device

MAX_NEW: Final = 5_000  # in one transaction: 0.1 s in which no press is stored


class DeviceRules:
    """Devices: areas and residents may be named as people name them. `used`: ids that were ever a device's."""

    blank = NO_DEVICE

    def __init__(
        self,
        known: Known,
        residents: Iterable[ResidentRecord],
        devices: Iterable[Device],
        used: Collection[str],
    ) -> None:
        self.there = {one.id: entry_of(one) for one in devices}
        self._used = frozenset(used) - self.there.keys()
        self._names = Names(known)
        self._residents = _by_name(residents)

    def id_of(self, entry: DeviceEntry) -> str:
        """As in the file."""
        return entry.id

    def resolved(self, entry: DeviceEntry, draft: Draft) -> tuple[DeviceEntry, Sequence[Fault]]:
        """`entry` with ids for the names that `draft` brought; no area leaves it where it stands."""
        faults: list[Fault] = []
        before = self.there.get(entry.id, NO_DEVICE)
        area, resident = entry.area or before.area, entry.resident
        said: str | UnsetType | None = getattr(draft, "area", UNSET)
        if said is not UNSET and said:
            found = self._names.area("area", said)
            area = said if isinstance(found, Fault) else found
            faults += [found] if isinstance(found, Fault) else []
        said = getattr(draft, "resident", UNSET)
        if said is not UNSET and said:
            found = self._resident(said)
            resident = said if isinstance(found, Fault) else found
            faults += [found] if isinstance(found, Fault) else []
        return msgspec.structs.replace(entry, area=area, resident=resident), faults

    def _resident(self, text: str) -> str | Fault:
        found = self._residents.get(text, ())
        if len(found) == 1:
            return found[0]
        if found:
            return Fault("resident", "entry-ambiguous", {"value": text[:80], "ids": ", ".join(found[:5])})
        return Fault("resident", "entry-resident", {"value": text[:80]})

    def faults(self, entry: DeviceEntry) -> Iterator[Fault]:
        """As of a form; and an id is given once for ever, to a device of one kind."""
        yield from device_faults(entry)
        before = self.there.get(entry.id)
        if entry.id in self._used:
            yield Fault("id", "entry-device-used", {"value": entry.id})
        elif before is not None and before.kind != entry.kind:
            yield Fault("kind", "entry-device-kind-other", {"value": before.id})

    def likeness(self, entry: DeviceEntry) -> Likeness:
        """Its id says all."""
        return (entry.id,)


def entry_of(device: Device) -> DeviceEntry:
    """`device` as a line of a file has it."""
    return DeviceEntry(
        id=device.id,
        kind=device.kind.value,
        model=device.model,
        area=device.area,
        resident=device.resident,
    )


def require_few(made: Plan[DeviceEntry]) -> Plan[DeviceEntry]:
    """`made`; Invalid devices-many when so many are new that presses would have to wait for them."""
    if len(made.added) > MAX_NEW:
        raise Invalid("devices-many", limit=MAX_NEW)
    return made


def import_devices(
    tx: Transaction, plan: Plan[DeviceEntry], hashes: Mapping[str, str], by: User, now: int
) -> tuple[Device, ...]:
    """Write all of `plan`; the new devices, whose password hashes `hashes` has by id.

    ImportWrong, Denied; Conflict import-stale: the register changed since the plan was made.
    """
    require_keeper(by)
    require_right(plan)
    _require_known(tx, (*plan.added, *plan.changed))
    if tx.registrar.ever([one.id for one in plan.added]):
        raise Conflict("import-stale")
    new = tuple(_device(one, now) for one in plan.added)
    tx.registrar.add_devices(new, hashes)
    for one in plan.changed:
        change = DeviceChange(model=one.model, area=one.area, resident=one.resident)
        change_device(tx, one.id, change, by, now)
    tell_imported(tx, "devices", len(new), len(plan.changed), by, now)
    return new


def _require_known(tx: Transaction, entries: Sequence[DeviceEntry]) -> None:
    areas = {one.area for one in entries if one.area}
    homes = {one.resident for one in entries if one.resident}
    there = tx.residents.kept(homes)
    if not all(map(tx.registrar.has_area, areas)) or not all(there.get(home) for home in homes):
        raise Conflict("import-stale")


def _device(entry: DeviceEntry, now: int) -> Device:
    return Device(
        id=entry.id,
        kind=DeviceKind(entry.kind),
        model=entry.model,
        area=entry.area,
        resident=entry.resident,
        created_at=now,
    )


def _by_name(residents: Iterable[ResidentRecord]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for one in residents:
        for name in {one.id, one.name}:
            found.setdefault(name, []).append(one.id)
    return found
