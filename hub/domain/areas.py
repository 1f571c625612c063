"""Areas, and their codes as scopes: everything below an area begins with its prefix."""

import msgspec

from devices.ids import AreaLevel, area_level

_DIGITS = {AreaLevel.COUNTY: 6, AreaLevel.TOWN: 9, AreaLevel.VILLAGE: 12}


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """A node of the tree county 县 → town 镇街 → village 村社 → grid 网格; WGS-84 degrees."""

    code: str
    name: str
    level: str
    parent: str | None
    lat: float | None = None
    lon: float | None = None


def area_prefix(code: str) -> str:
    """The digits that `code` shares with all that lies in it; IdError when it is no area code."""
    digits = _DIGITS.get(area_level(code))
    return code if digits is None else code[:digits]
