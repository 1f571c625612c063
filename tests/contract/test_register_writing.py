"""The register as it is written, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from devices.topics import DeviceKind
from hub.db import registrar
from hub.db.store import Store
from hub.demo.county import read_county, read_households
from hub.demo.secrets import Secrets, device_ids
from hub.demo.seed import hash_all, renew, seed
from hub.domain.errors import Conflict, Denied, HubError, Invalid, NotFound
from hub.domain.people import Role, User
from hub.domain.register import Device
from hub.services.areas import add_area
from hub.services.register import NewDevice, add_device, assign_device, remove_device, renew_credentials
from tests.stores import COUNTY, OPERATOR, OTHER_TOWN, OTHER_VILLAGE, START_MS, VILLAGE, Moved

ADMIN = User(
    id="u-admin", username="admin", name="钱江", spoken_name="钱主任", role=Role.COUNTY_ADMIN, area=COUNTY
)
TOWN_ADMIN = User(
    id="u-town", username="town", name="孙海", spoken_name="孙主任", role=Role.COUNTY_ADMIN, area=OTHER_TOWN
)
BUTTON = NewDevice(id="b-new", kind=DeviceKind.BUTTON, resident="r-1")


def add(store: Store, new: NewDevice = BUTTON, by: User | None = None, now: int = START_MS) -> Device:
    return store.run_sync(lambda tx: add_device(tx, new, "$7$hash", by, now))


def known(store: Store) -> dict[str, str]:
    """Device in service → password hash."""
    rows = store.read_sync(lambda read: registrar.read_credentials(read.conn))
    return {device.id: password_hash for device, password_hash in rows}


def changes(store: Store) -> list[str]:
    """Types of the events so far, in order."""
    return [event.type for event in store.read_sync(lambda read: read.events_after(0, 100))]


def refusal(work: Callable[[], object]) -> tuple[type[HubError], str]:
    with pytest.raises(HubError) as refused:
        work()
    return type(refused.value), refused.value.code


def test_a_new_device_is_its_households_and_is_told_of(store: Store) -> None:
    add(store)

    assert known(store)["b-new"] == "$7$hash"
    home = store.run_sync(lambda tx: tx.register.household("b-new", START_MS))
    assert (home.resident, home.area, home.clinic) == ("r-1", VILLAGE, "clinic-1")
    event = store.read_sync(lambda read: read.events_after(0, 10))[0]
    assert (event.type, event.area) == ("device.added", VILLAGE)
    assert b'"device":"b-new"' in event.data


def test_an_id_is_never_given_twice_not_even_after_the_device_is_gone(store: Store) -> None:
    add(store)
    assert refusal(lambda: add(store)) == (Conflict, "device-id-used")

    store.run_sync(lambda tx: remove_device(tx, "b-new", None, START_MS))

    assert "b-new" not in known(store)
    assert refusal(lambda: add(store)) == (Conflict, "device-id-used")


@pytest.mark.parametrize("name", ["hub.1.calls", "HUB.x", "", "a b", "-b", "b" * 65, "b/1"])
def test_ids_of_the_hub_and_ids_that_are_no_topic_are_refused(store: Store, name: str) -> None:
    new = NewDevice(id=name, kind=DeviceKind.BUTTON, area=VILLAGE)

    assert refusal(lambda: add(store, new)) == (Invalid, "device-id")


@pytest.mark.parametrize(
    ("area", "resident", "code"),
    [
        (None, None, "device-place"),
        ("990421999999", None, "area-unknown"),
        (None, "r-99", "resident-unknown"),
    ],
)
def test_a_device_must_belong_somewhere(
    store: Store, area: str | None, resident: str | None, code: str
) -> None:
    new = NewDevice(id="b-new", kind=DeviceKind.BUTTON, area=area, resident=resident)

    assert refusal(lambda: add(store, new)) == (Invalid, code)
    assert "b-new" not in known(store)


def test_only_an_administrator_of_the_area_may(store: Store) -> None:
    assert refusal(lambda: add(store, by=OPERATOR)) == (Denied, "devices-not-yours")
    assert refusal(lambda: add(store, by=TOWN_ADMIN)) == (Denied, "devices-not-yours")

    assert add(store, by=ADMIN).id == "b-new"


def test_an_administrator_cannot_pull_a_device_out_of_another_area(store: Store) -> None:
    add(store)

    take = partial(assign_device, device_id="b-new", resident="r-2", by=TOWN_ADMIN, now=START_MS)

    assert refusal(lambda: store.run_sync(take)) == (Denied, "devices-not-yours")


def test_new_credentials_take_the_place_of_the_old(store: Store) -> None:
    add(store)

    store.run_sync(lambda tx: renew_credentials(tx, "b-new", "$7$other", None, START_MS))

    assert known(store)["b-new"] == "$7$other"
    assert changes(store) == ["device.added", "device.credentials"]


def test_what_is_gone_cannot_be_changed(store: Store) -> None:
    add(store)
    store.run_sync(lambda tx: remove_device(tx, "b-new", None, START_MS))

    renewal = partial(renew_credentials, device_id="b-new", password_hash="$", by=None, now=START_MS)

    assert refusal(lambda: store.run_sync(renewal)) == (NotFound, "device-missing")


def test_a_press_from_before_the_move_still_rings_at_the_old_home(store: Store, clock: Moved) -> None:
    add(store)
    moved_at = clock.move(60_000)

    store.run_sync(lambda tx: assign_device(tx, "b-new", "r-2", None, moved_at))

    before = store.run_sync(lambda tx: tx.register.household("b-new", moved_at - 1))
    after = store.run_sync(lambda tx: tx.register.household("b-new", moved_at))
    assert (before.resident, before.area) == ("r-1", VILLAGE)
    assert (after.resident, after.area) == ("r-2", OTHER_VILLAGE)


def test_a_device_of_nobody_rings_for_the_county(store: Store, clock: Moved) -> None:
    add(store)

    store.run_sync(lambda tx: assign_device(tx, "b-new", None, None, clock.move(1)))

    home = store.run_sync(lambda tx: tx.register.household("b-new", clock.move(1)))
    assert (home.known, home.resident, home.area) == (True, None, COUNTY)


def test_devices_are_listed_by_area_wherever_their_place_comes_from(store: Store) -> None:
    add(store)
    add(store, NewDevice(id="s-new", kind=DeviceKind.LOUDSPEAKER, area=OTHER_VILLAGE))

    here = [device.id for device in store.read_sync(lambda read: read.devices(VILLAGE[:9]))]
    there = [device.id for device in store.read_sync(lambda read: read.devices(OTHER_VILLAGE[:9]))]

    assert "b-new" in here
    assert "s-new" not in here
    assert "s-new" in there


def test_areas_hang_under_their_parents(store: Store) -> None:
    store.run_sync(lambda tx: add_area(tx, "990421103000", " 新镇 ", None, None))

    assert store.read_sync(lambda read: read.area_names())["990421103000"] == "新镇"
    for code, name, error in (
        ("990421103000", "新镇", "area-used"),
        ("990421999201", "某村", "area-unknown"),
        ("12", "x", "area-code"),
        ("990421104000", " ", "area-name"),
    ):
        step = partial(add_area, code=code, name=name, lat=None, lon=None)
        assert refusal(partial(store.run_sync, step))[1] == error


@pytest.fixture(scope="module")
def secrets() -> Secrets:
    """Passwords of a demo."""
    users = {member.who.username: f"u-{n}" for n, member in enumerate(read_county().members())}
    return Secrets(users=users, devices={device: f"d-{device}" for device in device_ids()})


def test_the_demo_county_is_entered_whole(store: Store, secrets: Secrets) -> None:
    hashes = hash_all(secrets)
    store.run_sync(lambda tx: seed(tx, hashes, START_MS))

    assert set(device_ids()) <= set(known(store))
    elder = read_households()[0]
    home = store.run_sync(lambda tx: tx.register.household(elder.device, START_MS))
    assert (home.resident_name, home.clinic) == (elder.resident.name, elder.resident.clinic)
    card = store.read_sync(lambda read: read.card(elder.resident.id))
    assert card is not None
    assert card.area_path == ("清溪县", "石桥镇", "石桥社区")
    assert {contact.kind for contact in card.contacts} == {"contact", "doctor", "grid_worker", "clinic"}


def test_lost_passwords_are_drawn_anew_for_all_who_are_still_there(store: Store, secrets: Secrets) -> None:
    hashes = hash_all(secrets)
    store.run_sync(lambda tx: seed(tx, hashes, START_MS))
    store.run_sync(lambda tx: remove_device(tx, "b-0007", None, START_MS))
    again = hash_all(secrets)
    accounts = {account.user.username: account for account in store.read_sync(lambda read: read.accounts())}

    store.run_sync(lambda tx: renew(tx, accounts, again, START_MS))

    assert known(store)["b-0001"] == again.devices["b-0001"]
    assert "b-0007" not in known(store)
    account = store.read_sync(lambda read: read.account("county-admin"))
    assert account is not None
    assert account.password_hash == again.users["county-admin"]
