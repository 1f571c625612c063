"""A roster from the form of the API to the telephone that rings: clocks that change, ends of months and years."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hub.services import relieving
from tests.contract.casebook import CaseBook
from tests.stores import COUNTY_OPERATOR, OPERATOR, TOWN, add_user
from tests.web import ADMIN, Desk, RunningHub, give_passwords, problem
from tests.web_broadcasts import ok

BERLIN, SHANGHAI = "Europe/Berlin", "Asia/Shanghai"
NIGHT_PHONE, DAY_PHONE = "13900000011", "13900000012"
COLLEAGUE = type(OPERATOR)(
    id="u-op3", username="op3", name="钱进", spoken_name="钱值班员", role=OPERATOR.role, area=TOWN
)


def ms(text: str, zone: str = BERLIN, *, fold: int = 0) -> int:
    """Local time as Unix ms; `fold` 1: its second coming."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return int(local.timestamp() * 1000)


def shift(name: str, start: str, hours: int, who: str, phone: str, **more: object) -> dict[str, object]:
    """A daily shift that `who` leads."""
    return {
        "name": name,
        "start": start,
        "rrule": "FREQ=DAILY",
        "minutes": hours * 60,
        "people": [who],
        "leader": who,
        "phone": phone,
        "tz": BERLIN,
    } | more


NIGHT = shift("夜", "2026-01-01T22:00", 8, OPERATOR.id, NIGHT_PHONE)
DAY = shift("昼", "2026-01-01T06:00", 16, COLLEAGUE.id, DAY_PHONE)


async def town(hub: RunningHub, hashed: str, *shifts: dict[str, object]) -> Desk:
    """The town's center with this roster; its administrator."""

    def enter(tx: Any) -> None:
        add_user(tx, COLLEAGUE)
        give_passwords(tx, hashed)

    await hub.store.run(enter)
    admin = await hub.sign_in(ADMIN)
    ok(await admin.post("/rosters", {"place": f"center:{TOWN}", "name": "石桥", "shifts": list(shifts)}), 201)
    return admin


def rung(hub: RunningHub, at: int) -> list[str]:
    """A button is pressed at `at`, every screen is dark, and so the leader is told at once: at which telephone."""
    hub.clock.now_ms = at
    book = CaseBook(hub.store, hub.clock)
    book.press("b-3")
    book.pass_ms(1_000)
    told = [
        to.removeprefix("sms:") for to, draft in book.asked_for_help() if draft.params["kind"] == "leader"
    ]
    return list(dict.fromkeys(told))


CASES = [
    # the night in which the clocks go forward: 22:00 to 06:00 are seven hours
    ("2027-03-28T01:59:00", 0, NIGHT_PHONE),
    ("2027-03-28T03:00:00", 0, NIGHT_PHONE),
    ("2027-03-28T05:57:00", 0, NIGHT_PHONE),
    ("2027-03-28T06:00:00", 0, DAY_PHONE),
    # back: nine hours, and nobody goes home at five
    ("2026-10-25T02:30:00", 0, NIGHT_PHONE),
    ("2026-10-25T02:30:00", 1, NIGHT_PHONE),
    ("2026-10-25T05:30:00", 0, NIGHT_PHONE),
    ("2026-10-25T06:00:00", 0, DAY_PHONE),
    # the year ends in the middle of a shift
    ("2026-12-31T23:59:00", 0, NIGHT_PHONE),
    ("2027-01-01T00:00:00", 0, NIGHT_PHONE),
    ("2027-01-01T06:00:00", 0, DAY_PHONE),
    ("2028-02-29T12:00:00", 0, DAY_PHONE),
]


@pytest.mark.parametrize(("when", "fold", "phone"), CASES)
async def test_the_leader_of_the_hour_on_the_wall_is_rung(
    sqlite_hub: RunningHub, hashed_password: str, when: str, fold: int, phone: str
) -> None:
    await town(sqlite_hub, hashed_password, NIGHT, DAY)

    assert rung(sqlite_hub, ms(when, fold=fold)) == [phone]


@pytest.mark.parametrize("since", ["2026-10-23T12:00:00", "2027-03-26T12:00:00", "2026-12-29T12:00:00"])
async def test_no_week_in_which_the_clocks_change_or_the_year_ends_has_a_gap(
    sqlite_hub: RunningHub, hashed_password: str, since: str
) -> None:
    admin = await town(sqlite_hub, hashed_password, NIGHT, DAY)
    sqlite_hub.clock.now_ms = ms(since)
    admin = await sqlite_hub.sign_in(ADMIN)
    [roster] = ok(await admin.get("/rosters"))["items"]

    assert roster["gaps"] == []
    assert {tuple(span["people"]) for span in roster["duty"]} == {(OPERATOR.id,), (COLLEAGUE.id,)}
    assert ok(await admin.get("/coverage"))["rosters"] == []


MONTH_END = {"rrule": "FREQ=MONTHLY;BYMONTHDAY=-1", "start": "2026-01-31T22:00", "tz": SHANGHAI}
OTHER_NIGHTS = {"rrule": "FREQ=DAILY", "start": "2026-01-01T06:00", "tz": SHANGHAI}


@pytest.mark.parametrize(
    ("when", "leads"),
    [
        ("2027-02-28T23:00:00", True),
        ("2027-03-01T03:00:00", True),
        ("2028-02-28T23:00:00", False),
        ("2028-02-29T23:00:00", True),
        ("2028-03-01T05:50:00", True),
        ("2026-12-31T23:59:00", True),
        ("2027-01-01T00:30:00", True),
        ("2027-01-30T23:00:00", False),
        ("2027-01-31T23:00:00", True),
    ],
)
async def test_the_last_night_of_the_month_is_found_in_every_month(
    sqlite_hub: RunningHub, hashed_password: str, when: str, leads: bool
) -> None:
    last = NIGHT | MONTH_END
    await town(sqlite_hub, hashed_password, last, DAY | OTHER_NIGHTS)

    assert rung(sqlite_hub, ms(when, SHANGHAI)) == ([NIGHT_PHONE] if leads else [])


async def test_a_call_is_handed_to_who_is_on_duty_and_goes_along_at_the_hour_on_the_wall(
    sqlite_hub: RunningHub, hashed_password: str
) -> None:
    """In the night of nine hours: at five nobody goes home, at six the call does."""
    await town(sqlite_hub, hashed_password, NIGHT, DAY)
    store, clock = sqlite_hub.store, sqlite_hub.clock
    clock.now_ms = ms("2026-10-25T05:10:00")
    night = await sqlite_hub.sign_in(OPERATOR)
    call = await sqlite_hub.press("b-1")
    ok(await night.post(f"/calls/{call}/answer"))
    off_duty = await night.post(f"/calls/{call}/handover", {"to": COLLEAGUE.id})
    assert problem(off_duty, 409)["type"] == "handover-off-duty"
    assert not await store.read(lambda read: relieving.over(read, clock.now()))
    clock.now_ms = ms("2026-10-25T06:00:00")
    assert list(await store.read(lambda read: relieving.over(read, clock.now()))) == [call]
    await store.run(lambda tx: relieving.relieve(tx, call, clock.now()))
    county = await sqlite_hub.sign_in(COUNTY_OPERATOR)
    assert ok(await county.get(f"/calls/{call}"))["state"] == "ringing", "nobody of the day sits there yet"
    day = await sqlite_hub.sign_in(COLLEAGUE)
    assert ok(await day.post(f"/calls/{call}/answer"))["holder"]["id"] == COLLEAGUE.id


async def test_a_change_across_new_year_holds_on_both_sides(
    sqlite_hub: RunningHub, hashed_password: str
) -> None:
    admin = await town(sqlite_hub, hashed_password, NIGHT, DAY)
    [roster] = ok(await admin.get("/rosters"))["items"]
    swap = {
        "since": ms("2026-12-31T22:00:00"),
        "until": ms("2027-01-01T06:00:00"),
        "out": OPERATOR.id,
        "into": COLLEAGUE.id,
    }
    patched = await admin.http.patch(f"/api/v1/rosters/{roster['id']}", json={"changes": [swap]})
    assert patched.status_code == 200, patched.text
    for at in ("2026-12-31T23:30:00", "2027-01-01T03:00:00"):
        sqlite_hub.clock.now_ms = ms(at)
        found = ok(await (await sqlite_hub.sign_in(ADMIN)).get("/rosters"))["items"][0]["duty"][0]
        assert (found["people"], found["leader"]) == ([COLLEAGUE.id], COLLEAGUE.id)
        assert found["until"] == ms("2027-01-01T06:00:00") or found["until"] > sqlite_hub.clock.now_ms
