"""Devices over HTTP as the administrator keeps them: enrolled, moved, renewed, taken out of service."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from broker_config.passwords import verify_password
from devices.keys import Use
from hub.signer.keyring import Keyring
from hub.signer.safe import Safe
from tests.stores import COUNTY, COUNTY_OPERATOR, OTHER_VILLAGE, TOWN, VILLAGE
from tests.web import ADMIN, Desk, RunningHub, problem

LOUDSPEAKER = {"id": "ls-1", "kind": "loudspeaker", "area": VILLAGE, "model": "村口"}


@pytest.fixture
async def admin(sqlite_hub: RunningHub) -> Desk:
    return await sqlite_hub.sign_in(ADMIN)


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    """The signer has been here."""
    return Safe(tmp_path).open(1_790_000_000)


async def patch(desk: Desk, device: str, body: object) -> Any:
    return await desk.http.patch(f"/api/v1/devices/{device}", json=body)


async def knows(hub: RunningHub, device: str, password: str) -> bool:
    found = await hub.store.read(lambda read: read.device_credentials(device))
    return found is not None and verify_password(password, found.password_hash)


async def test_a_loudspeaker_is_told_where_whom_to_trust_and_how_loud(
    sqlite_hub: RunningHub, admin: Desk, keys: Keyring
) -> None:
    limits = {"volume": 70, "quiet": [{"from": "21:30", "until": "06:00"}]}
    answer = await admin.post("/devices", LOUDSPEAKER | {"limits": limits})
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert told["zones"] == [VILLAGE, TOWN, COUNTY]
    assert (told["mqtt"]["host"], told["mqtt"]["tls"]) == ("127.0.0.1", False)
    assert told["audio_bases"] == [f"{told['http']}/a/"]
    assert told["root_keys"] == [{"kty": "OKP", "crv": "Ed25519", "x": keys.root.public_jwk().x}]
    assert {use for key in told["keys"]["keys"] for use in key["use"]} == set(Use)
    assert (told["limits"]["volume"], told["limits"]["emergency_volume"]) == (70, 100)
    assert told["limits"]["quiet"] == limits["quiet"]
    assert told["provisioned"] is True
    assert told["credentials"]["username"] == "ls-1"
    assert await knows(sqlite_hub, "ls-1", told["credentials"]["password"])


async def test_a_button_needs_no_keys_and_a_loudspeaker_is_not_enrolled_without(admin: Desk) -> None:
    button = await admin.post("/devices", {"id": "b-9", "kind": "button", "resident": "r-1"})
    assert (button.status_code, button.json()["root_keys"], button.json()["zones"]) == (201, [], [])
    refused = problem(await admin.post("/devices", LOUDSPEAKER), 503)
    assert refused["type"] == "signer-never-ran"
    assert "ls-1" not in [device["id"] for device in (await admin.get("/devices")).json()["items"]]


async def test_the_same_request_again_gives_the_same_password_and_it_stands_nowhere(
    sqlite_hub: RunningHub, admin: Desk
) -> None:
    body = {"id": "b-9", "kind": "button", "resident": "r-1"}
    first = await admin.post("/devices", body, key="once")
    second = await admin.post("/devices", body, key="once")
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    password = first.json()["credentials"]["password"]
    assert await knows(sqlite_hub, "b-9", password)
    for table in ("idempotency", "events"):
        rows = await sqlite_hub.store.run(
            lambda tx, table=table: tx.conn.exec_driver_sql(f"SELECT * FROM {table}").all()  # type: ignore[misc] # noqa: S608
        )
        assert password not in str(rows)
    other = await admin.post("/devices", body | {"id": "b-10"}, key="twice")
    assert other.json()["credentials"]["password"] != password


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"id": "hub.1.calls"}, "device-id"),
        ({"id": "a/b"}, "device-id"),
        ({"id": "b-1"}, "device-id-used"),
        ({"id": VILLAGE}, "device-id-zone"),
        ({"id": "g-square"}, "device-id-zone"),
        ({"area": "990421999000"}, "area-unknown"),
        ({"area": None}, "device-place"),
        ({"kind": "teapot"}, "request-invalid"),
        ({"limits": {"volume": 101}}, "request-invalid"),
        ({"limits": {"loud": 1}}, "request-invalid"),
        ({"zones": [COUNTY]}, "request-invalid"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_is_entered(
    admin: Desk, keys: Keyring, change: dict[str, object], kind: str
) -> None:
    before = (await admin.get("/devices")).json()["items"]
    answer = await admin.post("/devices", LOUDSPEAKER | change)
    assert problem(answer, 409 if kind == "device-id-used" else 422)["type"] == kind
    assert (await admin.get("/devices")).json()["items"] == before


async def test_new_credentials_end_the_old_ones(sqlite_hub: RunningHub, admin: Desk) -> None:
    first = (await admin.post("/devices/b-1/credentials")).json()["credentials"]["password"]
    second = (await admin.post("/devices/b-1/credentials")).json()["credentials"]["password"]
    assert not await knows(sqlite_hub, "b-1", first)
    assert await knows(sqlite_hub, "b-1", second)


async def test_a_device_is_moved_given_away_and_taken_out_of_service(
    sqlite_hub: RunningHub, admin: Desk
) -> None:
    moved = await patch(admin, "b-1", {"model": "SOS-2", "resident": "r-2"})
    assert (moved.json()["model"], moved.json()["resident"]) == ("SOS-2", "r-2")
    back = await patch(admin, "b-1", {"resident": None, "area": VILLAGE})
    assert (back.json()["area"], back.json()["resident"]) == (VILLAGE, None)
    problem(await patch(admin, "b-1", {"area": "990421999000"}), 422)
    problem(await patch(admin, "b-1", {"zones": []}), 422)
    assert (await admin.http.delete("/api/v1/devices/b-1")).status_code == 204
    problem(await patch(admin, "b-1", {"model": "x"}), 404)
    problem(await admin.post("/devices", {"id": "b-1", "kind": "button", "area": VILLAGE}), 409)


async def test_a_loudspeaker_that_was_moved_is_told_its_zones(
    sqlite_hub: RunningHub, admin: Desk, keys: Keyring
) -> None:
    await admin.post("/devices", LOUDSPEAKER)
    before = await sqlite_hub.store.read(lambda read: read.device("ls-1", ""))
    await patch(admin, "ls-1", {"area": OTHER_VILLAGE})
    after = await sqlite_hub.store.read(lambda read: read.device("ls-1", ""))
    assert before is not None
    assert after is not None
    assert (before.settings.moved, after.settings.moved, after.area) == (False, True, OTHER_VILLAGE)


async def test_only_the_administrator_keeps_devices(sqlite_hub: RunningHub, keys: Keyring) -> None:
    operator = await sqlite_hub.sign_in(COUNTY_OPERATOR)
    problem(await operator.post("/devices", LOUDSPEAKER), 403)
    problem(await operator.post("/devices/b-1/credentials"), 403)
    problem(await patch(operator, "b-1", {"model": "x"}), 403)
    problem(await operator.http.delete("/api/v1/devices/b-1"), 403)
