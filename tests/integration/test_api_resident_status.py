"""How it stands with a resident: written, shown beside the call, and never a reason for silence."""

from __future__ import annotations

import pytest

from tests.stores import OPERATOR
from tests.web import ADMIN, RunningHub, problem


@pytest.mark.parametrize("status", ["home", "away", "hospital", "dead", "stopped"])
async def test_a_press_rings_however_it_stands_and_the_desk_sees_how(
    sqlite_hub: RunningHub, status: str
) -> None:
    admin = await sqlite_hub.sign_in(ADMIN)
    changed = await admin.http.patch("/api/v1/residents/r-1", json={"status": status})
    assert changed.json()["status"] == status
    call = await sqlite_hub.press("b-1")
    desk = await sqlite_hub.sign_in(OPERATOR)
    told = (await desk.get(f"/calls/{call}")).json()
    assert (told["state"], told["card"]["resident"]["status"]) == ("ringing", status)


async def test_a_resident_is_at_home_unless_somebody_says_otherwise(sqlite_hub: RunningHub) -> None:
    admin = await sqlite_hub.sign_in(ADMIN)
    added = await admin.post("/residents", {"name": "新来的", "area": "990421101201"})
    assert added.json()["status"] == "home"
    await admin.http.patch(f"/api/v1/residents/{added.json()['id']}", json={"status": "away"})
    again = await admin.http.patch(f"/api/v1/residents/{added.json()['id']}", json={"phone": "0990-1"})
    assert again.json()["status"] == "away", "what is left out stays"
    for wrong in ("gone", "", None, 1):
        problem(await admin.http.patch("/api/v1/residents/r-1", json={"status": wrong}), 422)


async def test_a_file_brings_it_in_and_takes_it_out(sqlite_hub: RunningHub) -> None:
    admin = await sqlite_hub.sign_in(ADMIN)
    lines = "编号,姓名,村,现状\nr-1,刘桂兰,上坪村,住院\nr-3,何秀英,上坪村,不清楚\n"
    wrong = problem(await admin.http.post("/api/v1/residents/import", content=lines.encode()), 422)
    assert [(one["line"], one["field"]) for one in wrong["errors"]] == [(3, "status")]
    assert (await admin.get("/residents/r-1")).json()["status"] == "home", "nothing of a wrong file comes in"
    right = lines.replace("不清楚", "外出")
    assert (await admin.http.post("/api/v1/residents/import", content=right.encode())).status_code == 200
    assert (await admin.get("/residents/r-1")).json()["status"] == "hospital"
    out = (await admin.http.get("/api/v1/residents/export", headers={"Accept-Language": "zh"})).text
    assert "住院" in out
    assert "外出" in out
