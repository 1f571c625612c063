"""The county's own data over HTTP: who reads what, who changes it, and files in and out."""

from __future__ import annotations

import csv
import io

import httpx
import pytest
from openpyxl import Workbook, load_workbook

from tests.stores import CLINIC_STAFF, OPERATOR, OTHER_OPERATOR, OTHER_VILLAGE, TOWN, VILLAGE, VILLAGE_ADMIN
from tests.web import ADMIN, Desk, RunningHub, problem

NEW = {
    "name": "彭秀珍",
    "area": VILLAGE,
    "born": 1938,
    "sex": "女",
    "conditions": "高血压",
    "clinic": "clinic-1",
}
HEAD = "编号,姓名,性别,出生年,所在地区,住址,电话,紧急联系人,病情,卫生院,网格员\n"
ROWS = (
    ",彭秀珍,女,1938,石桥镇上坪村,3组12号,０990-5551234,儿子/彭涛/13900000011；王嫂/13900000012,高血压,石桥镇卫生院,孙勇\n"
    "r-1,刘桂兰,女性,1941年,990421101201,,13911112222,,,,\n"
)
MIXED = "编号,姓名,地区\n,\u738b\u5999\u73a5,上坪村\n"


async def send(
    desk: Desk, data: bytes, path: str = "/residents/import", *, check: bool = False
) -> httpx.Response:
    """A program sends a file."""
    params = {"check": "true"} if check else {}
    return await desk.http.post(f"/api/v1{path}", params=params, content=data)


async def names(desk: Desk) -> list[str]:
    return [one["name"] for one in (await desk.get("/residents")).json()["items"]]


async def test_each_reads_their_own_and_nobody_elses(hub: RunningHub) -> None:
    seen = {}
    for user in (ADMIN, OPERATOR, OTHER_OPERATOR, VILLAGE_ADMIN):
        seen[user.username] = await names(await hub.sign_in(user))
    assert seen == {
        "admin": ["刘桂兰", "何秀英", "郑国栋"],
        "op": ["刘桂兰", "何秀英"],
        "op2": ["郑国栋"],
        "va": ["刘桂兰", "何秀英"],
    }
    clinic = await hub.sign_in(CLINIC_STAFF)
    for path in ("/residents", "/residents/r-1", "/people", "/clinics", "/residents/export"):
        problem(await clinic.get(path), 404)
    other = await hub.sign_in(OTHER_OPERATOR)
    problem(await other.get("/residents/r-1"), 404)
    problem(await other.get("/residents", area=VILLAGE), 404)
    problem(await other.get("/residents", area="9904"), 404)


async def test_a_village_needs_no_medical_notes(sqlite_hub: RunningHub) -> None:
    admin = await sqlite_hub.sign_in(ADMIN)
    made = (await admin.post("/residents", NEW)).json()
    shown = {}
    for user in (ADMIN, OPERATOR, VILLAGE_ADMIN):
        desk = await sqlite_hub.sign_in(user)
        shown[user.username] = (await desk.get(f"/residents/{made['id']}")).json()["conditions"]
        exported = (await desk.get("/residents/export")).text
        assert ("高血压" in exported) is (user is not VILLAGE_ADMIN)
        assert ("病情" in exported) is (user is not VILLAGE_ADMIN)
    assert shown == {"admin": "高血压", "op": "高血压", "va": None}


async def test_an_entry_is_made_changed_and_removed(hub: RunningHub) -> None:
    admin = await hub.sign_in(ADMIN)
    made = (await admin.post("/residents", NEW, key="once")).json()
    assert (await admin.post("/residents", NEW, key="once")).json() == made
    path = f"/api/v1/residents/{made['id']}"
    changed = await admin.http.patch(path, json={"phone": "0990-5551234", "born": None, "clinic": None})
    assert changed.json() == made | {"phone": "0990-5551234", "born": None, "clinic": None}
    assert (await admin.http.delete(path)).status_code == 204
    problem(await admin.get(f"/residents/{made['id']}"), 404)
    person = (await admin.post("/people", {"kind": "doctor", "name": "何医生", "area": VILLAGE})).json()
    clinic = (await admin.post("/clinics", {"name": "上坪村卫生室", "area": VILLAGE})).json()
    area = (await admin.post("/areas", {"code": f"{VILLAGE}-01", "name": "一网格"})).json()
    assert (area["level"], area["parent"]) == ("grid", VILLAGE)
    for path, field in (
        (f"people/{person['id']}", "phone"),
        (f"clinics/{clinic['id']}", "phone"),
        (f"areas/{area['code']}", "name"),
    ):
        changed = await admin.http.patch(f"/api/v1/{path}", json={field: "119119"})
        assert changed.json()[field] == "119119"
        assert (await admin.http.delete(f"/api/v1/{path}")).status_code == 204


async def test_every_wrong_field_is_named_in_a_sentence(sqlite_hub: RunningHub) -> None:
    admin = await sqlite_hub.sign_in(ADMIN)
    wrong = problem(
        await admin.post("/residents", NEW | {"phone": "问儿子", "area": OTHER_VILLAGE[:-1] + "9"}), 422
    )
    assert wrong["type"] == "entry-faulty"
    errors = {one["field"]: one["reason"] for one in wrong["errors"]}
    assert errors.keys() == {"phone", "area"}
    assert "问儿子" in errors["phone"]
    problem(await admin.post("/residents", NEW | {"conditons": "x"}), 422)


async def test_those_who_read_do_not_write(sqlite_hub: RunningHub) -> None:
    for user in (OPERATOR, VILLAGE_ADMIN, CLINIC_STAFF):
        desk = await sqlite_hub.sign_in(user)
        for answer in (
            await desk.post("/residents", NEW),
            await desk.http.patch("/api/v1/residents/r-1", json={}),
            await desk.http.delete(f"/api/v1/areas/{VILLAGE}"),
            await send(desk, (HEAD + ROWS).encode()),
        ):
            assert problem(answer, 403)["type"] == "admins-only"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
async def test_a_file_is_taken_in_whatever_it_is_written_in(sqlite_hub: RunningHub, encoding: str) -> None:
    admin = await sqlite_hub.sign_in(ADMIN)
    text = HEAD + ROWS + MIXED.splitlines()[1].replace("上坪村", ",,上坪村") + "\n"
    checked = await send(admin, text.encode(encoding), check=True)
    assert checked.status_code == 200, checked.text
    assert checked.json() | {"digest": ""} == {
        "added": 2,
        "changed": 1,
        "unchanged": 0,
        "digest": "",
        "checked": True,
    }
    assert len(await names(admin)) == 3
    done = (await send(admin, text.encode(encoding))).json()
    assert done == checked.json() | {"checked": False}
    items = {one["name"]: one for one in (await admin.get("/residents")).json()["items"]}
    assert "\u738b\u5999\u73a5" in items
    new, old = items["彭秀珍"], items["刘桂兰"]
    assert (new["area"], new["clinic"], new["grid_worker"], new["phone"]) == (
        VILLAGE,
        "clinic-1",
        "p-grid",
        "0990-5551234",
    )
    assert [who["relation"] for who in new["contacts"]] == ["儿子", ""]
    assert (old["phone"], old["clinic"], old["contacts"], old["devices"]) == (
        "13911112222",
        None,
        [],
        ["b-1", "b-1b"],
    )


async def test_a_spreadsheet_is_taken_in_as_it_is_kept(hub: RunningHub) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Name", "Area code"[:4], "Telephone", "Born", "Latitude", "Longitude"])
    sheet.append(["王二", 990421101201, 13900000031, 1950.0, 29.91, 109.17])
    sheet.append([None] * 6)
    sheet.append(["=王三", "上坪村", "13900000032", None, None, None])
    sheet["A4"].data_type = "s"
    file = io.BytesIO()
    book.save(file)
    admin = await hub.sign_in(ADMIN)
    answer = await admin.http.post(
        "/api/v1/residents/import", files={"file": ("住户.xlsx", file.getvalue(), "application/x")}
    )
    assert answer.json()["added"] == 2, answer.text
    items = {one["name"]: one for one in (await admin.get("/residents", q="1390000003")).json()["items"]}
    assert items["王二"] | {"id": "", "devices": []} == items["王二"] | {
        "id": "", "area": VILLAGE, "phone": "13900000031", "born": 1950, "lat": 29.91, "devices": [],
    }  # fmt: skip
    assert "=王三" in items


async def test_every_wrong_line_is_named_and_nothing_changes(hub: RunningHub) -> None:
    admin = await hub.sign_in(ADMIN)
    lines = [
        "r-1,刘桂兰,女,1941,上坪村,,打不通,,,,",
        ",,女,1941,上坪村,,,,,,",
        ",好人,女,1941,上坪村,,,,,,",
        ",好人,女,1941,上坪村,,,,,,",
        ",何秀英,,1941,上坪村,,,,,,",
        ",李四,女,四十年,9.90421E+11,,,,,县医院,孙勇",
        "r-1,刘桂兰,女,1941,上坪村,,,,,,",
        ",李五,女,1941,上坪村,,,,,,,还有一格",
    ]
    wrong = problem(await send(admin, (HEAD + "\n".join(lines)).encode()), 422)
    assert wrong["type"] == "import-wrong"
    errors = wrong["errors"]
    assert isinstance(errors, list)
    found = [(one["line"], one["field"]) for one in errors]
    assert found == [
        (2, "phone"), (3, "name"), (5, ""), (6, ""), (7, "born"), (7, "area"), (7, "clinic"), (8, ""), (9, ""),
    ]  # fmt: skip
    assert "第 4 行" in next(one["reason"] for one in errors if one["line"] == 5)
    assert "r-3" in next(one["reason"] for one in errors if one["line"] == 6)
    assert await names(admin) == ["刘桂兰", "何秀英", "郑国栋"]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "import-file-missing"),
        (b"\n \n", "sheet-empty"),
        ("姓名,所在地区\n".encode(), "sheet-empty"),
        (b"\xd0\xcf\x11\xe0 old excel", "sheet-old-excel"),
        (b"PK\x03\x04 no zip at all", "sheet-broken"),
        (b"\x00\x01\x02\xff\xfe\xfd", "sheet-encoding"),
        ('姓名,所在地区\n"王五,上坪村\n'.encode(), "sheet-quotes"),
    ],
)
async def test_what_is_no_table_is_refused_in_a_sentence(
    sqlite_hub: RunningHub, data: bytes, kind: str
) -> None:
    admin = await sqlite_hub.sign_in(ADMIN)
    assert problem(await send(admin, data), 422)["type"] == kind


async def test_columns_that_are_none_are_named(sqlite_hub: RunningHub) -> None:
    admin = await sqlite_hub.sign_in(ADMIN)
    wrong = problem(await send(admin, "姓名,姓名,,血型\n王五,王五,x,A\n".encode()), 422)
    assert wrong["type"] == "import-wrong"
    reasons = [one["reason"] for one in wrong["errors"]]
    assert len(reasons) == 4
    assert any("血型" in reason for reason in reasons)


@pytest.mark.parametrize("path", ["residents", "areas", "people", "clinics"])
@pytest.mark.parametrize("made_of", ["csv", "xlsx"])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_what_was_handed_out_comes_back_unchanged(
    sqlite_hub: RunningHub, path: str, made_of: str, lang: str
) -> None:
    admin = await sqlite_hub.sign_in(ADMIN)
    await admin.post(
        "/residents", NEW | {"address": "=1+1", "phone": "+86 990 5551234", "conditions": '两行\n病情, "重"'}
    )
    await admin.post("/people", {"kind": "doctor", "name": "孙勇", "area": TOWN})
    file = await admin.http.get(
        f"/api/v1/{path}/export", params={"format": made_of}, headers={"Accept-Language": lang}
    )
    assert file.status_code == 200
    assert f'filename="{path}.{made_of}"' in file.headers["content-disposition"]
    again = (await send(admin, file.content, f"/{path}/import")).json()
    assert (again["added"], again["changed"]) == (0, 0)
    assert again["unchanged"] > 0


async def test_a_file_handed_out_is_safe_to_open(sqlite_hub: RunningHub) -> None:
    admin = await sqlite_hub.sign_in(ADMIN)
    await admin.post("/residents", NEW | {"address": "=HYPERLINK(1)"})
    text = (await admin.get("/residents/export")).content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert "'=HYPERLINK(1)" in cells
    book = load_workbook(io.BytesIO((await admin.get("/residents/export", format="xlsx")).content))
    kept = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value == "=HYPERLINK(1)"]
    assert len(kept) == 1
    assert kept[0].data_type != "f"


async def test_areas_come_in_with_their_parents_in_any_order(hub: RunningHub) -> None:
    admin = await hub.sign_in(ADMIN)
    text = "地区代码,地区名称,纬度,经度\n990421103201,新村,,\n990421103000,新镇,29.9,109.1\n990421101201,上坪新村,,\n"
    assert (await send(admin, text.encode(), "/areas/import")).json()["added"] == 2
    areas = {one["code"]: one for one in (await admin.get("/areas")).json()["items"]}
    assert areas["990421103201"]["parent"] == "990421103000"
    assert areas[VILLAGE]["name"] == "上坪新村"


async def test_a_file_sent_twice_under_one_key_is_taken_in_once(hub: RunningHub) -> None:
    admin = await hub.sign_in(ADMIN)
    data = "姓名,所在地区,住址\n彭秀珍,上坪村,3组\n".encode()
    key = {"Idempotency-Key": "one"}
    first = await admin.http.post("/api/v1/residents/import", content=data, headers=key)
    assert first.json()["added"] == 1
    again = await admin.http.post("/api/v1/residents/import", content=data, headers=key)
    assert again.json() == first.json()
    assert len(await names(admin)) == 4
