"""Who may speak through loudspeakers, where, and who may see what was said."""

from broadcast.domain.people import Author
from broadcast.rows import Viewer
from devices.ids import AreaLevel, area_level, parent_of
from hub.domain.areas import area_prefix
from hub.domain.errors import Denied
from hub.domain.people import Role, User

MAY = frozenset({Role.COUNTY_ADMIN, Role.OPERATOR, Role.VILLAGE_ADMIN})
MAY_APPROVE = frozenset({Role.COUNTY_ADMIN, Role.OPERATOR})


def author_of(user: User) -> Author:
    """The user as an author: village admins in their village, centers in their town or county. Denied: others."""
    if user.role not in MAY:
        raise Denied("broadcasts-not-yours")
    return Author(id=user.id, name=user.name, area=user.area, may_approve=user.role in MAY_APPROVE)


def viewer_of(user: User) -> Viewer:
    """Everybody sees what sounds in their area: what was written for it, or for an area that holds it."""
    return Viewer(area_prefix(user.area), _around(user.area))


def _around(code: str) -> tuple[str, ...]:
    found: list[str] = []
    while area_level(code) is not AreaLevel.COUNTY:
        code = parent_of(code) or code
        found.append(code)
    return tuple(found)
