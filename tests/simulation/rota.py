"""Who is on duty, by the rosters as the county wrote them; the shifts of this county come again each day, in UTC."""

import json
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tests.simulation.known import DAY_0_MS

DAY_MS = 86_400_000
Shift = Mapping[str, Any]  # as they stand in the rows
Change = Mapping[str, Any]
NEAR_MS = 15_000  # hubs' clocks are a few seconds apart, and shifts are looked for every five
NOTICED_MS = 40_000


def is_off(rows: sqlite3.Connection, user: str, since_s: float, until_s: float, off_s: float) -> bool:
    """Whether `user` was off duty all the time, and a little before and after. Unknown while clocks are wrong."""
    roster = _roster(rows, user)
    if roster is None or off_s:
        return False
    begin, end = _ms(since_s) - NEAR_MS, _ms(until_s) + NEAR_MS
    return not any(_is_on(*roster, user, at) for at in _edges(*roster, begin, end))


def has_gone(rows: sqlite3.Connection, user: str, taken_s: float, now_s: float, off_s: float) -> bool:
    """Whether `user` was on duty when they took a call, and has been off duty long enough for everybody to notice."""
    roster = _roster(rows, user)
    if roster is None or off_s:
        return False
    near = _edges(*roster, _ms(taken_s) - NEAR_MS, _ms(taken_s) + NEAR_MS)
    was_on = all(_is_on(*roster, user, at) for at in near)
    since = max(_ms(now_s) - NOTICED_MS, _ms(taken_s))
    return was_on and not any(
        _is_on(*roster, user, at) for at in _edges(*roster, since, _ms(now_s) + NEAR_MS)
    )


def _roster(rows: sqlite3.Connection, user: str) -> tuple[list[Shift], list[Change]] | None:
    """Shifts and changes of the center or clinic of `user`; None: there is no roster, or it has just been changed."""
    query = (
        "SELECT r.shifts, r.changes FROM rosters r JOIN users u"
        " ON r.place = CASE WHEN u.clinic IS NULL THEN 'center:' || u.area ELSE 'clinic:' || u.clinic END"
        " WHERE u.id = ?"
    )
    found = rows.execute(query, (user,)).fetchone()
    return None if found is None else (json.loads(found[0]), json.loads(found[1]))


def _edges(shifts: list[Shift], changes: list[Change], begin: int, end: int) -> list[int]:
    """Moments at which somebody may come or go in [begin, end], and those two."""
    found = {begin, end}
    for change in changes:
        found |= {change["since"], change["until"]}
    for shift in shifts:
        for edge in _edges_of(shift, begin):
            found |= {edge, edge - 1}
    return sorted(at for at in found if begin <= at <= end)


def _edges_of(shift: Shift, near: int) -> list[int]:
    start = int(datetime.fromisoformat(shift["start"]).replace(tzinfo=UTC).timestamp() * 1000)
    ends = (start, start + int(shift["minutes"]) * 60_000)
    return [edge + (near - edge) // DAY_MS * DAY_MS + day for edge in ends for day in (0, DAY_MS)]


def _is_on(shifts: list[Shift], changes: list[Change], user: str, at: int) -> bool:
    on, leaders = set[str](), list[str]()
    for shift in shifts:
        start = int(datetime.fromisoformat(shift["start"]).replace(tzinfo=UTC).timestamp() * 1000)
        if at >= start and (at - start) % DAY_MS < int(shift["minutes"]) * 60_000:
            on |= set(shift["people"])
            leaders += [shift["leader"]] if shift.get("leader") else []
    led = leaders[:1]
    for change in changes:
        if change["since"] <= at < change["until"]:
            out, into = change.get("out"), change.get("into")
            serves, leads = out in on, out is not None and [out] == led
            if leads:
                led = [str(into)] if into else []
            if serves:
                on.discard(str(out))
            if into and (serves or out is None):
                on.add(str(into))
    return user in on or user in led


def _ms(at_s: float) -> int:
    return DAY_0_MS + int(at_s * 1000)
