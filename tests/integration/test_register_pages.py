"""Pages of the register and of devices over HTTP: who may open what, and what they never show."""

from __future__ import annotations

import pytest

from tests.stores import CLINIC_STAFF, OPERATOR, OTHER_OPERATOR, VILLAGE, VILLAGE_ADMIN
from tests.web import ADMIN, RunningHub

LISTS = ("/residents", "/residents/rows", "/areas", "/people", "/devices", "/devices/rows")
ONE = ("/residents/r-1", "/devices/b-1", "/devices/b-1/now", "/people/p-grid")
KEEPING = (
    "/residents/new", "/areas/new", "/people/new", "/clinics/new",
    "/residents/import", "/areas/import", "/people/import", "/clinics/import",
)  # fmt: skip


@pytest.mark.parametrize(
    ("user", "lists", "one", "keeping"),
    [
        (ADMIN, 200, 200, 200),
        (OPERATOR, 200, 200, 403),
        (OTHER_OPERATOR, 200, 404, 403),
        (VILLAGE_ADMIN, 200, 200, 403),
        (CLINIC_STAFF, 404, 404, 403),
    ],
    ids=lambda one: getattr(one, "username", str(one)),
)
async def test_each_opens_what_is_theirs(
    sqlite_hub: RunningHub, user: object, lists: int, one: int, keeping: int
) -> None:
    browser = (await sqlite_hub.sign_in(user)).http  # type: ignore[arg-type]  # one of the users above
    for paths, status in ((LISTS, lists), (ONE, one), (KEEPING, keeping)):
        found = {path: (await browser.get(path)).status_code for path in paths}
        assert found == dict.fromkeys(paths, status)


async def test_those_who_only_read_have_no_form_and_cannot_post_one(sqlite_hub: RunningHub) -> None:
    for user in (OPERATOR, VILLAGE_ADMIN):
        browser = (await sqlite_hub.sign_in(user)).http
        page = (await browser.get("/residents/r-1")).text
        assert "刘桂兰" in page
        assert "<textarea" not in page
        form = {"name": "别人", "area": VILLAGE}
        answers = [
            await browser.post("/residents/r-1", data=form),
            await browser.post("/residents/new", data=form),
            await browser.delete("/residents/r-1"),
            await browser.post("/residents/import", files={"file": ("a.csv", b"x")}),
        ]
        assert [answer.status_code for answer in answers] == [403] * 4
    assert "刘桂兰" in (await browser.get("/residents/r-1")).text


async def test_a_village_never_sees_medical_notes_on_any_page(sqlite_hub: RunningHub) -> None:
    admin = (await sqlite_hub.sign_in(ADMIN)).http
    await admin.patch("/api/v1/residents/r-1", json={"conditions": "装过心脏支架"})
    village = (await sqlite_hub.sign_in(VILLAGE_ADMIN)).http
    for path in ("/residents", "/residents/r-1", "/residents/export?made_of=csv"):
        assert "支架" not in (await village.get(path)).text, path
        assert "支架" not in (await village.get(path)).content.decode("utf-8-sig")
    assert "支架" in (await (await sqlite_hub.sign_in(OPERATOR)).http.get("/residents/r-1")).text


async def test_presses_are_shown_to_those_who_see_calls(sqlite_hub: RunningHub) -> None:
    call = await sqlite_hub.press("b-1")
    assert call in (await (await sqlite_hub.sign_in(OPERATOR)).http.get("/devices/b-1")).text
    assert call not in (await (await sqlite_hub.sign_in(VILLAGE_ADMIN)).http.get("/devices/b-1")).text


async def test_words_of_the_register_are_shown_as_words(sqlite_hub: RunningHub) -> None:
    admin = (await sqlite_hub.sign_in(ADMIN)).http
    await admin.patch("/api/v1/residents/r-1", json={"name": "<b>刘</b>", "address": "</textarea><script>"})
    for path in ("/residents", "/residents/r-1"):
        page = (await admin.get(path)).text
        assert "&lt;b&gt;" in page
        assert "<b>刘" not in page
        assert "<script>" not in page


async def test_searches_that_make_no_sense_find_nothing_and_break_nothing(sqlite_hub: RunningHub) -> None:
    admin = (await sqlite_hub.sign_in(ADMIN)).http
    for query in ("q=%25%00", "area=110101000000", "cursor=!!", "cursor=AAAA", "q=" + "x" * 500):
        answer = await admin.get(f"/residents/rows?{query}")
        assert answer.status_code in (200, 422), query
    for query in ("kind=toaster", "presence=asleep", "show=-5", "show=99999999", "area=x"):
        assert (await admin.get(f"/devices/rows?{query}")).status_code == 200, query


async def test_the_way_to_the_register_is_shown_to_those_who_may_go(sqlite_hub: RunningHub) -> None:
    for user, shown in ((OPERATOR, True), (CLINIC_STAFF, False)):
        page = (await (await sqlite_hub.sign_in(user)).http.get("/desk")).text
        assert ('href="/residents"' in page) is shown


async def test_a_desk_that_rings_stays_open_when_its_operator_looks_something_up(
    sqlite_hub: RunningHub,
) -> None:
    for user, beside in ((OPERATOR, True), (ADMIN, False)):
        browser = (await sqlite_hub.sign_in(user)).http
        assert ("target=xiangyin-pages" in (await browser.get("/desk")).text) is beside
        assert "target=xiangyin-pages" not in (await browser.get("/residents")).text
