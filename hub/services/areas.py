"""What is done with the tree of areas."""

from devices.errors import IdError
from devices.ids import AreaLevel, area_level, parent_of
from hub.domain.areas import Area
from hub.domain.errors import Conflict, Invalid
from hub.ports import Transaction

NAME_LIMIT = 80


def add_area(tx: Transaction, code: str, name: str, lat: float | None, lon: float | None) -> Area:
    """Enter an area under its parent. Invalid: area-code, area-name, area-unknown (the parent). Conflict: area-used."""
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
