"""Groups of loudspeakers: a name for those that are told together. Kept by whoever may broadcast to all of them."""

import msgspec

from broadcast.domain.people import Author
from broadcast.domain.zones import Group, covers
from devices.errors import IdError
from devices.ids import check_zone
from hub.domain.broadcast_rights import author_of
from hub.domain.errors import Conflict, Denied, Invalid, NotFound
from hub.domain.events import EventType
from hub.domain.people import User
from hub.ports import Transaction
from hub.services.keeping import tell

NAME_LIMIT = 80
PREFIX = "g-"


class GroupChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be different; None leaves as it is."""

    name: str | None = None
    area: str | None = None
    members: tuple[str, ...] | None = None


def add_group(tx: Transaction, group: Group, by: User, now: int) -> Group:
    """Make a group; without an id it is given one. Invalid: group-id, group-name, area-unknown, group-members.
    Conflict: group-there. Denied: area-not-yours."""
    author = author_of(by)
    named = msgspec.structs.replace(group, id=group.id or PREFIX + tx.new_id("", now))
    try:
        check_zone(named.id)
    except IdError as error:
        raise Invalid("group-id", field="id") from error
    if not named.id.startswith(PREFIX):
        raise Invalid("group-id", field="id")
    if tx.broadcasting.places.group(named.id) is not None:
        raise Conflict("group-there", field="id", group=named.id)
    return _put(tx, named, author, by, now)


def change_group(tx: Transaction, group_id: str, change: GroupChange, by: User, now: int) -> Group:
    """Change what is said. NotFound: group-unknown; Invalid and Denied as above."""
    author = author_of(by)
    before = _own(tx, group_id, author)
    different = {
        name: value for name in GroupChange.__struct_fields__ if (value := getattr(change, name)) is not None
    }
    return _put(tx, msgspec.structs.replace(before, **different), author, by, now)


def remove_group(tx: Transaction, group_id: str, by: User, now: int) -> None:
    """There is no such group any more; broadcasts that name it reach nobody by it. NotFound: group-unknown."""
    before = _own(tx, group_id, author_of(by))
    tx.broadcasting.places.remove_group(group_id)
    tell(tx, EventType.GROUP_REMOVED, before.id, before.area, by, now)


def _put(tx: Transaction, group: Group, author: Author, by: User, now: int) -> Group:
    places = tx.broadcasting.places
    name = group.name.strip()
    if not name or len(name) > NAME_LIMIT or not name.isprintable():
        raise Invalid("group-name", field="name", limit=NAME_LIMIT)
    if places.area_name(group.area) is None:
        raise Invalid("area-unknown", field="area", area=group.area)
    if not author.reaches(group.area):
        raise Denied("area-not-yours")
    for device in group.members:
        found = places.loudspeaker(device)
        if found is None or not covers(group.area, found.area):
            raise Invalid("group-members", field="members", device=device)
    after = msgspec.structs.replace(group, name=name, members=tuple(sorted(set(group.members))))
    places.put_group(after, now)
    tell(tx, EventType.GROUP_CHANGED, after.id, after.area, by, now)
    return after


def _own(tx: Transaction, group_id: str, author: Author) -> Group:
    found = tx.broadcasting.places.group(group_id)
    if found is None or not author.reaches(found.area):
        raise NotFound("group-unknown", group=group_id)
    return found
