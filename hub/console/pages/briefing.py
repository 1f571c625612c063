"""What to say to 120, 119 and 110, line by line, in the order in which their operators ask."""

from collections.abc import Sequence

import msgspec

from hub.console.pages.rows import age
from hub.domain.residents import Card, Resident
from hub.i18n.phrases import Param

NUMBERS = ("120", "119", "110")
_SEX = {"f": "female", "female": "female", "\u5973": "female", "m": "male", "male": "male", "\u7537": "male"}


class Line(msgspec.Struct, frozen=True):
    """One line to read out: `sentence` is its id in the catalogues."""

    sentence: str
    params: dict[str, Param]


def briefing(number: str, card: Card, center: str, now: int) -> Sequence[Line]:
    """The lines for `number`; what the register does not know is left out, never made up."""
    resident = card.resident
    lines = [Line(f"brief-open-{number}", {"center": center})]
    if resident is not None:
        lines += _where(resident, card.area_path)
        lines += _who(resident, now)
    lines.append(Line(f"brief-ask-{number}", {}))
    return lines


def _where(resident: Resident, area_path: tuple[str, ...]) -> list[Line]:
    lines = [Line("brief-address", {"address": full_address(resident, area_path)})]
    if resident.way_in:
        lines.append(Line("brief-way-in", {"text": resident.way_in}))
    if resident.landmark:
        lines.append(Line("brief-landmark", {"text": resident.landmark}))
    if resident.meets_ambulance:
        lines.append(Line("brief-meets", {"text": resident.meets_ambulance}))
    return lines


def _who(resident: Resident, now: int) -> list[Line]:
    years = age(resident.born, now)
    person: dict[str, Param] = {"name": resident.name, "sex": sex(resident)}
    person["age"] = -1 if years is None else years
    lines = [Line("brief-person", person)]
    if resident.conditions:
        lines.append(Line("brief-conditions", {"text": resident.conditions}))
    if resident.phone:
        lines.append(Line("brief-phone", {"phone": resident.phone}))
    if coordinates(resident):
        lines.append(Line("brief-coordinates", {"at": coordinates(resident)}))
    return lines


def full_address(resident: Resident, area_path: tuple[str, ...]) -> str:
    """The address from the top of `area_path` down; names it begins with already are not said twice."""
    said = (step for step, name in enumerate(area_path) if resident.address.startswith(name))
    return "".join((*area_path[: next(said, None)], resident.address))


def sex(resident: Resident | None) -> str:
    """`female`, `male` or `unknown`, however the register writes it."""
    return "unknown" if resident is None else _SEX.get(resident.sex.strip().lower(), "unknown")


def coordinates(resident: Resident | None) -> str:
    """WGS-84 degrees, five places: about a metre; empty when they are not known."""
    if resident is None or resident.lat is None or resident.lon is None:
        return ""
    return f"{resident.lat:.5f}, {resident.lon:.5f}"
