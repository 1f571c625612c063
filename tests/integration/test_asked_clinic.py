"""A clinic that is not the resident's own is asked to go: it sees that call, records its own steps, and no more."""

from __future__ import annotations

from typing import Any

import pytest

from hub.db.transaction import Tx
from hub.domain.accounts import Account
from hub.domain.people import Role, User
from tests.integration.test_api_call_rights import CALL, walks
from tests.stores import CLINIC_STAFF, OPERATOR, OTHER_OPERATOR, OTHER_TOWN
from tests.web import Desk, RunningHub, problem

ASKED = User(
    id="u-asked",
    username="asked",
    name="何医生",
    spoken_name="何医生",
    role=Role.CLINIC,
    area=OTHER_TOWN,
    clinic="clinic-2",
)
HTMX = {"HX-Request": "true"}
GUESTS_MAY = ("note", "accept", "decline", "on-the-way", "arrived", "done")


def enter_asked(tx: Tx) -> None:
    """Its staff, with everybody's password."""
    known = tx.accounts.get(OPERATOR.id)
    assert known is not None
    tx.accounts.add(Account(user=ASKED, password_hash=known.password_hash))


async def asked(hub: RunningHub) -> tuple[str, str, Desk, Desk]:
    """A call of clinic-1's resident to which clinic-2 is sent: call, line, the center's desk and the clinic's."""
    await hub.store.run(enter_asked)
    town, clinic = await hub.sign_in(OPERATOR), await hub.sign_in(ASKED)
    call = await hub.press("b-1")
    problem(await clinic.get(f"/calls/{call}"), 404)
    await town.post(f"/calls/{call}/answer")
    await town.post(f"/calls/{call}/dispatch", {"to": "clinic-2", "note": "离得近"})
    [line] = (await town.get(f"/calls/{call}")).json()["responders"]
    return call, line["id"], town, clinic


async def test_it_sees_the_call_on_its_desk_and_records_its_steps(sqlite_hub: RunningHub) -> None:
    call, line, town, clinic = await asked(sqlite_hub)
    [listed] = (await clinic.get("/calls?state=open")).json()["items"]
    assert listed["id"] == call
    desk = (await clinic.http.get("/desk")).text
    assert f'hx-post="/desk/calls/{call}/responders/{line}/accept"' in desk
    assert f"/desk/calls/{call}/answer" not in desk

    for step, state in (
        ("accept", "accepted"),
        ("on-the-way", "on_the_way"),
        ("arrived", "arrived"),
        ("done", "done"),
    ):
        assert (await clinic.post(f"/calls/{call}/responders/{line}/{step}")).status_code == 200, step
        [now] = (await town.get(f"/calls/{call}")).json()["responders"]
        assert (now["state"], now[f"{state}_at"] is not None) == (state, True)
    assert (await clinic.post(f"/calls/{call}/note", {"note": "血压 170"})).status_code == 200


async def test_its_card_shows_where_to_go_and_only_its_own_buttons(sqlite_hub: RunningHub) -> None:
    call, line, _, clinic = await asked(sqlite_hub)
    card = (await clinic.http.get(f"/desk/calls/{call}", headers=HTMX)).text

    assert f"responders/{line}/accept" in card
    assert f"/desk/calls/{call}/note" in card
    for deed in (
        "answer",
        "dispatch",
        "resolve",
        "handover",
        "merge",
        "release",
        "reopen",
        "dial",
        "callback",
    ):
        assert f"/desk/calls/{call}/{deed}" not in card, deed
    for choices in ("colleagues", "others"):
        assert (await clinic.http.get(f"/desk/calls/{call}/{choices}", headers=HTMX)).status_code == 403


async def test_it_may_do_nothing_else_with_the_call(sqlite_hub: RunningHub) -> None:
    call, line, town, clinic = await asked(sqlite_hub)
    await town.post(f"/calls/{call}/dispatch", {"to": "p-grid"})
    before = (await town.get(f"/calls/{call}")).json()
    [worker] = [one["id"] for one in before["responders"] if one["id"] != line]
    wrong: dict[str, Any] = {}
    for method, path, body in walks():
        end = path.rsplit("/", 1)[1]
        if method == "get" or end in GUESTS_MAY:
            continue
        answer = await clinic.http.request(method, path.replace(CALL, call), json=body)
        if answer.status_code != 403 or problem(answer, 403)["type"] != "call-asked-only":
            wrong[f"{method} {path}"] = (answer.status_code, answer.text)
    refused = await clinic.post(f"/calls/{call}/responders/{worker}/accept")

    assert wrong == {}
    assert problem(refused, 403)["type"] == "responder-not-yours"
    assert (await town.get(f"/calls/{call}")).json() == before


async def test_it_sees_no_other_call_and_nobody_else_sees_this_one(sqlite_hub: RunningHub) -> None:
    call, line, _, clinic = await asked(sqlite_hub)
    other = await sqlite_hub.press("b-3")
    for who, which in ((clinic, other), (await sqlite_hub.sign_in(OTHER_OPERATOR), call)):
        wrong = {}
        for method, path, body in walks():
            way = path.replace(CALL, which).replace("q-1", line)
            answer = await who.http.request(method, way, json=body)
            if answer.status_code != 404:
                wrong[f"{method} {way}"] = (answer.status_code, answer.text)
        assert wrong == {}


async def test_it_hears_of_the_call_from_the_asking_on(sqlite_hub: RunningHub) -> None:
    hub = sqlite_hub
    await hub.store.run(enter_asked)
    town, clinic = await hub.sign_in(OPERATOR), await hub.sign_in(ASKED)
    async with clinic.listen() as listener:
        call = await hub.press("b-1")
        await town.post(f"/calls/{call}/answer")
        await town.post(f"/calls/{call}/dispatch", {"to": "clinic-2"})
        first = await listener.next()
    assert (first.event, first.data["id"], first.data["targets"]) == (
        "call.dispatched",
        call,
        ["clinic:clinic-2"],
    )
    start = (first.id or 0) - 1
    async with clinic.listen(last_event_id=start) as again:
        assert (await again.next()).id == first.id, "and as much when it comes back"


async def test_a_call_that_waits_again_shows_its_line_and_no_answer_button(sqlite_hub: RunningHub) -> None:
    call, line, town, clinic = await asked(sqlite_hub)
    await town.post(f"/calls/{call}/release")
    desk = (await clinic.http.get("/desk")).text

    assert f"responders/{line}/accept" in desk
    assert f"/desk/calls/{call}/answer" not in desk


@pytest.mark.parametrize("deed", ["resolve", "close"])
async def test_it_keeps_the_call_to_its_end_and_not_longer_on_its_desk(
    sqlite_hub: RunningHub, deed: str
) -> None:
    call, _, town, clinic = await asked(sqlite_hub)
    await town.post(f"/calls/{call}/resolve", {"outcome": "helped"})
    if deed == "close":
        await town.post(f"/calls/{call}/feedback", {"rating": 5})
    listed = [one["id"] for one in (await clinic.get("/calls?state=open")).json()["items"]]

    assert listed == ([call] if deed == "resolve" else [])
    assert (await clinic.get(f"/calls/{call}")).status_code == 200


async def test_the_residents_own_clinic_works_on_the_call_as_before(sqlite_hub: RunningHub) -> None:
    call, line, _, _ = await asked(sqlite_hub)
    own = await sqlite_hub.sign_in(CLINIC_STAFF)

    assert (await own.get(f"/calls/{call}")).status_code == 200
    assert (
        problem(await own.post(f"/calls/{call}/responders/{line}/accept"), 403)["type"]
        == "responder-not-yours"
    )
