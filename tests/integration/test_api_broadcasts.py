"""Broadcasts over HTTP: written, read aloud, approved, changed, heard; what is wrong is said in a sentence."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from devices.messages import ReceiptState
from hub.console.api import recordings
from hub.domain.people import User
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
from tests.web import ADMIN, Desk, problem
from tests.web_broadcasts import Air, ok

WORDS = {"title": "停水", "text": "明天上午九点停水", "areas": [VILLAGE]}


async def written(desk: Desk, **different: Any) -> dict[str, Any]:
    return dict(ok(await desk.post("/broadcasts", WORDS | different), 201))


async def test_a_village_admins_words_sound_and_everybody_there_sees_it(air: Air) -> None:
    admin, other = await air.hub.sign_in(VILLAGE_ADMIN), await air.hub.sign_in(OTHER_OPERATOR)
    async with admin.listen() as here, other.listen() as elsewhere:
        broadcast = await written(admin)
        play = await air.until_published("play")
        assert [topic for topic, _ in air.published] == [f"v1/z/{VILLAGE}/command"]
        assert (play["broadcast"], play["audio"][0]["sha256"]) == (broadcast["id"], AUDIO.sha256)

        for device in ("s-1", "s-2"):
            air.report(device, play["run"], ReceiptState.PLAYED)
        done = await air.until(admin, broadcast["id"], lambda view: view["state"] == "done")
        (run,) = done["runs"]
        assert run["coverage"] == {
            "targeted": 2, "ready": 2, "playing": 2, "played": 2, "heard": 0, "failed": 0, "missing": [],
        }  # fmt: skip
        assert done["spoken"] == "读：明天上午九点停水"

        told = await here.until("broadcast.run.receipt")
        assert (told.data["id"], told.data["run"], told.data["state"]) == (
            broadcast["id"],
            run["id"],
            "played",
        )
        await here.until("broadcast.ended")
        await air.hub.press("b-2")  # in the other town: the next that its operator hears of
        assert (await elsewhere.next()).event == "call.raised"


async def test_the_county_waits_for_a_second_person_of_its_own(air: Air) -> None:
    admin, second = await air.hub.sign_in(ADMIN), await air.hub.sign_in(COUNTY_OPERATOR)
    broadcast = await written(admin, areas=[COUNTY])
    path = f"/broadcasts/{broadcast['id']}"
    await air.until(admin, broadcast["id"], lambda view: view["state"] == "waiting_approval")
    assert problem(await admin.post(f"{path}/approve", {"rev": 1}), 403)["type"] == "broadcast-same-person"
    assert problem(await second.post(f"{path}/approve", {"rev": 2}), 409)["type"] == "broadcast-changed"
    town = await air.hub.sign_in(OPERATOR)
    problem(await town.post(f"{path}/approve", {"rev": 1}), 404)
    assert air.published == []
    ok(await second.post(f"{path}/approve", {"rev": 1}))
    await air.until_published("play")


async def test_another_text_needs_another_approval(air: Air) -> None:
    admin, second = await air.hub.sign_in(ADMIN), await air.hub.sign_in(COUNTY_OPERATOR)
    at = air.hub.clock.now() + 3_600_000
    broadcast = await written(admin, areas=[COUNTY], at=at)
    path = f"/broadcasts/{broadcast['id']}"
    await air.until(admin, broadcast["id"], lambda view: view["state"] == "waiting_approval")
    changed = ok(await admin.http.patch(f"/api/v1{path}", json={"text": "明天停电"}))
    assert (changed["rev"], changed["state"], changed["title"], changed["at"]) == (2, "preparing", "停水", at)
    problem(await second.post(f"{path}/approve", {"rev": 1}), 409)
    await air.until(admin, broadcast["id"], lambda view: view["state"] == "waiting_approval")
    assert ok(await second.post(f"{path}/reject", {"rev": 2, "note": "别发"}))["state"] == "rejected"


@pytest.mark.parametrize(
    ("different", "wrong"),
    [
        ({"text": ""}, "broadcast-text-empty"),
        ({"text": " \n "}, "broadcast-text-empty"),
        ({"text": "？！……"}, "broadcast-text-unreadable"),
        ({"text": "😀🎉"}, "broadcast-text-unreadable"),
        ({"text": "好" * 5000}, "broadcast-text-too-long"),
        ({"areas": []}, "broadcast-no-zones"),
        ({"areas": ["990421109201"]}, "broadcast-zone-unknown"),
        ({"at": 1}, "broadcast-time-past"),
        ({"rrule": "FREQ=SECONDLY"}, "broadcast-rule-often"),
        ({"rrule": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"}, "broadcast-rule-never"),
        ({"rrule": "hourly please"}, "broadcast-rule-wrong"),
        ({"rrule": "FREQ=DAILY", "tz": "Mars/Olympus"}, "broadcast-time-zone"),
        ({"rrule": "FREQ=DAILY", "from": "2026-01-01", "dtstart": "2026-01-01"}, "broadcast-time-twice"),
        ({"recording": "rec-none"}, "broadcast-source"),
        ({"text": "", "recording": "rec-none"}, "broadcast-recording-unknown"),
        ({"priority": 240}, "broadcast-category-priority"),
        ({"att": 1}, "request-invalid"),
        ({"at": "tomorrow"}, "request-invalid"),
        ({"repeat": 99}, "request-invalid"),
    ],
)
async def test_what_cannot_be_is_said_and_nothing_sounds(
    air: Air, different: dict[str, Any], wrong: str
) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    told = problem(await admin.post("/broadcasts", WORDS | different), 422)
    assert told["type"] == wrong
    assert not str(told["title"]).startswith("broadcast-")
    assert ok(await admin.get("/broadcasts"))["items"] == []


@pytest.mark.parametrize(
    ("user", "areas", "status"),
    [
        (VILLAGE_ADMIN, [OTHER_VILLAGE], 403),
        (VILLAGE_ADMIN, [TOWN], 403),
        (OTHER_OPERATOR, [VILLAGE], 403),
        (CLINIC_STAFF, [VILLAGE], 403),
        (OPERATOR, [VILLAGE], 201),
    ],
)
async def test_everybody_speaks_in_their_own_area_alone(
    air: Air, user: User, areas: list[str], status: int
) -> None:
    desk = await air.hub.sign_in(user)
    answer = await desk.post("/broadcasts", WORDS | {"areas": areas})
    assert answer.status_code == status, answer.text


async def test_what_cannot_be_spoken_is_said_afterwards(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    broadcast = await written(admin, text="坏字")
    failed = await air.until(admin, broadcast["id"], lambda view: view["state"] == "failed")
    assert failed["failure"] == {"problem": "broadcast-text-unreadable", "values": {}}
    assert air.published == []


async def test_the_same_request_under_one_key_is_one_broadcast_even_when_its_time_is_past(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    body = WORDS | {"at": air.hub.clock.now() + 1_000}
    first = ok(await admin.post("/broadcasts", body, key="once"), 201)
    air.hub.clock.move(5_000)
    assert ok(await admin.post("/broadcasts", body, key="once"), 201)["id"] == first["id"]
    assert problem(await admin.post("/broadcasts", body, key="twice"), 422)["type"] == "broadcast-time-past"


async def test_a_text_is_read_before_it_is_sent_and_can_be_corrected(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    assert ok(await admin.post("/broadcasts/spoken", {"text": "120"})) == {"spoken": "读：120"}
    broadcast = await written(admin, spoken="幺二零")
    await air.until(admin, broadcast["id"], lambda view: view["state"] == "running")
    assert ok(await admin.get(f"/broadcasts/{broadcast['id']}"))["spoken"] == "幺二零"


async def test_a_rule_with_a_local_start_is_written_down_ahead(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    rule = {"rrule": "FREQ=DAILY", "from": "2026-09-22T07:30", "tz": "Asia/Shanghai"}
    broadcast = await written(admin, **rule)
    planned = await air.until(admin, broadcast["id"], lambda view: len(view["runs"]) == 2)
    assert [run["state"] for run in planned["runs"]] == ["planned", "planned"]
    assert (planned["from"], planned["runs"][1]["start_at"]) == ("2026-09-22T07:30:00", 1_790_033_400_000)


async def test_a_recording_is_looked_at_when_it_is_uploaded(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    upload = "/api/v1/broadcasts/recordings"
    wrong = problem(await admin.http.post(upload, content=b"no sound at all"), 422)
    assert wrong["type"] == "broadcast-recording-not-audio"
    assert problem(await admin.http.post(upload, content=b""), 422)["type"] == "broadcast-recording-empty"
    recording = ok(await admin.http.post(upload, content=b"RIFF and more"), 201)
    assert recording["ms"] == 4_000
    body = {"title": "录音", "recording": recording["id"], "areas": [VILLAGE]}
    ok(await admin.post("/broadcasts", body), 201)
    await air.until_published("play")
    other = await air.hub.sign_in(OPERATOR)
    refused = problem(await other.post("/broadcasts", body), 422)
    assert refused["type"] == "broadcast-recording-unknown"


async def test_uploads_leave_room_for_the_presses(air: Air, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    usage = shutil.disk_usage(air.desk.recordings.parent)
    nearly_full = usage._replace(total=1 << 40, free=recordings.KEPT_FREE + 5)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: nearly_full)
    upload = "/api/v1/broadcasts/recordings"
    full = problem(await admin.http.post(upload, content=b"RIFF and more"), 503)
    assert full["type"] == "broadcast-store-full"
    assert list(air.desk.recordings.iterdir()) == []
    ok(await admin.http.post(upload, content=b"RIFF"), 201)


async def test_pages_of_broadcasts_stay_put_and_show_what_sounds_in_ones_area(air: Air) -> None:
    town, village = await air.hub.sign_in(OPERATOR), await air.hub.sign_in(VILLAGE_ADMIN)
    later = air.hub.clock.now() + 3_600_000
    for number in range(3):
        await written(town, title=f"{number}", areas=[TOWN], at=later)
        air.hub.clock.move(1)
    page = ok(await village.get("/broadcasts", limit=2))
    assert [each["title"] for each in page["items"]] == ["2", "1"]
    await written(town, title="new", at=later)
    rest = ok(await village.get("/broadcasts", limit=2, cursor=page["next_cursor"]))
    assert ([each["title"] for each in rest["items"]], rest["next_cursor"]) == (["0"], None)
    other = await air.hub.sign_in(OTHER_OPERATOR)
    assert ok(await other.get("/broadcasts"))["items"] == []
    problem(await other.get(f"/broadcasts/{page['items'][0]['id']}"), 404)


async def test_a_rehearsal_sounds_on_one_loudspeaker(air: Air) -> None:
    admin = await air.hub.sign_in(ADMIN)
    broadcast = await written(admin, areas=[COUNTY])
    path = f"/broadcasts/{broadcast['id']}/rehearse"
    await air.until(admin, broadcast["id"], lambda view: view["state"] == "waiting_approval")
    wrong = problem(await admin.post(path, {"device": "b-1"}), 422)
    assert wrong["type"] == "broadcast-no-loudspeaker"
    ok(await admin.post(path, {"device": "s-3"}), 201)
    play = await air.until_published("play")
    assert (air.published[0][0], play["drill"]) == ("v1/d/s-3/command", True)


async def test_a_broadcast_is_taken_back(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    broadcast = await written(admin, at=air.hub.clock.now() + 3_600_000)
    assert (await admin.http.delete(f"/api/v1/broadcasts/{broadcast['id']}")).status_code == 204
    assert ok(await admin.get("/broadcasts"))["items"] == []


async def test_receipts_are_listed_by_loudspeaker(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    broadcast = await written(admin)
    run = (await air.until_published("play"))["run"]
    air.report("s-2", run, ReceiptState.READY)
    await air.until(admin, broadcast["id"], lambda view: view["runs"][0]["coverage"]["ready"] == 1)
    path = f"/broadcasts/{broadcast['id']}/runs/{run}/receipts"
    page = ok(await admin.get(path, limit=1))
    assert [(each["device"], each["state"]) for each in page["items"]] == [("s-1", None)]
    rest = ok(await admin.get(path, limit=1, cursor=page["next_cursor"]))
    assert [(each["device"], each["state"]) for each in rest["items"]] == [("s-2", "ready")]
    problem(await admin.get(f"/broadcasts/{broadcast['id']}/runs/rn-none/receipts"), 404)


async def test_a_receipt_of_somebody_elses_run_is_counted_and_not_used(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    broadcast = await written(admin)
    run = (await air.until_published("play"))["run"]
    air.report("s-3", run, ReceiptState.PLAYED)
    air.report("s-1", run, ReceiptState.READY)
    view = await air.until(admin, broadcast["id"], lambda view: view["runs"][0]["coverage"]["ready"] == 1)
    assert view["runs"][0]["coverage"]["played"] == 0
    assert (air.parts.receipts.received, air.parts.receipts.strange) == (2, 1)
