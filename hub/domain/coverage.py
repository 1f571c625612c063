"""What is unprotected now or soon: pure conclusions from who is on duty, what is awake, and whom residents have."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from devices.ids import town_of
from hub.domain import rosters
from hub.domain.areas import area_prefix
from hub.domain.rosters import DAY_MS, Roster

BEIJING: Final = ZoneInfo("Asia/Shanghai")
EVENING, MORNING = 20, 8  # hours of the night, local
AHEAD_MS: Final = 7 * DAY_MS


class Hours(msgspec.Struct, frozen=True):
    """From `since` to `until`, Unix ms."""

    since: int
    until: int


class VillageGap(msgspec.Struct, frozen=True, kw_only=True):
    """A village for which neither its town's center nor a clinic has anybody on duty in these hours of the night."""

    area: str
    name: str
    hours: tuple[Hours, ...]


class Unprotected(msgspec.Struct, frozen=True, kw_only=True):
    """A resident and what they lack: clinic, contact, grid_worker, device (none in service), lost (all are lost)."""

    id: str
    name: str
    area: str
    lacks: tuple[str, ...]


class Residents(msgspec.Struct, frozen=True, kw_only=True):
    """How many of all residents lack what, and the first of them by area."""

    total: int
    lacking: int
    clinic: int
    contact: int
    grid_worker: int
    device: int
    lost: int
    items: tuple[Unprotected, ...]


class DarkDesk(msgspec.Struct, frozen=True, kw_only=True):
    """A center or clinic without a screen that could ring now; `staff` may sign in there, `on_duty` should be there."""

    place: str
    name: str
    area: str
    staff: int
    on_duty: int


class RosterTrouble(msgspec.Struct, frozen=True, kw_only=True):
    """A roster with hours in the next seven days that nobody has."""

    roster: str
    place: str
    name: str
    gaps: tuple[Hours, ...]


class DoubleBooking(msgspec.Struct, frozen=True, kw_only=True):
    """A person on duty at two places at once, within the next seven days."""

    user: str
    name: str
    hours: Hours
    places: tuple[str, ...]


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """All that is unprotected in `area` at `at`; `night` is the one that comes, or that it is."""

    area: str
    at: int
    night: Hours
    villages: tuple[VillageGap, ...]
    residents: Residents
    desks: tuple[DarkDesk, ...]
    rosters: tuple[RosterTrouble, ...]
    doubles: tuple[DoubleBooking, ...]


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """A center or clinic as coverage looks at it. `awake`: a screen that may sound is open."""

    place: str
    name: str
    area: str
    staff: int
    awake: bool
    roster: Roster | None = None


class Village(msgspec.Struct, frozen=True):
    """A village by code and name."""

    code: str
    name: str


def night_of(at: int) -> Hours:
    """What is left of the night at `at`, else the one that comes: 20:00 to 08:00 of the county."""
    local = datetime.fromtimestamp(at / 1000, BEIJING)
    today = local.replace(minute=0, second=0, microsecond=0)
    if local.hour < MORNING:
        return Hours(at, _ms(today.replace(hour=MORNING)))
    ends = _ms((today + timedelta(days=1)).replace(hour=MORNING))
    return Hours(max(at, _ms(today.replace(hour=EVENING))), ends)


def village_gaps(villages: Iterable[Village], posts: Sequence[Post], night: Hours) -> list[VillageGap]:
    """The villages with hours of `night` in which nobody near is on duty."""
    empty = {post.place: _empty_hours(post, night) for post in posts}
    found = []
    for village in villages:
        near = [empty[post.place] for post in posts if _serves(post, village.code)]
        gaps = common(near, night)
        if gaps:
            found.append(VillageGap(area=village.code, name=village.name, hours=tuple(gaps)))
    return found


def common(hours: Sequence[Sequence[Hours]], whole: Hours) -> list[Hours]:
    """The hours of `whole` that stand in every one of `hours`; all of it when there is none at all."""
    left = [whole]
    for one in hours:
        left = [
            Hours(max(a.since, b.since), min(a.until, b.until))
            for a in left
            for b in one
            if max(a.since, b.since) < min(a.until, b.until)
        ]
    return left


def dark_desks(posts: Iterable[Post], at: int) -> list[DarkDesk]:
    """The places where nothing would ring now."""
    return [
        DarkDesk(
            place=post.place, name=post.name, area=post.area, staff=post.staff, on_duty=_on_duty(post, at)
        )
        for post in posts
        if not post.awake
    ]


def roster_troubles(found: Iterable[Roster], at: int) -> list[RosterTrouble]:
    """The rosters with gaps ahead."""
    troubles = []
    for roster in found:
        gaps = tuple(Hours(gap.since, gap.until) for gap in rosters.gaps(roster, at, at + AHEAD_MS))
        if gaps:
            troubles.append(RosterTrouble(roster=roster.id, place=roster.place, name=roster.name, gaps=gaps))
    return troubles


def double_bookings(found: Sequence[Roster], names: Mapping[str, str], at: int) -> list[DoubleBooking]:
    """Who ought to be at two places at once; `names`: user → name."""
    return [
        DoubleBooking(
            user=one.user,
            name=names.get(one.user, one.user),
            hours=Hours(one.since, one.until),
            places=one.places,
        )
        for one in rosters.doubles(found, at, at + AHEAD_MS)
    ]


def _serves(post: Post, village: str) -> bool:
    """A town's center serves its villages, a clinic those of the area in which it stands."""
    if post.place.startswith("center:"):
        return post.area == town_of(village)
    return village.startswith(area_prefix(post.area))


def _empty_hours(post: Post, night: Hours) -> list[Hours]:
    if post.roster is None:
        return [] if post.staff else [night]
    return [Hours(gap.since, gap.until) for gap in rosters.gaps(post.roster, night.since, night.until)]


def _on_duty(post: Post, at: int) -> int:
    return post.staff if post.roster is None else len(rosters.duty(post.roster, at).everybody)


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
