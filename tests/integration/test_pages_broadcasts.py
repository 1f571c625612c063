"""The pages of broadcasts without a browser: each fault at its place, each person their own areas, silence always."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from devices.messages import Ack, AckState
from hub.domain.orders import Order
from hub.domain.people import User
from hub.services import refusals
from tests.stores import (
    CLINIC_STAFF,
    COUNTY,
    COUNTY_OPERATOR,
    OPERATOR,
    OTHER_OPERATOR,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    VILLAGE_ADMIN,
)
from tests.village import AUDIO
from tests.web import ADMIN, Desk
from tests.web_broadcasts import Air

HTMX = {"HX-Request": "true", "Accept-Language": "zh"}
FORM = {"text": "明天上午停水", "zones": VILLAGE, "when": "now"}
WRONG = re.compile(r'id="wrong-([a-z]+)"[^>]*>([^<]+)</p>')


async def send(desk: Desk, path: str = "", **fields: Any) -> httpx.Response:
    """The form, or one of its questions, as the page sends it."""
    return await desk.http.post(f"/broadcasts{path}", data=fields, headers=HTMX)


async def page_of(desk: Desk, path: str) -> str:
    answer = await desk.http.get(path, headers={"Accept-Language": "zh"})
    assert answer.status_code == 200, answer.text
    return answer.text


async def written(desk: Desk, **different: Any) -> str:
    """The id of a broadcast that the form has sent."""
    answer = await send(desk, **(FORM | different))
    assert answer.status_code == 204, answer.text
    return str(answer.headers["hx-redirect"]).removeprefix("/broadcasts/")


def faults(answer: httpx.Response) -> dict[str, str]:
    """Place on the page → the sentence that stands there."""
    return {place: sentence.strip() for place, sentence in WRONG.findall(answer.text) if sentence.strip()}


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


async def test_a_rehearsal_is_a_drill_on_one_loudspeaker_of_ones_own(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    broadcast = await written(admin, when="daily", time="07:30")
    await air.until(admin, broadcast, lambda view: view["state"] == "scheduled")
    choices = await page_of(admin, f"/broadcasts/{broadcast}/rehearse")
    assert re.findall(r'value="(s-[^"]+)"', choices) == ["s-1", "s-2"]
    assert (await send(admin, f"/{broadcast}/rehearse", device="s-3")).status_code == 422
    assert "在 s-2 试播" not in await page_of(admin, f"/broadcasts/{broadcast}")
    assert (await send(admin, f"/{broadcast}/rehearse", device="s-2")).status_code == 200
    play = await air.until_published("play")
    assert (play["for"], play["drill"]) == ("s-2", True)
    whole = await page_of(admin, f"/broadcasts/{broadcast}")
    assert "在 s-2 试播" in whole
    listed = await page_of(admin, "/broadcasts/board")
    assert "cover-bar" not in listed  # it was not broadcast yet
    (stop,) = re.findall(r'hx-post="/broadcasts(/[^"]+/rehearsals/[^"]+/stop)"', whole)
    assert "停掉 1 次播出" in (await send(admin, stop)).text
    (silence,) = [command for _, command in air.commands("stop")]
    assert (silence["for"], silence["run"]) == ("s-2", play["run"])
    after = await page_of(admin, f"/broadcasts/{broadcast}")
    assert "停掉试播" not in after
    assert "到时播出" in after  # the broadcast itself goes its way


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


async def test_silence_where_nothing_sounds_says_so(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    assert "当时没有正在播的" in (await send(admin, "/stop", areas=VILLAGE)).text


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


async def test_what_a_second_person_must_approve_waits_for_one(air: Air) -> None:
    admin, second = await air.hub.sign_in(ADMIN), await air.hub.sign_in(COUNTY_OPERATOR)
    broadcast = await written(admin, zones=COUNTY, category="emergency")
    await air.until(admin, broadcast, lambda view: view["state"] == "waiting_approval")
    own = await page_of(admin, f"/broadcasts/{broadcast}")
    assert "同意播出" not in own
    assert "请县里的另一位值班员或县级管理员来审批。" in own
    assert (await send(admin, f"/{broadcast}/approve", rev="1")).status_code == 403
    assert "同意播出" in await page_of(second, f"/broadcasts/{broadcast}")
    stale = await send(second, f"/{broadcast}/approve", rev="2")
    assert stale.status_code == 409
    assert "刚被别人改过" in stale.text
    assert air.published == []
    assert (await send(second, f"/{broadcast}/approve", rev="1")).status_code == 200
    await air.until_published("play")


async def test_what_is_not_agreed_to_says_why_and_stays_silent(air: Air) -> None:
    admin, second = await air.hub.sign_in(ADMIN), await air.hub.sign_in(COUNTY_OPERATOR)
    broadcast = await written(admin, zones=COUNTY)
    await air.until(admin, broadcast, lambda view: view["state"] == "waiting_approval")
    answer = await send(second, f"/{broadcast}/reject", rev="1", note="日期写错了")
    assert "未同意" in answer.text
    assert air.published == []


async def test_a_change_shows_what_there_was_and_makes_another(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    weekly = {"when": "weekly", "days": ["SA"], "time": "18:05", "until": "2026-12-31"}
    broadcast = await written(admin, **weekly, category="fire", priority="155")
    await air.until(admin, broadcast, lambda view: view["state"] == "scheduled")
    form = await page_of(admin, f"/broadcasts/{broadcast}/change")
    for field in (
        'value="SA" checked',
        'value="18:05"',
        'value="2026-12-31"',
        'value="155"',
        'value="fire" checked',
    ):
        assert field in form
    changed = await send(admin, f"/{broadcast}", **(FORM | weekly | {"days": ["SU"], "rev": "1"}))
    assert changed.headers["hx-redirect"] == f"/broadcasts/{broadcast}"
    assert "每周日 18:05" in await page_of(admin, f"/broadcasts/{broadcast}")
    late = await send(admin, f"/{broadcast}", **FORM, rev="1")
    assert late.status_code == 409


async def test_one_is_stopped_and_so_is_everything_also_while_the_database_is_away(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    first = await written(admin)
    await air.until_published("play")
    stopped = await send(admin, f"/{first}/stop")
    assert "已停播，停掉 1 次播出。" in stopped.text
    assert stopped.headers["hx-retarget"] == "#toast"
    await written(admin)
    await air.until_published("play", 2)
    with air.database_away():
        away = await admin.http.get("/broadcasts")
        assert away.status_code == 503
        assert 'href="/broadcasts/stop"' in away.text
        assert f'name="areas" value="{VILLAGE}"' in await page_of(admin, "/broadcasts/stop")
        everything = await send(admin, "/stop", areas=VILLAGE)
        assert "稍后补记" in everything.text
    assert air.commands("stop")[-1][1]["run"] is None


async def test_what_devices_and_the_signer_refused_is_seen_where_it_happened(air: Air) -> None:
    town, other = await air.hub.sign_in(OPERATOR), await air.hub.sign_in(OTHER_OPERATOR)
    assert "被拒绝的指令" not in await page_of(town, "/broadcasts")
    refused = Ack(id=None, state=AckState.REFUSED, reason="bad_signature", digest="ab" * 32)
    await air.hub.store.run(lambda tx: refusals.device_refused(tx, "s-1", refused, air.hub.clock.now()))
    order = Order(
        id="o-1", address=TOWN, device=False, command=b'{"type":"stop"}', life_s=60, not_before=None,
        created_by=OPERATOR.id, approved_by=None,
    )  # fmt: skip
    await air.hub.store.run(
        lambda tx: refusals.order_refused(tx, order, "signer-two-people", air.hub.clock.now())
    )
    shown = await page_of(town, "/broadcasts/refusals")
    assert re.search(r"s-1 没有照办： <b>签名不对</b> <small[^>]*>abababababab<", shown)
    assert re.search(r"签名程序没有签发： <b>要另一个人同意</b> <small[^>]*>o-1<", shown)
    assert "被拒绝的指令" not in await page_of(other, "/broadcasts")
    air.hub.clock.move(25 * 3_600_000)
    tomorrow = await air.hub.sign_in(OPERATOR)
    assert (await page_of(tomorrow, "/broadcasts/refusals")).strip() == ""


async def test_it_is_taken_back_before_its_time(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    broadcast = await written(admin, when="daily", time="07:30")
    await air.until(admin, broadcast, lambda view: view["state"] == "scheduled")
    assert (await send(admin, f"/{broadcast}/cancel")).headers["hx-redirect"] == "/broadcasts"
    assert "明天上午停水" not in await page_of(admin, "/broadcasts")


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
