"""New credentials: a button that still has the old ones calls over the second path until the new are used."""

from __future__ import annotations

import httpx
import pytest

from broker_config.passwords import hash_password, verify_password
from hub.domain.presence import Heard, Presence
from hub.domain.telemetry import DeviceState
from tests.web import ADMIN, Desk, RunningHub

OLD = "the-password-of-before"
BROKER_KNOWS_MS = 10_000


@pytest.fixture
async def admin(hub: RunningHub) -> Desk:
    """The administrator; the button b-1 has its old password."""
    await hub.store.run(lambda tx: tx.registrar.set_credentials("b-1", hash_password(OLD)))
    await hub.context.known.refresh()  # what is known by heart must let nobody in while the database answers
    return await hub.sign_in(ADMIN)


async def renewed(admin: Desk) -> str:
    password: str = (await admin.post("/devices/b-1/credentials")).json()["credentials"]["password"]
    return password


async def press(hub: RunningHub, password: str, press_id: str) -> int:
    async with httpx.AsyncClient(base_url=hub.url, auth=("b-1", password)) as button:
        answer = await button.post("/api/v1/device/calls", json={"id": press_id, "kind": "sos"})
    return answer.status_code


async def test_the_old_ones_live_on_until_the_new_are_used(hub: RunningHub, admin: Desk) -> None:
    assert await press(hub, OLD, "p-1") == 200
    new = await renewed(admin)
    assert await press(hub, OLD, "p-2") == 200
    assert await press(hub, "wrong", "p-3") == 401
    assert await press(hub, new, "p-4") == 200
    assert await press(hub, OLD, "p-5") == 401
    assert await press(hub, new, "p-6") == 200


async def test_those_between_two_renewals_were_never_used_and_end_at_once(
    hub: RunningHub, admin: Desk
) -> None:
    between, last = await renewed(admin), await renewed(admin)
    assert await press(hub, OLD, "p-1") == 200
    assert await press(hub, between, "p-2") == 401
    assert await press(hub, last, "p-3") == 200
    assert await press(hub, OLD, "p-4") == 401


async def test_a_device_that_was_heard_at_the_broker_since_has_the_new(hub: RunningHub, admin: Desk) -> None:
    await renewed(admin)
    heard = {"b-1": hub.context.clock.now() + BROKER_KNOWS_MS - 1}
    for expected in (200, 401):
        state = DeviceState(presence=Presence.ONLINE, since=0, heard=Heard(heard["b-1"]))
        hub.telemetry.known = {"b-1": state}
        assert await press(hub, OLD, f"p-{expected}") == expected
        heard["b-1"] += 1


async def test_the_old_ones_are_known_by_heart_as_well(hub: RunningHub, admin: Desk) -> None:
    new = await renewed(admin)
    await hub.context.known.refresh()
    known = hub.context.known.recall("b-1")
    assert known is not None
    assert verify_password(new, known.password_hash)
    assert verify_password(OLD, known.former)
    assert known.renewed_at == hub.clock.now()


async def test_a_device_out_of_service_has_no_password_at_all(hub: RunningHub, admin: Desk) -> None:
    await renewed(admin)
    assert (await admin.http.delete("/api/v1/devices/b-1")).status_code == 204
    assert await press(hub, OLD, "p-1") == 401
