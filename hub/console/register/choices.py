"""What a form lets one choose from: areas as a tree, clinics and helpers by name."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from devices.ids import AreaLevel
from hub.domain.areas import Area, area_prefix
from hub.domain.register import Clinic, Person
from hub.ports import Reader

DEPTH: Final = {level.value: depth for depth, level in enumerate(AreaLevel)}


class AreaLine(msgspec.Struct, frozen=True, kw_only=True):
    """An area in its tree: `depth` floors below the county."""

    code: str
    name: str
    level: str
    depth: int


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """All that the register offers to refer to."""

    areas: tuple[AreaLine, ...]
    clinics: tuple[Clinic, ...] = ()
    doctors: tuple[Person, ...] = ()
    grid_workers: tuple[Person, ...] = ()
    names: Mapping[str, str] = {}


def read_choices(read: Reader, prefix: str) -> Choices:
    """What there is in the areas whose code begins with `prefix`."""
    people = read.people(prefix)
    return Choices(
        areas=tuple(tree(read.areas(prefix))),
        clinics=tuple(read.clinics(prefix)),
        doctors=tuple(one for one in people if one.kind == "doctor"),
        grid_workers=tuple(one for one in people if one.kind == "grid_worker"),
        names=read.area_names(),
    )


def tree(areas: Sequence[Area]) -> Iterable[AreaLine]:
    """`areas` as they stand below one another: their codes sort so."""
    top = min((DEPTH[area.level] for area in areas), default=0)
    for area in sorted(areas, key=lambda area: area.code):
        depth = DEPTH[area.level] - top
        yield AreaLine(code=area.code, name=area.name, level=area.level, depth=depth)


def chosen(user_prefix: str, area: str, known: Iterable[AreaLine]) -> str:
    """The prefix of the area that was chosen in a filter; the user's own when none of theirs was."""
    return area_prefix(area) if any(one.code == area for one in known) else user_prefix
