"""The pages of templates: kept by the county, chosen from by everybody who broadcasts."""

from __future__ import annotations

import pytest

from tests.stores import CLINIC_STAFF, VILLAGE_ADMIN
from tests.web import ADMIN
from tests.web_broadcast_pages import FORM, faults, page_of, send, written
from tests.web_broadcasts import Air

PATH = "/broadcasts/templates"
RAIN = {"name": "暴雨", "category": "weather", "text": "今晚{地点}\r\n有雨"}


async def test_the_county_writes_changes_and_removes_a_template(air: Air) -> None:
    county = await air.hub.sign_in(ADMIN)
    headers = {"x-csrf-token": county.csrf}
    made = await county.http.post(f"{PATH}/new", data=RAIN, headers=headers)
    assert made.status_code == 204
    back = made.headers["hx-redirect"]
    template = back.rpartition("=")[2]
    page = await page_of(county, back)
    assert "今晚{地点}\n有雨" in page
    assert "已保存" in page
    changed = await county.http.post(f"{PATH}/{template}", data=RAIN | {"name": "大雨"}, headers=headers)
    assert changed.status_code == 204
    assert 'data-blanks="[&#34;' in await page_of(county, "/broadcasts/new")
    assert "大雨" in await page_of(county, "/broadcasts/new")
    assert (await county.http.delete(f"{PATH}/{template}", headers=headers)).status_code == 204
    assert "大雨" not in await page_of(county, PATH)


async def test_what_is_wrong_with_a_template_is_said_above_what_was_typed(air: Air) -> None:
    county = await air.hub.sign_in(ADMIN)
    headers = {"x-csrf-token": county.csrf}
    for path in (f"{PATH}/new", f"{PATH}/fraud"):
        wrong = await county.http.post(path, data=RAIN | {"text": "今晚{地点有雨"}, headers=headers)
        assert wrong.status_code == 422
        assert "大括号要成对" in wrong.text
        assert "今晚{地点有雨" in wrong.text


async def test_a_village_reads_templates_and_keeps_none(air: Air) -> None:
    village = await air.hub.sign_in(VILLAGE_ADMIN)
    page = await page_of(village, PATH)
    assert "防诈骗提醒" in page
    assert "<textarea" not in page
    headers = {"x-csrf-token": village.csrf}
    assert (await village.http.post(f"{PATH}/fraud", data=RAIN, headers=headers)).status_code == 403
    assert (await village.http.delete(f"{PATH}/fraud", headers=headers)).status_code == 403
    clinic = await air.hub.sign_in(CLINIC_STAFF)
    assert (await clinic.http.get(PATH)).status_code == 403


@pytest.mark.parametrize("left", ["今晚{地点}有雨", "今晚{ 地点 }有雨，{时间}"])
async def test_a_text_with_open_blanks_is_not_sent(air: Air, left: str) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    told = faults(await send(admin, **(FORM | {"template": "weather", "text": left})))
    assert "地点" in told["text"]
    assert air.published == []
    assert await written(admin, template="weather", text="今晚上坪村有雨")
