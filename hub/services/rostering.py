"""Duty rosters written, changed, taken away, by those who keep them. Each is one event.

The county's administrators keep all of them. A place keeps its own: whoever leads one of its shifts, and while no
shift has a leader everybody who belongs there, for somebody must begin.
"""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from devices.errors import IdError
from devices.ids import AreaLevel, area_level
from hub.domain import routing
from hub.domain.errors import Conflict, Denied, Fault, Faulty, NotFound
from hub.domain.events import EventType
from hub.domain.people import User, may_keep_register, register_scope, ring_targets
from hub.domain.rosters import Change, Roster, Shift, roster_faults
from hub.ports import Transaction
from hub.services.keeping import require_faultless, tell


class RosterChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be different; None leaves as it is."""

    name: str | None = None
    shifts: tuple[Shift, ...] | None = None
    changes: tuple[Change, ...] | None = None


def add_roster(tx: Transaction, place: str, change: RosterChange, by: User, now: int) -> Roster:
    """The roster of a center or clinic (`place`: its ring target). Denied, Faulty; Conflict: roster-there."""
    area, clinic = _stands(tx, place, by)
    blank = Roster(id=tx.new_id("ro", now), place=place, area=area, clinic=clinic, name="", shifts=())
    before = tx.rosters.of_place(place)
    if not keeps(by, place, before):
        raise Denied("rosters-leaders")
    if before is not None:
        raise Conflict("roster-there", field="place", place=place)
    return _put(tx, _changed(blank, change), EventType.ROSTER_ADDED, by, now)


def change_roster(tx: Transaction, roster: str, change: RosterChange, by: User, now: int) -> Roster:
    """Change what is said. NotFound: roster-unknown. Denied: rosters-leaders. Faulty."""
    before = kept_by(tx, roster, by)
    after = _changed(before, change)
    return before if after == before else _put(tx, after, EventType.ROSTER_CHANGED, by, now)


def remove_roster(tx: Transaction, roster: str, by: User, now: int) -> None:
    """Everybody of the place is on duty again. NotFound: roster-unknown. Denied: rosters-leaders."""
    before = kept_by(tx, roster, by)
    tx.rosters.remove(roster)
    tell(tx, EventType.ROSTER_REMOVED, roster, before.area, by, now)


def require_place(tx: Transaction, place: str, by: User) -> None:
    """`by` may write a roster of `place`. NotFound: there is no such place for them. Denied: rosters-leaders."""
    try:
        _stands(tx, place, by)
    except Faulty as error:
        raise NotFound("roster-place", value=place[:60]) from error
    if not keeps(by, place, tx.rosters.of_place(place)):
        raise Denied("rosters-leaders")


def kept_by(tx: Transaction, roster: str, by: User) -> Roster:
    """The roster, which `by` keeps. NotFound: roster-unknown, also for one that they may not see. Denied."""
    found = tx.rosters.get(roster)
    if found is None or not sees(by, found.place, found.area, found):
        raise NotFound("roster-unknown", roster=roster)
    if not keeps(by, found.place, found):
        raise Denied("rosters-leaders")
    return found


def sees(by: User, place: str, area: str, roster: Roster | None) -> bool:
    """Whether the roster of `place`, which stands in `area`, is for the eyes of `by`: people of a clinic see their
    clinic's, all others those of their area; and whoever leads a shift the roster that says so."""
    if place in ring_targets(by) or (roster is not None and roster.names(by.id)):
        return True
    return register_scope(by).sees(area, None)


def keeps(by: User, place: str, roster: Roster | None) -> bool:
    """Whether `by`, who sees it, may write the roster of `place`; None: it has none yet."""
    if may_keep_register(by):
        return True
    return roster.names(by.id) if roster is not None and roster.is_led else place in ring_targets(by)


def _changed(before: Roster, change: RosterChange) -> Roster:
    return msgspec.structs.replace(
        before,
        name=before.name if change.name is None else change.name.strip(),
        shifts=before.shifts if change.shifts is None else change.shifts,
        changes=before.changes if change.changes is None else change.changes,
    )


def _put(tx: Transaction, roster: Roster, event: EventType, by: User, now: int) -> Roster:
    require_faultless(
        [*roster_faults(roster.name, roster.shifts, roster.changes), *_people_faults(tx, roster, by)]
    )
    tx.rosters.put(roster)
    tell(tx, event, roster.id, roster.area, by, now)
    return roster


def _stands(tx: Transaction, place: str, by: User) -> tuple[str, str | None]:
    """Area and clinic of a ring target. Faulty: roster-place, when there is no such place among those of `by`."""
    kind, _, name = place.partition(":")
    area, clinic = (_center(name), None) if kind == "center" else ("", None)
    if kind == "clinic":
        found = tx.places.clinic(name)
        area, clinic = ("", None) if found is None else (found.area, name)
    if not area or not sees(by, place, area, None) or tx.places.area(area) is None:
        raise Faulty([Fault("place", "roster-place", {"value": place[:60]})])
    return area, clinic


def _center(area: str) -> str:
    try:
        return area if area_level(area) in (AreaLevel.COUNTY, AreaLevel.TOWN) else ""
    except IdError:
        return ""


def _people_faults(tx: Transaction, roster: Roster, by: User) -> Iterator[Fault]:
    """People on duty belong to the place; a leader may be anybody of the county who can sign in."""
    staff = {user.id: user for user in tx.rosters.staff(roster.place)}
    for number, shift in enumerate(roster.shifts, start=1):
        yield from _strangers(f"shifts.{number}", shift.people, staff)
        if shift.leader is not None and shift.leader not in staff and not _may_lead(tx, shift.leader, by):
            yield Fault(f"shifts.{number}", "roster-leader", {"value": shift.leader[:40]})
    for number, change in enumerate(roster.changes, start=1):
        if change.into is not None:
            yield from _strangers(f"changes.{number}", (change.into,), staff)


def _strangers(field: str, people: Iterable[str], staff: Mapping[str, User]) -> Iterator[Fault]:
    for user in people:
        if user not in staff:
            yield Fault(field, "roster-stranger", {"value": user[:40]})


def _may_lead(tx: Transaction, user: str, by: User) -> bool:
    account = tx.accounts.get(user)
    if account is None or account.disabled_at is not None:
        return False
    return routing.county_center(account.user.area) == routing.county_center(by.area)
