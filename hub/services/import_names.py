"""Names as people write them in a file, looked up in the register: 石桥镇上坪村 for 990421101201."""

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Final, TypeVar

import msgspec

from hub.domain.areas import Area, area_prefix
from hub.domain.errors import Fault
from hub.domain.register import Clinic, Person

N = TypeVar("N", bound=Hashable)
LOST_DIGITS: Final = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+")
_BETWEEN: Final = re.compile(r"[\s/\\>\u00b7\u3001,\uff0c-]+")


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


class Spelling:
    """The way back: ids as names that `Names` finds again; where a name is not enough, the id itself."""

    def __init__(self, known: Known) -> None:
        by_code, found = {area.code: area for area in known.areas}, _by_path(known.areas)
        paths = {area.code: _path(area, by_code) for area in known.areas}
        self._areas = {code: path for code, path in paths.items() if len(found.get(path, ())) == 1}
        self._clinics = _of_their_own((one.name, one.id) for one in known.clinics)
        self._people = _of_their_own(((one.kind, one.name), one.id) for one in known.people)

    def area(self, code: str) -> str:
        """Town and village by name; the county goes without saying."""
        return self._areas.get(code, code)

    def clinic(self, id_: str | None) -> str:
        """Its name."""
        return self._clinics.get(id_ or "", id_ or "")

    def helper(self, id_: str | None) -> str:
        """Their name."""
        return self._people.get(id_ or "", ("", id_ or ""))[1]


def _path(area: Area, by_code: Mapping[str, Area]) -> str:
    above = by_code.get(area.parent or "")
    before = "" if above is None or above.parent is None else _path(above, by_code)
    return before + _BETWEEN.sub("", area.name)


def _of_their_own(named: Iterable[tuple[N, str]]) -> Mapping[str, N]:
    """Id → name, of those whose name nobody else bears."""
    ids: dict[N, list[str]] = {}
    for name, id_ in named:
        ids.setdefault(name, []).append(id_)
    return {bearers[0]: name for name, bearers in ids.items() if len(bearers) == 1}
