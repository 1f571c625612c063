"""What is done with the tree of areas."""

from collections.abc import Iterator

import msgspec

from devices.errors import IdError
from devices.ids import AreaLevel, area_level, parent_of
from hub.domain.areas import Area
from hub.domain.entries import NO_AREA, AreaDraft, area_faults, placed, written
from hub.domain.errors import Conflict, Fault, Invalid, NotFound
from hub.domain.events import EventType
from hub.domain.people import User, register_scope
from hub.ports import Transaction
from hub.services.keeping import require_faultless, require_keeper, require_mine, tell, tell_changed

NAME_LIMIT = 80


def add_area(tx: Transaction, code: str, name: str, lat: float | None, lon: float | None) -> Area:
    """Enter an area for whoever holds the machine itself.

    Invalid: area-code, area-name, area-unknown (the parent). Conflict: area-used.
    """
    area = Area(
        code=code,
        name=_checked_name(name),
        level=_level(code).value,
        parent=parent_of(code),
        lat=lat,
        lon=lon,
    )
    if area.parent is not None and not tx.registrar.has_area(area.parent):
        raise Invalid("area-unknown", field="code", area=area.parent)
    if not tx.registrar.add_area(area):
        raise Conflict("area-used", area=code)
    return area


def enter_area(tx: Transaction, draft: AreaDraft, by: User, now: int) -> Area:
    """Enter an area under its parent. Denied: admins-only. Faulty. Conflict: area-used."""
    require_keeper(by)
    area = placed(written(NO_AREA, draft))
    require_faultless(_faults(tx, area, by))
    if tx.places.area(area.code) is not None:
        raise Conflict("area-used", field="code", area=area.code)
    tx.places.put_areas([area])
    tell(tx, EventType.AREA_ADDED, area.code, area.code, by, now)
    return area


def change_area(tx: Transaction, code: str, draft: AreaDraft, by: User, now: int) -> Area:
    """Change an area's name or place; its code stays. NotFound: area-unknown. Denied, Faulty as above."""
    require_keeper(by)
    before = _found(tx, code, by)
    after = placed(written(before, msgspec.structs.replace(draft, code=code)))
    require_faultless(area_faults(after))
    tx.places.put_areas([after])
    tell_changed(tx, EventType.AREA_CHANGED, code, code, before, after, by, now)
    return after


def remove_area(tx: Transaction, code: str, by: User, now: int) -> None:
    """Take out an area that nothing stands in. NotFound: area-unknown. Conflict: area-in-use."""
    require_keeper(by)
    _found(tx, code, by)
    count = tx.places.count_in_area(code)
    if count:
        raise Conflict("area-in-use", count=count)
    tx.places.remove_area(code)
    tell(tx, EventType.AREA_REMOVED, code, code, by, now)


def _found(tx: Transaction, code: str, by: User) -> Area:
    area = tx.places.area(code)
    if area is None:
        raise NotFound("area-unknown", area=code)
    require_mine(by, code, lambda: NotFound("area-unknown", area=code))
    return area


def _faults(tx: Transaction, area: Area, by: User) -> Iterator[Fault]:
    wrong = tuple(area_faults(area))
    yield from wrong
    if wrong:
        return
    if not register_scope(by).sees(area.code, None):
        yield Fault("code", "entry-code-elsewhere", {"value": area.code})
    elif area.parent is not None and tx.places.area(area.parent) is None:
        yield Fault("code", "entry-parent", {"value": area.parent})


def _level(code: str) -> AreaLevel:
    try:
        return area_level(code)
    except IdError as error:
        raise Invalid("area-code", field="code", area=code) from error


def _checked_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > NAME_LIMIT or not name.isprintable():
        raise Invalid("area-name", field="name", limit=NAME_LIMIT)
    return name
