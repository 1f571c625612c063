"""Residents, areas and helpers as they are kept, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec
import pytest

from hub.db.store import Store
from hub.db.transaction import Tx
from hub.domain.accounts import Account
from hub.domain.entries import AreaDraft, ClinicDraft, PersonDraft, ResidentDraft
from hub.domain.errors import Conflict, Denied, Faulty, HubError, NotFound
from hub.domain.people import User
from hub.domain.register import Place, Wanted
from hub.domain.residents import Relative, ResidentRecord
from hub.services import areas, places, residents
from tests.stores import (
    COUNTY,
    OPERATOR,
    OTHER_VILLAGE,
    START_MS,
    TOWN,
    VILLAGE,
    VILLAGE_ADMIN,
    add_button,
)
from tests.web import ADMIN

NEW = ResidentDraft(
    name="彭秀珍",
    sex="女",
    born=1938,
    area=VILLAGE,
    address="上坪村3组12号",
    phone="0990-5551234",
    contacts=(
        Relative(name="彭涛", phone="13900000011", relation="儿子"),
        Relative(name="王嫂", phone="13900000012"),
    ),
    conditions="高血压",
    clinic="clinic-1",
    grid_worker="p-grid",
    lat=29.9,
    lon=109.1,
)
ELSEWHERE = User(**{**msgspec.structs.asdict(ADMIN), "id": "u-else", "area": "110101000000"})


@pytest.fixture
def county(store: Store) -> Store:
    """The small county with its administrator."""
    store.run_sync(lambda tx: tx.accounts.add(Account(user=ADMIN, password_hash="-")))
    return store


def resident(store: Store, id_: str) -> ResidentRecord | None:
    return store.read_sync(lambda read: read.resident(id_, ""))


def told(store: Store) -> list[dict[str, object]]:
    """What the register's events say."""
    events = store.read_sync(lambda read: read.events_after(0, 1_000))
    return [msgspec.json.decode(event.data) for event in events]


def test_a_resident_is_kept_as_written_and_told_of_by_id_alone(county: Store) -> None:
    added = county.run_sync(lambda tx: residents.add_resident(tx, NEW, ADMIN, START_MS))
    assert resident(county, added.id) == added
    assert [who.name for who in added.contacts] == ["彭涛", "王嫂"]
    (event,) = told(county)
    assert (event["type"], event["item"], event["area"]) == ("resident.added", added.id, VILLAGE)
    assert "彭秀珍" not in str(event)


def test_a_change_leaves_the_rest_and_names_what_is_different(county: Store) -> None:
    added = county.run_sync(lambda tx: residents.add_resident(tx, NEW, ADMIN, START_MS))
    change = ResidentDraft(phone="13911112222", contacts=NEW.contacts[1:] if NEW.contacts else ())
    county.run_sync(lambda tx: residents.change_resident(tx, added.id, change, ADMIN, START_MS))
    after = resident(county, added.id)
    assert after == msgspec.structs.replace(added, phone="13911112222", contacts=added.contacts[1:])
    assert told(county)[-1]["fields"] == ["phone", "contacts"]


def test_a_change_that_changes_nothing_is_no_event(county: Store) -> None:
    county.run_sync(
        lambda tx: residents.change_resident(tx, "r-1", ResidentDraft(name="刘桂兰"), ADMIN, START_MS)
    )
    assert told(county) == []


@pytest.mark.parametrize(
    ("draft", "wrong"),
    [
        (ResidentDraft(name=" "), {"name": "entry-missing"}),
        (ResidentDraft(name="长" * 81), {"name": "entry-long"}),
        (ResidentDraft(name="刘\x00"), {"name": "entry-control"}),
        (ResidentDraft(phone="打儿子的"), {"phone": "entry-phone"}),
        (ResidentDraft(born=2190, sex="老"), {"born": "entry-born", "sex": "entry-sex"}),
        (ResidentDraft(lat=29.9), {"lon": "entry-half-position"}),
        (ResidentDraft(lat=float("nan"), lon=181.0), {"lat": "entry-position", "lon": "entry-position"}),
        (ResidentDraft(area="990421109000"), {"area": "entry-area"}),
        (
            ResidentDraft(clinic="clinic-9", doctor="p-grid"),
            {"clinic": "entry-clinic", "doctor": "entry-person"},
        ),
        (ResidentDraft(contacts=(Relative(name="", phone="1"),)), {"contacts": "entry-contact-half"}),
    ],
)
def test_every_value_that_cannot_be_is_named_and_nothing_is_written(
    county: Store, draft: ResidentDraft, wrong: dict[str, str]
) -> None:
    before = resident(county, "r-1")
    with pytest.raises(Faulty) as refused:
        county.run_sync(lambda tx: residents.change_resident(tx, "r-1", draft, ADMIN, START_MS))
    assert {fault.field: fault.code for fault in refused.value.faults} == wrong
    assert resident(county, "r-1") == before


def test_an_id_in_use_is_refused_and_one_of_a_removed_resident_is_theirs_again(county: Store) -> None:
    again = msgspec.structs.replace(NEW, id="r-1")
    with pytest.raises(Conflict, match="resident-there"):
        county.run_sync(lambda tx: residents.add_resident(tx, again, ADMIN, START_MS))
    county.run_sync(lambda tx: release(tx, "b-1", "b-1b"))
    county.run_sync(lambda tx: residents.remove_resident(tx, "r-1", ADMIN, START_MS))
    assert resident(county, "r-1") is None
    county.run_sync(lambda tx: residents.add_resident(tx, again, ADMIN, START_MS))
    assert resident(county, "r-1") is not None


def release(tx: Tx, *devices: str) -> None:
    for device in devices:
        tx.registrar.assign(device, None, START_MS)


def test_who_still_has_a_button_is_not_removed(county: Store) -> None:
    with pytest.raises(Conflict, match=r"resident-has-devices.*b-1, b-1b"):
        county.run_sync(lambda tx: residents.remove_resident(tx, "r-1", ADMIN, START_MS))


def test_the_card_of_a_removed_resident_stays_for_their_calls(county: Store) -> None:
    county.run_sync(lambda tx: release(tx, "b-3"))
    county.run_sync(lambda tx: residents.remove_resident(tx, "r-3", ADMIN, START_MS))
    card = county.read_sync(lambda read: read.card("r-3"))
    assert card is not None
    assert [r.id for r in county.read_sync(lambda read: read.residents(""))] == ["r-1", "r-2"]


def changes() -> Iterator[tuple[str, Callable[[Tx, User], object]]]:
    """Every change there is, by a name."""
    yield "resident+", lambda tx, by: residents.add_resident(tx, NEW, by, START_MS)
    yield "resident", lambda tx, by: residents.change_resident(tx, "r-1", ResidentDraft(), by, START_MS)
    yield "resident-", lambda tx, by: residents.remove_resident(tx, "r-1", by, START_MS)
    yield (
        "area+",
        lambda tx, by: areas.enter_area(tx, AreaDraft(code="990421101202", name="新村"), by, START_MS),
    )
    yield "area", lambda tx, by: areas.change_area(tx, VILLAGE, AreaDraft(name="新"), by, START_MS)
    yield "area-", lambda tx, by: areas.remove_area(tx, VILLAGE, by, START_MS)
    person = PersonDraft(kind="doctor", name="何医生", area=VILLAGE)
    yield "person+", lambda tx, by: places.add_person(tx, person, by, START_MS)
    yield "person", lambda tx, by: places.change_person(tx, "p-grid", PersonDraft(), by, START_MS)
    yield "person-", lambda tx, by: places.remove_person(tx, "p-grid", by, START_MS)
    clinic = ClinicDraft(name="上坪村卫生室", area=VILLAGE)
    yield "clinic+", lambda tx, by: places.add_clinic(tx, clinic, by, START_MS)
    yield "clinic", lambda tx, by: places.change_clinic(tx, "clinic-1", ClinicDraft(), by, START_MS)
    yield "clinic-", lambda tx, by: places.remove_clinic(tx, "clinic-1", by, START_MS)


@pytest.mark.parametrize(
    ("name", "change"), [*changes()], ids=lambda one: one if isinstance(one, str) else ""
)
def test_only_the_countys_administrator_changes_its_data(
    county: Store, name: str, change: Callable[[Tx, User], object]
) -> None:
    for user in (OPERATOR, VILLAGE_ADMIN):
        with pytest.raises(Denied, match="admins-only"):
            county.run_sync(lambda tx, user=user: change(tx, user))  # type: ignore[misc]
    with pytest.raises((NotFound, Faulty)):
        county.run_sync(lambda tx: change(tx, ELSEWHERE))
    assert told(county) == []


def test_areas_are_entered_renamed_and_taken_out_when_empty(county: Store) -> None:
    grid = AreaDraft(code=f"{VILLAGE}-01", name="第一网格")
    made = county.run_sync(lambda tx: areas.enter_area(tx, grid, ADMIN, START_MS))
    assert (made.level, made.parent) == ("grid", VILLAGE)
    renamed = AreaDraft(name="河东网格", lat=29.9, lon=109.2)
    county.run_sync(lambda tx: areas.change_area(tx, made.code, renamed, ADMIN, START_MS))
    with pytest.raises(Conflict, match="area-in-use"):
        county.run_sync(lambda tx: areas.remove_area(tx, VILLAGE, ADMIN, START_MS))
    county.run_sync(lambda tx: areas.remove_area(tx, made.code, ADMIN, START_MS))
    assert [event["type"] for event in told(county)] == ["area.added", "area.changed", "area.removed"]


@pytest.mark.parametrize(
    ("code", "error"),
    [("99042110", "entry-code"), ("110101001001", "entry-code-elsewhere"), ("990421109001", "entry-parent")],
)
def test_an_area_that_cannot_be_says_why(county: Store, code: str, error: str) -> None:
    with pytest.raises(Faulty) as refused:
        county.run_sync(lambda tx: areas.enter_area(tx, AreaDraft(code=code, name="新"), ADMIN, START_MS))
    assert [fault.code for fault in refused.value.faults] == [error]


def test_helpers_and_clinics_go_only_when_nobody_names_them(county: Store) -> None:
    person = PersonDraft(kind="doctor", name="何医生", area=VILLAGE, phone="13900000021")
    added = county.run_sync(lambda tx: places.add_person(tx, person, ADMIN, START_MS))
    changes: tuple[Callable[[Tx], object], ...] = (
        lambda tx: places.remove_person(tx, "p-grid", ADMIN, START_MS),
        lambda tx: places.change_person(tx, "p-grid", PersonDraft(kind="doctor"), ADMIN, START_MS),
        lambda tx: places.remove_clinic(tx, "clinic-1", ADMIN, START_MS),
    )
    refused: list[HubError] = []
    for change in changes:
        with pytest.raises(Conflict) as found:
            county.run_sync(change)
        refused.append(found.value)
    assert [error.code for error in refused] == ["person-in-use", "person-in-use", "clinic-in-use"]
    county.run_sync(lambda tx: places.remove_person(tx, added.id, ADMIN, START_MS))
    people = county.read_sync(lambda read: read.people(""))
    assert [one.id for one in people] == ["p-grid"]


def test_pages_hold_each_resident_once_and_search_finds_names_numbers_and_places(county: Store) -> None:
    def page(after: Place | None) -> Sequence[ResidentRecord]:
        return county.read_sync(lambda read: read.resident_page(Wanted(prefix="990421"), after, 2))

    seen, shown = [], page(None)
    while shown:
        seen += [one.id for one in shown]
        shown = page(Place(shown[-1].area, shown[-1].id))
    assert seen == ["r-1", "r-3", "r-2"]

    def found(text: str, prefix: str = "990421") -> list[str]:
        wanted = Wanted(prefix=prefix, text=text)
        listed = county.read_sync(lambda read: read.resident_page(wanted, None, 10))
        assert county.read_sync(lambda read: read.count_residents(wanted)) == len(listed)
        return [one.id for one in listed]

    assert found("桂兰") == ["r-1"]
    assert found("R-2") == ["r-2"]
    assert found("%") == []
    assert found("", prefix=VILLAGE) == ["r-1", "r-3"]
    assert found("桂兰", prefix=OTHER_VILLAGE) == []


def test_areas_count_their_own_residents_and_devices(county: Store) -> None:
    county.run_sync(lambda tx: add_button(tx, "b-9", "r-2"))
    counts = county.read_sync(lambda read: read.area_counts("990421"))
    assert (counts[VILLAGE].residents, counts[VILLAGE].devices) == (2, 3)
    assert (counts[OTHER_VILLAGE].residents, counts[OTHER_VILLAGE].devices) == (1, 2)
    assert TOWN not in counts
    assert COUNTY not in counts
    homes = county.read_sync(lambda read: read.devices_of(["r-1", "r-2", "r-3"]))
    assert homes == {"r-1": ["b-1", "b-1b"], "r-2": ["b-2", "b-9"], "r-3": ["b-3"]}
