"""What is done with a broadcast from its page: tried, agreed to, changed, stopped, taken back; silence always."""

from __future__ import annotations

import re

import pytest

from devices.messages import Ack, AckState, ReceiptState
from hub.domain.orders import Order
from hub.services import refusals
from tests.stores import (
    COUNTY,
    COUNTY_OPERATOR,
    OPERATOR,
    OTHER_OPERATOR,
    TOWN,
    VILLAGE,
    VILLAGE_ADMIN,
)
from tests.web import ADMIN
from tests.web_broadcast_pages import FORM, page_of, send, written
from tests.web_broadcasts import Air


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


async def test_a_loudspeaker_whose_power_went_says_that_it_broke_off(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    broadcast = await written(admin)
    run = (await air.until_published("play"))["run"]
    for state in (ReceiptState.PLAYING, ReceiptState.FAILED):
        air.report("s-1", run, state)
    air.report("s-2", run, ReceiptState.FAILED)
    await air.until(admin, broadcast, lambda view: view["state"] == "done")
    whole = await page_of(admin, f"/broadcasts/{broadcast}")
    assert re.findall(r'is-failed">(s-\d)<small>([^<]+)<', whole) == [
        ("s-1", "播到一半断了"),
        ("s-2", "没有说明原因"),
    ]


@pytest.mark.parametrize(
    ("reports", "word"),
    [
        (("played", "played"), "已播完"),
        (("played", "failed"), "部分播成"),
        (("failed", "failed"), "没有播成"),
    ],
)
async def test_what_is_over_says_whether_it_was_heard(air: Air, reports: tuple[str, str], word: str) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    broadcast = await written(admin)
    run = (await air.until_published("play"))["run"]
    for device, state in zip(("s-1", "s-2"), reports, strict=True):
        air.report(device, run, ReceiptState(state))
    await air.until(admin, broadcast, lambda view: view["state"] == "done")
    for path in (f"/broadcasts/{broadcast}", "/broadcasts/board"):
        assert re.findall(r'class="state [^>]+>([^<]+)<', await page_of(admin, path)) == [word]


async def test_silence_where_nothing_sounds_says_so(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    assert "当时没有正在播的" in (await send(admin, "/stop", areas=VILLAGE)).text


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
