"""Who is called: targets are centers and clinics, each a string so that rows and events can carry them."""

from devices.ids import county_of, town_of


def center_of(area: str) -> str:
    """The target of the center that stands in `area` (12-digit code of a county or town)."""
    return f"center:{area}"


def clinic_target(clinic: str) -> str:
    """The target of a clinic's desk."""
    return f"clinic:{clinic}"


def town_center(area: str) -> str | None:
    """The target of the town center that serves `area`; None when the area lies in no town."""
    town = town_of(area)
    return None if town is None else center_of(town)


def county_center(area: str) -> str:
    """The target of the county center that serves `area`."""
    return center_of(county_of(area))
