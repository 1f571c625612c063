"""Area codes as scopes: everything below an area begins with its prefix."""

from devices.ids import AreaLevel, area_level

_DIGITS = {AreaLevel.COUNTY: 6, AreaLevel.TOWN: 9, AreaLevel.VILLAGE: 12}


def area_prefix(code: str) -> str:
    """The digits that `code` shares with all that lies in it; IdError when it is no area code."""
    digits = _DIGITS.get(area_level(code))
    return code if digits is None else code[:digits]
