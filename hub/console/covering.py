"""What is unprotected, read in one go for the API and the page."""

from hub.domain.areas import area_prefix
from hub.domain.coverage import Coverage, dark_desks, double_bookings, night_of, roster_troubles, village_gaps
from hub.domain.errors import NotFound
from hub.domain.people import User, register_scope
from hub.ports import Reader


def read_coverage(read: Reader, user: User, area: str | None, now: int, limit: int) -> Coverage:
    """The coverage of `area`, or of all that the user may see. NotFound: area-unknown, outside of it."""
    scope = register_scope(user)
    here = area or user.area
    if not scope.sees(here, None) or (area and area not in read.area_names()):
        raise NotFound("area-unknown", area=here)
    prefix, night = area_prefix(here), night_of(now)
    posts, rosters = read.plans.posts(prefix, now), read.plans.rosters(prefix)
    around = read.plans.posts(area_prefix(user.area)[:6], now)  # a village is served from its town
    names = {account.user.id: account.user.name for account in read.accounts()}
    return Coverage(
        area=here,
        at=now,
        night=night,
        villages=tuple(village_gaps(read.plans.villages(prefix), around, night)),
        residents=read.plans.lacking(prefix, limit),
        desks=tuple(dark_desks(posts, now)),
        rosters=tuple(roster_troubles(rosters, now)),
        doubles=tuple(double_bookings(rosters, names, now)),
    )
