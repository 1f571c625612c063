"""Names as people write them in a file, looked up in the register: 石桥镇上坪村 for 990421101201."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from hub.domain.areas import Area, area_prefix
from hub.domain.errors import Fault
from hub.domain.register import Clinic, Person

LOST_DIGITS: Final = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+")
_BETWEEN: Final = re.compile(r"[\s/\\>·、,，-]+")


class Known(msgspec.Struct, frozen=True):
    """What lines may refer to: that which the asker may see."""

    areas: Sequence[Area]
    clinics: Sequence[Clinic] = ()
    people: Sequence[Person] = ()


class Names:
    """Looks names up; each answer is an id, or the fault that says why there is none."""

    def __init__(self, known: Known) -> None:
        self._codes = {area.code for area in known.areas}
        self._areas = _by_path(known.areas)
        self._clinics = _by_name(known.clinics)
        self._people = {
            kind: [p for p in known.people if p.kind == kind] for kind in ("doctor", "grid_worker")
        }

    def area(self, field: str, text: str) -> str | Fault:
        """The code of `text`: a code, a name that only one area has, or names from above down to it."""
        if text in self._codes:
            return text
        if LOST_DIGITS.fullmatch(text):
            return Fault(field, "entry-digits-lost", {"value": text})
        return _the_one(field, "entry-area", text, self._areas.get(_BETWEEN.sub("", text), ()))

    def clinic(self, text: str) -> str | Fault:
        """The id of a clinic named by id or name."""
        return _the_one("clinic", "entry-clinic", text, self._clinics.get(text, ()))

    def helper(self, kind: str, text: str, area: str) -> str | Fault:
        """The id of a person named by id or name; of several of one name those who serve `area`."""
        found = [p for p in self._people[kind] if text in (p.id, p.name)]
        if len(found) > 1:
            found = [p for p in found if area.startswith(area_prefix(p.area))] or found
        return _the_one(kind, "entry-person", text, [p.id for p in found])


def _the_one(field: str, code: str, text: str, found: Sequence[str]) -> str | Fault:
    if len(found) == 1:
        return found[0]
    if found:
        return Fault(field, "entry-ambiguous", {"value": text[:80], "ids": ", ".join(found[:5])})
    return Fault(field, code, {"value": text[:80]})


def _by_path(areas: Sequence[Area]) -> Mapping[str, Sequence[str]]:
    by_code = {area.code: area for area in areas}
    found: dict[str, list[str]] = {}
    for area in areas:
        said = ""
        step: Area | None = area
        while step is not None:
            said = _BETWEEN.sub("", step.name) + said
            found.setdefault(said, []).append(area.code)
            step = None if step.parent is None else by_code.get(step.parent)
    return found


def _by_name(clinics: Iterable[Clinic]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for clinic in clinics:
        for name in {clinic.id, clinic.name}:
            found.setdefault(name, []).append(clinic.id)
    return found
