"""Where a user may broadcast, and whom that reaches; each function runs whole in one read of committed facts."""

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from broadcast.domain import priorities
from broadcast.domain.priorities import PRIORITIES, Category
from broadcast.domain.zones import Group, Loudspeaker, covers, is_county_wide
from devices.errors import IdError
from devices.ids import area_level, county_of
from hub.console.pages.rows import place
from hub.domain.areas import Area, area_prefix
from hub.domain.people import User
from hub.ports import Reader


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """An area that can be chosen, how many loudspeakers it has with all below it, and what lies in it."""

    code: str
    name: str
    loudspeakers: int
    below: "tuple[Spot, ...]"


class Picker(msgspec.Struct, frozen=True, kw_only=True):
    """Where the user may broadcast."""

    areas: tuple[Spot, ...]
    groups: tuple[Group, ...]


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """How many loudspeakers the chosen places have, and whether a second person has to agree to it."""

    loudspeakers: int
    needs_two: bool


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A loudspeaker and the name of the place where it stands."""

    id: str
    place: str


def read_picker(read: Reader, user: User) -> Picker:
    """The areas and groups that `user` may broadcast to."""
    prefix = area_prefix(user.area)
    areas = read.areas(prefix)
    below: dict[str | None, list[Area]] = {}
    for area in areas:
        below.setdefault(area.parent, []).append(area)
    standing = Counter(each.area for each in read.broadcasts.loudspeakers(user.area))
    return Picker(
        areas=tuple(_spot(area, below, standing) for area in areas if area.code == user.area),
        groups=tuple(group for group in read.broadcasts.groups(prefix) if group.members),
    )


def read_reach(read: Reader, user: User, zones: Sequence[str], category: Category) -> Reach:
    """Whom a broadcast to `zones` would reach; places that are not the user's count for nothing."""
    prefix = area_prefix(user.area)
    everyone = read.broadcasts.loudspeakers(county_of(user.area))
    mine = {each.id: each for each in everyone if each.area.startswith(prefix)}
    groups = {group.id: group.members for group in read.broadcasts.groups(prefix)}
    reached: dict[str, Loudspeaker] = {}
    for zone in zones:
        members = groups.get(zone)
        inside = (each for each in mine.values() if _stands_in(each, zone))
        found = inside if members is None else (mine[name] for name in members if name in mine)
        reached |= {each.id: each for each in found}
    own = [zone for zone in zones if zone in groups or _is_area(zone)]
    county_wide = bool(reached) and is_county_wide(own, list(reached.values()), everyone)
    return Reach(
        loudspeakers=len(reached),
        needs_two=priorities.needs_two(PRIORITIES[category], county_wide=county_wide),
    )


def read_loudspeakers(read: Reader, user: User) -> Sequence[Standing]:
    """The user's loudspeakers, by place."""
    names = read.area_names()
    found = (
        Standing(id=each.id, place=name_within(names, user.area, each.area))
        for each in read.broadcasts.loudspeakers(user.area)
    )
    return sorted(found, key=lambda each: (each.place, each.id))


def name_within(names: Mapping[str, str], home: str, area: str) -> str:
    """The name of `area`, without what goes without saying in the area `home`."""
    return place(area, names).removeprefix(place(home, names)).strip() or names.get(area, area)


def _stands_in(loudspeaker: Loudspeaker, zone: str) -> bool:
    return _is_area(zone) and covers(zone, loudspeaker.area)


def _is_area(zone: str) -> bool:
    try:
        area_level(zone)
    except IdError:
        return False
    return True


def _spot(area: Area, below: Mapping[str | None, Sequence[Area]], standing: Mapping[str, int]) -> Spot:
    inside = tuple(_spot(each, below, standing) for each in below.get(area.code, ()))
    count = standing.get(area.code, 0) + sum(each.loudspeakers for each in inside)
    return Spot(code=area.code, name=area.name, loudspeakers=count, below=inside)
