"""Broadcasts are written, without a browser: each fault at its place, each person their own areas."""

from __future__ import annotations

import re
from typing import Any

import pytest

from hub.domain.people import User
from tests.stores import (
    CLINIC_STAFF,
    COUNTY,
    OPERATOR,
    OTHER_OPERATOR,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    VILLAGE_ADMIN,
)
from tests.village import AUDIO
from tests.web import ADMIN
from tests.web_broadcast_pages import FORM, faults, page_of, send, written
from tests.web_broadcasts import Air


@pytest.mark.parametrize(
    ("different", "place", "sentence"),
    [
        ({"text": ""}, "text", "请先写广播的内容"),
        ({"text": "？！……😀"}, "text", "没有能读出来的字"),
        ({"text": "好" * 5000}, "text", "内容有 5000 字，太长了"),
        ({"corrected": "true", "spoken": "……"}, "spoken", "没有能读出来的字"),
        ({"source": "recording"}, "recording", "请先选一段录音"),
        ({"source": "recording", "recording": "rec-none"}, "recording", "没有这段录音"),
        ({"title": "字" * 81}, "title", "80 字以内"),
        ({"repeat": "99"}, "repeat", "1 到 5 遍"),
        ({"priority": "high"}, "priority", "0 到 255"),
        ({"priority": "240"}, "priority", "只用于“应急”"),
        ({"zones": []}, "zones", "请选择要广播的地区"),
        ({"zones": "990421109201"}, "zones", "没有这个地区"),
        ({"zones": OTHER_VILLAGE}, "zones", "不在您的辖区"),
        ({"when": "at"}, "when", "请选日期和时间"),
        ({"when": "at", "at": "2020-01-01T07:30"}, "when", "已经过去"),
        ({"when": "at", "at": "2099-01-01T07:30"}, "when", "366 天以内"),
        ({"when": "daily"}, "when", "请填几点播"),
        ({"when": "weekly", "time": "07:30"}, "when", "请选星期几播"),
        ({"when": "daily", "time": "07:30", "until": "2020-01-01"}, "when", "一次也不会广播"),
        ({"when": "daily", "time": "07:30", "starts": "soon"}, "when", "日期不对"),
        ({"when": "rule", "time": "07:30", "rule": "FREQ=SECONDLY"}, "when", "至少隔 5 分钟"),
        (
            {"when": "rule", "time": "07:30", "rule": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"},
            "when",
            "一次也不会广播",
        ),
        ({"when": "rule", "time": "07:30", "rule": "hourly please"}, "when", "看不懂"),
    ],
)
async def test_what_is_wrong_is_said_at_its_place_and_nothing_sounds(
    air: Air, different: dict[str, Any], place: str, sentence: str
) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    answer = await send(admin, **(FORM | different))
    assert answer.status_code == 422
    assert answer.headers["hx-retarget"] == "#toast"
    told = faults(answer)
    assert list(told) == [place]
    assert sentence in told[place]
    assert "还没有播过" in await page_of(admin, "/broadcasts")
    assert air.published == []


async def test_a_form_whose_answer_was_lost_is_sent_again_and_sounds_once(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    (key,) = re.findall(r'name="key" value="([^"]+)"', await page_of(admin, "/broadcasts/new"))
    first = await written(admin, key=key)
    assert await written(admin, key=key) == first
    assert await written(admin, key=key[::-1]) != first


async def test_words_of_people_are_shown_as_words(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    broadcast = await written(admin, text="停水<script>alert(1)</script>", title='"><b>停水')
    for path in ("/broadcasts", f"/broadcasts/{broadcast}", f"/broadcasts/{broadcast}/change"):
        page = await page_of(admin, path)
        assert "<script>alert" not in page
        assert "<b>停水" not in page


async def test_all_that_is_wrong_is_said_at_once(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    answer = await send(admin, text="", zones=[], when="daily", priority="x")
    assert set(faults(answer)) == {"text", "zones", "when", "priority"}
    assert "有 4 处要改" in answer.text


async def test_a_village_without_loudspeakers_cannot_be_chosen_and_is_refused(air: Air) -> None:
    with air.hub.store.engine.begin() as conn:
        conn.exec_driver_sql("UPDATE devices SET removed_at = 1 WHERE kind = 'loudspeaker' AND id <> 's-3'")
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    assert re.search(rf'value="{VILLAGE}" +disabled', await page_of(admin, "/broadcasts/new"))
    told = faults(await send(admin, **FORM))
    assert told == {"zones": "上坪村没有能用的喇叭，广播不出去。"}


async def test_a_form_that_no_page_of_ours_sends_is_refused(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    assert (await send(admin, **(FORM | {"att": "now"}))).status_code == 422
    admin.http.headers["X-CSRF-Token"] = "another"
    assert (await send(admin, **FORM)).status_code == 403
    assert air.published == []


async def test_each_sees_and_chooses_their_own_areas(air: Air) -> None:
    village, other = await air.hub.sign_in(VILLAGE_ADMIN), await air.hub.sign_in(OTHER_OPERATOR)
    form = await page_of(village, "/broadcasts/new")
    assert re.findall(r'name="zones" value="([^"]+)"', form) == [VILLAGE]
    broadcast = await written(village)
    assert "明天上午停水" in await page_of(village, "/broadcasts")
    assert "明天上午停水" not in await page_of(other, "/broadcasts")
    for path in ("", "/now", "/change"):
        assert (await other.http.get(f"/broadcasts/{broadcast}{path}")).status_code == 404
    for action in ("stop", "approve", "cancel"):
        assert (await send(other, f"/{broadcast}/{action}", rev="1")).status_code == 404
    county = await page_of(await air.hub.sign_in(ADMIN), "/broadcasts/new")
    assert re.findall(r'name="zones" value="([^"]+)"', county)[0] == COUNTY
    assert " checked> <span>" not in county.split('id="where"')[1].split("</section>")[0]


async def test_who_treats_people_does_not_broadcast(air: Air) -> None:
    clinic = await air.hub.sign_in(CLINIC_STAFF)
    assert "写广播" not in await page_of(clinic, "/broadcasts")
    assert (await clinic.http.get("/broadcasts/new")).status_code == 403
    assert (await send(clinic, **FORM)).status_code == 403


async def test_the_chosen_places_say_whom_they_reach(air: Air) -> None:
    admin = await air.hub.sign_in(ADMIN)
    for zones, reached in (([VILLAGE], 2), ([TOWN, VILLAGE], 2), ([VILLAGE, OTHER_VILLAGE], 3)):
        answer = await send(admin, "/form/where", zones=zones, category="notice")
        assert f"会在 {reached} 个喇叭播出" in answer.text
        assert ("要第二个人同意" in answer.text) is (reached == 3)
    emergency = await send(admin, "/form/where", zones=[VILLAGE], category="emergency")
    assert "要第二个人同意" in emergency.text
    village = await air.hub.sign_in(VILLAGE_ADMIN)
    assert "还没有选地方" in (await send(village, "/form/where", zones=[OTHER_VILLAGE])).text


async def test_the_time_is_told_in_words_with_its_next_three(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    weekly = {"when": "weekly", "days": ["WE", "MO"], "time": "07:30", "until": "2026-12-31"}
    answer = await send(admin, "/form/when", **weekly)
    assert "每周一、周三 07:30，到12月31日止" in answer.text
    assert "9月23日 周三 07:30；9月28日 周一 07:30；9月30日 周三 07:30" in answer.text
    assert "wrong" not in faults(answer)
    past = await send(admin, "/form/when", when="at", at="2020-01-01T07:30")
    assert "已经过去" in faults(past)["when"]
    unfinished = await send(admin, "/form/when", when="weekly")
    assert faults(unfinished) == {}


async def test_a_recording_without_a_title_is_called_one(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    kept = await admin.http.post("/api/v1/broadcasts/recordings", content=b"RIFF of a sort")
    broadcast = await written(
        admin, source="recording", recording=kept.json()["id"], when="daily", time="18:00"
    )
    assert "<h1>一段录音</h1>" in await page_of(admin, f"/broadcasts/{broadcast}")
    assert "<strong>一段录音</strong>" in await page_of(admin, "/broadcasts/board")


async def test_what_sounds_next_stands_first(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    weekly = await written(admin, when="weekly", days=["MO"], time="07:30")
    monthly = await written(admin, when="rule", rule="FREQ=MONTHLY;BYMONTHDAY=1", time="07:30")
    tomorrow = await written(admin, when="daily", time="18:00")
    coming = (await page_of(admin, "/broadcasts/board")).split('id="rows-coming"')[1]
    assert re.findall(r'id="row-(bc[^"]+)"', coming) == [tomorrow, weekly, monthly]


async def test_the_reading_can_be_seen_corrected_and_heard_before_anything_is_sent(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    assert "读：拨打96110</textarea>" in (await send(admin, "/form/spoken", text="拨打96110")).text
    assert faults(await send(admin, "/form/spoken", text="")) == {}
    heard = await send(admin, "/form/sound", **FORM, corrected="true", spoken="明天停水")
    assert f'src="/a/{AUDIO.sha256}"' in heard.text
    asked = air.desk.asked[-1]
    broken = await send(admin, "/form/sound", **(FORM | {"text": "坏"}))
    assert "没有能读出来的字" in broken.text
    assert air.published == []
    await written(admin, corrected="true", spoken="明天停水")
    await air.until_published("play")
    assert air.desk.asked[-1] == asked  # what was heard is what is played


@pytest.mark.parametrize("user", [OPERATOR, ADMIN, VILLAGE_ADMIN, CLINIC_STAFF], ids=lambda user: user.role)
async def test_every_page_speaks_both_languages(
    air: Air, user: User, caplog: pytest.LogCaptureFixture
) -> None:
    writer = await air.hub.sign_in(VILLAGE_ADMIN)
    broadcast = await written(writer)
    await air.until_published("play")
    desk = await air.hub.sign_in(user)
    for path in ("/broadcasts", f"/broadcasts/{broadcast}"):
        for lang, title in (("zh", "广播"), ("en", "Broadcasts")):
            answer = await desk.http.get(path, headers={"Accept-Language": lang})
            assert answer.status_code == 200
            assert title in answer.text
    assert [record.message for record in caplog.records if record.name.startswith("hub.i18n")] == []
