"""Names: devices, presses, zones, and the 12-digit codes of areas.

Area codes are the 统计用区划代码 of the statistics bureau (国统字〔2009〕91号): digits 1-6 the county
(GB/T 2260), 7-9 the town (GB/T 10114: 001-099 街道, 100-199 镇, 200-399 乡), 10-12 the village
(001-199 居委会, 200-399 村委会). A grid 网格 is its village's code with a suffix.
"""

import re
import secrets
from enum import StrEnum

from devices.errors import IdError

DEVICE_ID_RE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
PRESS_ID_RE = re.compile(r"[A-Za-z0-9_-]{1,64}")
GROUP_ID_RE = re.compile(r"g-[A-Za-z0-9._-]{1,62}")
AREA_CODE_RE = re.compile(r"([0-9]{12})(-?[0-9A-Za-z]{1,8})?")

RESERVED_PREFIX = "hub."
"""User names that begin so are the hub's own accounts; no device may bear one."""

UNALLOTTED_PROVINCE = "99"
"""For invented counties. GB/T 2260 allots 11-15, 21-23, 31-37, 41-46, 50-54, 61-65, 71, 81 and 82, and has no
region 9 at all; 66 (兵团), 83 (Taiwan residents) and 90 (abroad) are in use elsewhere, 99 is not."""


class AreaLevel(StrEnum):
    """The four floors of the tree of areas."""

    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"
    GRID = "grid"


def check_device_id(device: str) -> str:
    """Return `device` when it may name a device; IdError otherwise."""
    if not DEVICE_ID_RE.fullmatch(device):
        raise IdError(f"device id {device!r}: use 1-64 of A-Z a-z 0-9 . _ -, a letter or digit first")
    if device.lower().startswith(RESERVED_PREFIX):
        raise IdError(f"device id {device!r}: names that begin with {RESERVED_PREFIX!r} belong to the hub")
    return device


def check_press_id(press: str) -> str:
    """Return `press` when it may name a press; IdError otherwise."""
    if not PRESS_ID_RE.fullmatch(press):
        raise IdError(f"press id {press!r}: use 1-64 of A-Z a-z 0-9 _ -")
    return press


def check_zone(zone: str) -> str:
    """Return `zone` when it is an area's code or a group of loudspeakers (`g-…`); IdError otherwise."""
    if not GROUP_ID_RE.fullmatch(zone):
        area_level(zone)
    return zone


def names_many(device: str) -> bool:
    """Tell whether a device's id is also the name of a zone, so that what is signed for it is signed for all there.

    Serial numbers of 13 to 20 digits read like a grid's code; they are let pass.
    """
    try:
        check_zone(device)
    except IdError:
        return False
    return GROUP_ID_RE.fullmatch(device) is not None or area_level(device) is not AreaLevel.GRID


def new_press_id() -> str:
    """Draw a press id: 96 random bits, 16 characters. Never a counter, so that a reset cannot repeat one."""
    return secrets.token_urlsafe(12)


def area_level(code: str) -> AreaLevel:
    """Say which floor of the tree `code` names; IdError when it names none.

    A prefecture without counties (东莞 441900…) stands in the county's place; a whole province does not.
    """
    match = AREA_CODE_RE.fullmatch(code)
    if match is None or code[2:6] == "0000":
        raise IdError(f"area code {code!r}: use the 12-digit statistical code of a county, town or village")
    digits, suffix = match.groups()
    town, village = digits[6:9], digits[9:12]
    if town == "000" and village != "000":
        raise IdError(f"area code {code!r}: a village without a town; check digits 7 to 9")
    if suffix is not None:
        if village == "000":
            raise IdError(f"area code {code!r}: only a village's code takes a grid suffix")
        return AreaLevel.GRID
    if village != "000":
        return AreaLevel.VILLAGE
    return AreaLevel.COUNTY if town == "000" else AreaLevel.TOWN


def county_of(code: str) -> str:
    """Return the code of the county that `code` lies in (of a county: itself)."""
    area_level(code)
    return code[:6] + "000000"


def town_of(code: str) -> str | None:
    """Return the code of the town that `code` lies in; None for a county."""
    return None if area_level(code) is AreaLevel.COUNTY else code[:9] + "000"


def village_of(code: str) -> str | None:
    """Return the code of the village that `code` lies in; None for a county or a town."""
    return code[:12] if area_level(code) in (AreaLevel.VILLAGE, AreaLevel.GRID) else None


def parent_of(code: str) -> str | None:
    """Return the code of the area one floor up; None for a county, which is the root."""
    match area_level(code):
        case AreaLevel.COUNTY:
            return None
        case AreaLevel.TOWN:
            return county_of(code)
        case AreaLevel.VILLAGE:
            return town_of(code)
        case AreaLevel.GRID:
            return code[:12]
