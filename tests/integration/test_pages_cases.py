"""The card's buttons over HTTP: sending, handing over, merging, calls by hand, the page to rate; and who gets 404."""

from __future__ import annotations

import re

import pytest
from fastapi.routing import APIRoute
from httpx import AsyncClient

from hub.console.auth import token_hash
from hub.console.pages import actions, case_actions, case_choices, desk
from hub.domain.accounts import Account
from hub.domain.calls import Call, CallState, Outcome
from hub.domain.feedback import LINK_MS, AskBy
from hub.domain.people import Role, Scope, User
from hub.domain.rosters import Shift
from hub.domain.routing import center_of
from hub.services import handling, reviewing, rostering
from hub.services.reviewing import LinkToSend
from hub.services.rostering import RosterChange
from tests.stores import CLINIC_STAFF, COUNTY, COUNTY_OPERATOR, OPERATOR, OTHER_OPERATOR, VILLAGE
from tests.web import ADMIN, RunningHub

HTMX = {"HX-Request": "true"}
EVERYTHING = Scope(area_prefix="")
LINK = "a-link-of-a-test"
OTHER_COUNTY = User(
    id="u-county2", username="county2", name="周岚", spoken_name="周值班员", role=Role.OPERATOR, area=COUNTY
)


async def now_is(hub: RunningHub, call: str) -> Call:
    """The call as it stands."""
    found = await hub.store.read(lambda read: read.call(call, EVERYTHING))
    assert found is not None
    return found


async def act(http: AsyncClient, call: str, deed: str, **form: str) -> str:
    """One button of the card; the card afterwards."""
    answer = await http.post(f"/desk/calls/{call}/{deed}", data=form, headers=HTMX)
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_who_is_sent_has_a_line_with_the_steps_that_follow(sqlite_hub: RunningHub) -> None:
    call = await sqlite_hub.press("b-1")
    town = (await sqlite_hub.sign_in(OPERATOR)).http
    await act(town, call, "answer")
    card = await act(town, call, "dispatch", to="person:p-grid")
    (line,) = set(re.findall(r"responders/([^/]+)/accept", card))
    card = await act(town, call, f"responders/{line}/on-the-way")
    assert "在路上" in card
    assert f"responders/{line}/arrived" in card
    assert f"responders/{line}/accept" not in card
    again = await town.post(f"/desk/calls/{call}/dispatch", data={"to": "person:p-grid"}, headers=HTMX)
    assert (again.status_code, again.headers["hx-retarget"]) == (409, "#toast")
    nobody = await town.post(f"/desk/calls/{call}/dispatch", data={"to": "person:nobody"}, headers=HTMX)
    assert nobody.status_code == 422


async def test_a_clinic_that_has_the_call_goes_itself_by_one_button(sqlite_hub: RunningHub) -> None:
    call = await sqlite_hub.press("b-1")
    clinic = (await sqlite_hub.sign_in(CLINIC_STAFF)).http
    card = await act(clinic, call, "answer")
    assert f"/desk/calls/{call}/go" in card
    card = await act(clinic, call, "go")
    assert "救治完毕" not in card
    assert "已出发" in card
    assert (await now_is(sqlite_hub, call)).coming == "石桥镇卫生院"


async def test_a_clinic_tells_of_itself_alone(sqlite_hub: RunningHub) -> None:
    call = await sqlite_hub.press("b-1")
    town, clinic = [(await sqlite_hub.sign_in(user)).http for user in (OPERATOR, CLINIC_STAFF)]
    await act(town, call, "answer")
    await act(town, call, "dispatch", to="person:p-grid")
    await act(town, call, "dispatch", to="clinic:clinic-1")
    shown = (await clinic.get(f"/desk/calls/{call}", headers=HTMX)).text
    assert "综治中心请您院出诊" in shown
    lines = set(re.findall(r"responders/([^/]+)/", shown))
    assert len(lines) == 1, "the grid worker's steps are not the clinic's to tell"


async def test_to_whom_and_into_what_is_asked_for_when_the_panel_opens(sqlite_hub: RunningHub) -> None:
    call, other = await sqlite_hub.press("b-1"), await sqlite_hub.press("b-3")
    elsewhere = await sqlite_hub.press("b-2")
    town = (await sqlite_hub.sign_in(OPERATOR)).http
    await act(town, call, "answer")
    to = (await town.get(f"/desk/calls/{call}/colleagues", headers=HTMX)).text
    assert {COUNTY_OPERATOR.id, CLINIC_STAFF.id} <= set(re.findall(r'value="([^"]+)"', to))
    assert OPERATOR.id not in to
    assert OTHER_OPERATOR.id not in to
    into = (await town.get(f"/desk/calls/{call}/others", headers=HTMX)).text
    assert other in into
    assert elsewhere not in into
    card = await act(town, call, "merge", into=other)
    assert f"/desk/calls/{other}" in card, "the way to the call that goes on"
    assert (await now_is(sqlite_hub, call)).merged_into == other


async def test_who_is_off_duty_stands_last_and_cannot_be_chosen(sqlite_hub: RunningHub) -> None:
    call = await sqlite_hub.press("b-1")
    on = (OTHER_COUNTY.id,)
    shift = Shift(name="全天", start="2026-01-01T00:00", rrule="FREQ=DAILY", minutes=1440, people=on)
    change = RosterChange(name="县中心", shifts=(shift,))
    await sqlite_hub.store.run(lambda tx: tx.accounts.add(Account(user=OTHER_COUNTY, password_hash="-")))
    await sqlite_hub.store.run(
        lambda tx: rostering.add_roster(tx, center_of(COUNTY), change, ADMIN, sqlite_hub.clock.now())
    )
    town = (await sqlite_hub.sign_in(OPERATOR)).http
    await act(town, call, "answer")
    shown = (await town.get(f"/desk/calls/{call}/colleagues", headers=HTMX)).text
    offered = re.findall(r'value="([^"]+)" required( disabled)?', shown)
    assert dict(offered)[OTHER_COUNTY.id] == ""
    assert offered[-1] == (COUNTY_OPERATOR.id, " disabled")
    assert "不在班" in shown


async def test_a_cancel_is_confirmed_only_when_the_elder_asked_for_it(sqlite_hub: RunningHub) -> None:
    call = await sqlite_hub.press("b-1")
    town = (await sqlite_hub.sign_in(OPERATOR)).http
    assert "confirm-cancel" not in (await town.get(f"/desk/calls/{call}", headers=HTMX)).text
    refused = await town.post(f"/desk/calls/{call}/confirm-cancel", headers=HTMX)
    assert refused.status_code == 409
    await sqlite_hub.press("b-1", kind="cancel")
    assert "confirm-cancel" in (await town.get(f"/desk/calls/{call}", headers=HTMX)).text
    card = await act(town, call, "confirm-cancel", note="本人说按错了")
    assert "reopen" in card
    assert (await now_is(sqlite_hub, call)).outcome is Outcome.CANCELLED
    await act(town, call, "reopen", note="又不舒服了")
    assert (await now_is(sqlite_hub, call)).state is CallState.RINGING


async def test_a_telephone_call_is_entered_and_held_by_who_took_it(sqlite_hub: RunningHub) -> None:
    town = (await sqlite_hub.sign_in(OPERATOR)).http
    form = (await town.get("/desk/enter", headers=HTMX)).text
    assert VILLAGE in form
    found = (await town.get("/desk/enter/residents", params={"q": "刘桂"}, headers=HTMX)).text
    assert 'value="r-1"' in found
    assert "checked" in found, "there is only one"
    foreign = (await town.get("/desk/enter/residents", params={"q": "郑国栋"}, headers=HTMX)).text
    assert "r-2" not in foreign, "of another town"
    entry = {"kind": "telephone", "resident": "r-1", "note": "摔倒了，孙女来电", "hold": "true"}
    card = (await town.post("/desk/enter", data=entry, headers=HTMX)).text
    assert "我在处置" in card
    assert "摔倒了，孙女来电" in card
    again = await town.post("/desk/enter", data=entry, headers=HTMX)
    assert again.status_code == 409
    assert "已有一个未结束的呼叫" in again.text


async def test_who_is_not_in_the_register_is_entered_by_place_and_rings(sqlite_hub: RunningHub) -> None:
    town = (await sqlite_hub.sign_in(OPERATOR)).http
    entry = {"kind": "in_person", "area": VILLAGE, "name": "过路的老人", "note": "头晕", "hold": "false"}
    card = (await town.post("/desk/enter", data=entry, headers=HTMX)).text
    assert "过路的老人" in card
    assert "等待接听" in card
    nowhere = await town.post("/desk/enter", data={**entry, "area": ""}, headers=HTMX)
    assert nowhere.status_code == 422
    assert "请选择住户" in nowhere.text


async def test_one_tap_rates_once_and_a_strange_link_tells_nothing(sqlite_hub: RunningHub) -> None:
    call = await sqlite_hub.press("b-1")
    clock, store = sqlite_hub.clock, sqlite_hub.store
    await store.run(lambda tx: handling.answer(tx, call, OPERATOR, clock.now()))
    await store.run(lambda tx: handling.resolve(tx, call, OPERATOR, Outcome.HELPED, "", clock.now()))
    link = LinkToSend(token_hash(LINK), f"/f/{LINK}")
    await store.run(lambda tx: reviewing.ask(tx, call, OPERATOR, AskBy.LINK, link, clock.now()))
    anybody = sqlite_hub.client().http
    page = await anybody.get(f"/f/{LINK}")
    assert "您满意吗" in page.text
    assert "刘桂兰" not in page.text, "whoever finds the link learns nothing of the elder"
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    for wrong in ("0", "6", "five"):
        assert (await anybody.post(f"/f/{LINK}", data={"rating": wrong})).status_code == 422
    assert (await anybody.post(f"/f/{LINK}", data={"rating": "4"})).status_code == 200
    assert ((await now_is(sqlite_hub, call)).rating, (await now_is(sqlite_hub, call)).state) == (
        4,
        CallState.CLOSED,
    )
    assert (await anybody.post(f"/f/{LINK}", data={"rating": "1"})).status_code == 409
    assert (await anybody.get("/f/no-such-link")).status_code == 404


async def test_a_link_ends_after_its_days(sqlite_hub: RunningHub) -> None:
    call = await sqlite_hub.press("b-1")
    clock, store = sqlite_hub.clock, sqlite_hub.store
    await store.run(lambda tx: handling.answer(tx, call, OPERATOR, clock.now()))
    await store.run(lambda tx: handling.resolve(tx, call, OPERATOR, Outcome.HELPED, "", clock.now()))
    link = LinkToSend(token_hash(LINK), f"/f/{LINK}")
    await store.run(lambda tx: reviewing.ask(tx, call, OPERATOR, AskBy.LINK, link, clock.now()))
    clock.move(LINK_MS)
    over = await sqlite_hub.client().http.get(f"/f/{LINK}")
    assert over.status_code == 404
    assert "过期" in over.text


CALL_ROUTES = [
    (method, route.path)
    for router in (desk.router, actions.router, case_actions.router, case_choices.router)
    for route in router.routes
    if isinstance(route, APIRoute) and "{call_id}" in route.path
    for method in sorted(route.methods or ())
]
FORM = {"text": "x", "number": "120", "rating": "5", "by": "link", "to": "120", "into": "c"}


def test_the_walk_goes_everywhere() -> None:
    ends = {path.rpartition("/")[2] for _, path in CALL_ROUTES}
    assert {"{call_id}", "answer", "dispatch", "{step}", "colleagues", "others", "feedback"} <= ends


@pytest.mark.parametrize(("method", "route"), CALL_ROUTES)
async def test_a_call_of_another_town_is_not_there_whatever_one_asks(
    sqlite_hub: RunningHub, method: str, route: str
) -> None:
    call = await sqlite_hub.press("b-1")
    stranger = (await sqlite_hub.sign_in(OTHER_OPERATOR)).http
    form = {**FORM, "outcome": "spoke" if route.endswith("/callback") else "helped"}
    path = route.format(call_id=call, line="x-1", step="accept")
    answer = await stranger.request(method, path, data=form if method == "POST" else None, headers=HTMX)
    assert answer.status_code == 404, answer.text
    assert "没有这个呼叫" in answer.text
