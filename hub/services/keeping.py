"""What every change of the register has in common: the right to it, and the event that tells of it."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from hub.domain.entries import Entry, changed_fields
from hub.domain.errors import Denied, Fault, Faulty, NotFound
from hub.domain.events import Detail, EventType, NewEvent
from hub.domain.people import User, may_keep_register, register_scope
from hub.ports import Transaction

BEIJING = timedelta(hours=8)


def require_keeper(by: User) -> None:
    """Denied unless `by` keeps the county's register."""
    if not may_keep_register(by):
        raise Denied("admins-only")


def require_mine(by: User, area: str, unknown: Callable[[], NotFound]) -> None:
    """`unknown()` is raised for what lies outside the areas of `by`: they may not know that it is there."""
    if not register_scope(by).sees(area, None):
        raise unknown()


def require_faultless(faults: Iterable[Fault]) -> None:
    """Faulty with all of `faults`, when there are any."""
    found = tuple(faults)
    if found:
        raise Faulty(found)


def area_fault(tx: Transaction, field: str, code: str, by: User) -> Iterable[Fault]:
    """What is wrong with an area that is referred to: it must be there, and within those of `by`."""
    if code and not (register_scope(by).sees(code, None) and tx.places.area(code)):
        yield Fault(field, "entry-area", {"value": code[:80]})


def year_of(now: int) -> int:
    """The calendar year of the county at `now` (Unix ms)."""
    return (datetime.fromtimestamp(now / 1000, UTC) + BEIJING).year


def tell(tx: Transaction, kind: EventType, item: str, area: str, by: User, now: int) -> None:
    """Record that `by` did it."""
    _record(tx, kind, area, by, now, Detail(item=item))


def tell_changed(
    tx: Transaction, kind: EventType, item: str, area: str, before: Entry, after: Entry, by: User, now: int
) -> None:
    """Record what `by` changed, unless nothing is different. The event names the fields, never their contents."""
    fields = changed_fields(before, after)
    if fields:
        _record(tx, kind, area, by, now, Detail(item=item, fields=fields))


def tell_imported(tx: Transaction, item: str, added: int, changed: int, by: User, now: int) -> None:
    """Record that a file was taken in."""
    _record(
        tx, EventType.REGISTER_IMPORTED, by.area, by, now, Detail(item=item, added=added, changed=changed)
    )


def _record(tx: Transaction, kind: EventType, area: str, by: User, now: int, detail: Detail) -> None:
    tx.events.record(
        NewEvent(
            type=kind, at=now, call=None, area=area, clinic=None, by_id=by.id, by_name=by.name, detail=detail
        )
    )
