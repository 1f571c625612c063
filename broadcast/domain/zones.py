"""Where a broadcast sounds: areas and groups of loudspeakers, and the area that all of it lies in."""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from devices.ids import AreaLevel, area_level, county_of, parent_of

_DIGITS: Final = {AreaLevel.COUNTY: 6, AreaLevel.TOWN: 9, AreaLevel.VILLAGE: 12}


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """A named set of loudspeakers (`g-…`), all of them within `area`."""

    id: str
    name: str
    area: str
    members: tuple[str, ...] = ()


class Loudspeaker(msgspec.Struct, frozen=True):
    """A loudspeaker in service and the area where it stands."""

    id: str
    area: str


def prefix_of(code: str) -> str:
    """The digits that an area shares with all that lies in it."""
    digits = _DIGITS.get(area_level(code))
    return code if digits is None else code[:digits]


def is_group(zone: str) -> bool:
    """Whether a zone is a group and no area."""
    return zone.startswith("g-")


def covers(area: str, other: str) -> bool:
    """Whether `other` is `area` or lies in it."""
    return other.startswith(prefix_of(area))


def narrowed(zones: Iterable[str]) -> tuple[str, ...]:
    """Each zone once, in order, without areas that lie in another one of them."""
    unique = tuple(dict.fromkeys(zones))
    areas = [zone for zone in unique if not is_group(zone)]
    return tuple(
        zone
        for zone in unique
        if is_group(zone) or not any(other != zone and covers(other, zone) for other in areas)
    )


def common_area(areas: Sequence[str]) -> str:
    """The smallest area that holds all of `areas` (at least one, of one county)."""
    best = areas[0]
    while not all(covers(best, area) for area in areas):
        best = parent_of(best) or county_of(best)
    return best


def towns_of(loudspeakers: Iterable[Loudspeaker]) -> frozenset[str]:
    """The towns in which they stand, by the digits of their codes."""
    return frozenset(each.area[:9] for each in loudspeakers)


def is_county_wide(
    zones: Iterable[str], targeted: Sequence[Loudspeaker], all_of_county: Sequence[Loudspeaker]
) -> bool:
    """Whether the whole county hears it, in whatever words it was asked for."""
    if any(not is_group(zone) and area_level(zone) is AreaLevel.COUNTY for zone in zones):
        return True
    return len(targeted) == len(all_of_county) and len(towns_of(all_of_county)) > 1
