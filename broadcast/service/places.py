"""Where a broadcast shall sound: checked against the register when it is written, found anew when it goes out."""

from collections.abc import Sequence
from typing import NamedTuple

from broadcast.domain import zones as rules
from broadcast.domain.people import Author
from broadcast.domain.zones import Loudspeaker
from broadcast.errors import Problem, RequestError
from broadcast.rows import Address, Places
from devices.ids import county_of


class Where(NamedTuple):
    """The zones of a broadcast, the area that holds them all, and whether that is the whole county."""

    zones: tuple[str, ...]
    area: str
    county_wide: bool


class Targets(NamedTuple):
    """Where commands go, and which loudspeakers they are to reach."""

    addresses: tuple[Address, ...]
    loudspeakers: tuple[Loudspeaker, ...]


def check(places: Places, asked: Sequence[str], author: Author) -> Where:
    """The zones as they are kept. RequestError: none, unknown, not the author's, or without a loudspeaker."""
    if not asked:
        raise RequestError(Problem.NO_ZONES, field="areas")
    zones = rules.narrowed(_known(places, zone, author) for zone in asked)
    reached: dict[str, Loudspeaker] = {}
    for zone in zones:
        found = _loudspeakers(places, zone)
        if not found:
            raise RequestError(Problem.ZONE_SILENT, field="areas", zone=_name(places, zone))
        reached |= {each.id: each for each in found}
    area = rules.common_area([_area(places, zone) for zone in zones])
    return Where(zones, area, _is_county_wide(places, zones, list(reached.values()), area))


def targets(places: Places, zones: Sequence[str], area: str) -> Targets:
    """Whom it reaches now. An area is one address; of a group each member is, whatever zones they know of.

    Only what still stands in `area`, which held all of it when it was written: a member may have been moved.
    """
    addresses: list[Address] = []
    reached: dict[str, Loudspeaker] = {}
    for zone in zones:
        found = [each for each in _loudspeakers(places, zone) if rules.covers(area, each.area)]
        if rules.is_group(zone):
            addresses += [Address(each.id, each.area, is_device=True) for each in found]
        elif found:
            addresses.append(Address(zone, zone))
        reached |= {each.id: each for each in found}
    return Targets(tuple(addresses), tuple(reached.values()))


def has_grown_county_wide(places: Places, zones: Sequence[str], found: Targets, area: str) -> bool:
    """Whether its groups have been made so large meanwhile that the whole county would hear it."""
    return any(map(rules.is_group, zones)) and _is_county_wide(places, zones, found.loudspeakers, area)


def one(places: Places, device: str, author: Author) -> Loudspeaker:
    """A loudspeaker of the author's own. RequestError: there is none of that id in their areas."""
    found = places.loudspeaker(device)
    if found is None or not author.reaches(found.area):
        raise RequestError(Problem.NO_LOUDSPEAKER, field="device", device=device[:64])
    return found


def _is_county_wide(places: Places, zones: Sequence[str], targeted: Sequence[Loudspeaker], area: str) -> bool:
    return rules.is_county_wide(zones, targeted, places.loudspeakers_in(county_of(area)))


def _known(places: Places, zone: str, author: Author) -> str:
    if _name_or_none(places, zone) is None:
        raise RequestError(Problem.ZONE_UNKNOWN, field="areas", zone=zone[:40])
    if not author.reaches(_area(places, zone)):
        raise RequestError(Problem.ZONE_NOT_YOURS, field="areas", zone=_name(places, zone))
    return zone


def _loudspeakers(places: Places, zone: str) -> Sequence[Loudspeaker]:
    return places.loudspeakers_of(zone) if rules.is_group(zone) else places.loudspeakers_in(zone)


def _area(places: Places, zone: str) -> str:
    group = places.group(zone) if rules.is_group(zone) else None
    return zone if group is None else group.area


def _name(places: Places, zone: str) -> str:
    return _name_or_none(places, zone) or zone


def _name_or_none(places: Places, zone: str) -> str | None:
    if not rules.is_group(zone):
        return places.area_name(zone)
    group = places.group(zone)
    return None if group is None else group.name
