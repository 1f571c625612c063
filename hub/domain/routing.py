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


def first_targets(area: str, clinic: str | None, *, town_is_live: bool) -> tuple[str, ...]:
    """Rung at the press: town center and clinic together; the county too when the town has no live screen."""
    town = town_center(area)
    targets = [] if town is None else [town]
    if clinic is not None:
        targets.append(clinic_target(clinic))
    if town is None or not town_is_live:
        targets.append(county_center(area))
    return tuple(targets)
