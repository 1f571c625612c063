"""A file of devices over HTTP: all of it or nothing, every wrong line named, credentials handed out once."""

from __future__ import annotations

import io
from pathlib import Path

import httpx
import pytest
from openpyxl import Workbook

from broker_config.passwords import verify_password
from hub.services import import_devices
from hub.signer.safe import Safe
from tests.stores import COUNTY, OPERATOR, TOWN, VILLAGE
from tests.web import ADMIN, Desk, RunningHub, problem

HEAD = "设备编号,种类,型号,所在地区,住户\n"
ROWS = "b-91,呼叫器,SOS-2,,刘桂兰\nb-92,按钮,,,r-2\nls-9,大喇叭,音柱 40 W,上坪村,\n"


@pytest.fixture(autouse=True)
def keys(tmp_path: Path) -> None:
    """The signer has been here."""
    Safe(tmp_path).open(1_790_000_000)


async def send(desk: Desk, data: bytes, *, check: bool = False, key: str | None = None) -> httpx.Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    params = {"check": "true"} if check else {}
    return await desk.http.post("/api/v1/devices/import", params=params, content=data, headers=headers)


async def knows(hub: RunningHub, device: str, password: str) -> bool:
    found = await hub.store.read(lambda read: read.device_credentials(device))
    return found is not None and verify_password(password, found.password_hash)


async def ids(desk: Desk) -> set[str]:
    return {one["id"] for one in (await desk.get("/devices")).json()["items"]}


def workbook() -> bytes:
    book, kept = Workbook(), io.BytesIO()
    assert book.active is not None
    for line in (HEAD + ROWS).splitlines():
        book.active.append(line.split(","))
    book.save(kept)
    return kept.getvalue()


async def test_devices_come_in_and_each_is_told_its_credentials(hub: RunningHub) -> None:
    admin = await hub.sign_in(ADMIN)
    answer = await send(admin, (HEAD + ROWS).encode())
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["added"], told["changed"], told["unchanged"], told["checked"]) == (3, 0, 0, False)
    enrolled = told["enrolled"]
    by_id = {one["id"]: one for one in enrolled["items"]}
    assert by_id["ls-9"]["zones"] == [VILLAGE, TOWN, COUNTY]
    assert (by_id["b-91"]["resident"], by_id["b-92"]["resident"]) == ("r-1", "r-2")
    assert enrolled["root_keys"]
    assert enrolled["provisioned"] is True
    passwords = {id_: one["credentials"]["password"] for id_, one in by_id.items()}
    assert len(set(passwords.values())) == 3
    for id_, password in passwords.items():
        assert by_id[id_]["credentials"]["username"] == id_
        assert await knows(hub, id_, password)
    call = (await admin.get(f"/calls/{await hub.press('b-91')}")).json()
    assert (call["device"], call["resident"]) == ("b-91", "r-1")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
async def test_a_file_is_taken_in_whatever_it_is_written_in(sqlite_hub: RunningHub, encoding: str) -> None:
    admin = await sqlite_hub.sign_in(ADMIN)
    assert (await send(admin, (HEAD + ROWS).encode(encoding))).json()["added"] == 3


async def test_a_spreadsheet_is_taken_in(sqlite_hub: RunningHub) -> None:
    admin = await sqlite_hub.sign_in(ADMIN)
    assert (await send(admin, workbook())).json()["added"] == 3


async def test_every_wrong_line_is_named_and_nothing_is_entered(hub: RunningHub) -> None:
    admin = await hub.sign_in(ADMIN)
    await admin.post("/devices", {"id": "b-old", "kind": "button", "resident": "r-1"})
    await admin.http.delete("/api/v1/devices/b-old")
    before = await ids(admin)
    wrong = (
        "b-91,呼叫器,,,刘桂兰\n"
        "b 92,呼叫器,,,r-1\n"
        "hub.9,呼叫器,,,r-1\n"
        "b-93,电饭煲,,,r-1\n"
        "b-94,呼叫器,,,\n"
        "b-95,呼叫器,,,无此人\n"
        "b-96,呼叫器,,不在这里的村,\n"
        "b-91,呼叫器,,,r-1\n"
        "b-old,呼叫器,,,r-1\n"
        f"{VILLAGE},广播,,{VILLAGE},\n"
        ",呼叫器,,,r-1\n"
        "b-97,呼叫器," + "x" * 81 + ",,r-1\n"
    )
    told = problem(await send(admin, (HEAD + wrong).encode()), 422)
    assert told["type"] == "import-wrong"
    assert [(one["line"], one["field"]) for one in told["errors"]] == [
        (3, "id"), (4, "id"), (5, "kind"), (6, "area"), (7, "resident"), (8, "area"), (9, ""), (10, "id"), (11, "id"),
        (12, "id"), (13, "model"),
    ]  # fmt: skip
    assert all(one["reason"] for one in told["errors"])
    assert await ids(admin) == before


async def test_a_file_that_is_only_looked_at_enters_nothing(sqlite_hub: RunningHub) -> None:
    admin = await sqlite_hub.sign_in(ADMIN)
    looked = (await send(admin, (HEAD + ROWS).encode(), check=True)).json()
    assert (looked["added"], looked["checked"], looked.get("enrolled")) == (3, True, None)
    assert "b-91" not in await ids(admin)


async def test_a_line_of_a_device_in_service_changes_it_and_leaves_its_password(hub: RunningHub) -> None:
    admin = await hub.sign_in(ADMIN)
    first = (await send(admin, (HEAD + ROWS).encode())).json()["enrolled"]["items"][0]
    again = "设备编号,种类,型号\nb-91,呼叫器,SOS-3\nb-92,按钮,\n"
    told = (await send(admin, again.encode())).json()
    assert (told["added"], told["changed"], told["unchanged"]) == (0, 1, 1)
    assert told["enrolled"]["items"] == []
    device = (await admin.get("/devices/b-91")).json()
    assert (device["model"], device["resident"]) == ("SOS-3", "r-1")
    assert await knows(hub, "b-91", first["credentials"]["password"])
    other = problem(await send(admin, "设备编号,种类\nb-91,网关\n".encode()), 422)
    assert other["errors"][0]["field"] == "kind"


async def test_a_file_sent_twice_under_one_key_gives_the_same_passwords_and_they_stand_nowhere(
    sqlite_hub: RunningHub,
) -> None:
    admin = await sqlite_hub.sign_in(ADMIN)
    first = await send(admin, (HEAD + ROWS).encode(), key="once")
    second = await send(admin, (HEAD + ROWS).encode(), key="once")
    assert first.json() == second.json()
    rows = await sqlite_hub.store.run(lambda tx: tx.conn.exec_driver_sql("SELECT * FROM idempotency").all())
    for one in first.json()["enrolled"]["items"]:
        assert one["credentials"]["password"] not in str(rows)


async def test_more_than_a_press_can_wait_for_is_refused_in_a_sentence(
    sqlite_hub: RunningHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_devices, "MAX_NEW", 2)
    admin = await sqlite_hub.sign_in(ADMIN)
    told = problem(await send(admin, (HEAD + ROWS).encode(), check=True), 422)
    assert (told["type"], told["limit"]) == ("devices-many", 2)
    assert "b-91" not in await ids(admin)


async def test_those_who_keep_no_register_send_none(sqlite_hub: RunningHub) -> None:
    desk = await sqlite_hub.sign_in(OPERATOR)
    assert problem(await send(desk, (HEAD + ROWS).encode()), 403)["type"] == "admins-only"
