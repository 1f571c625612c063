"""`xiangyin up`: everything starts, an elder's press is answered by the button, and the next start goes on."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable

import pytest

from tests.ups import EVERYTHING, ROLES, RunningUp


@pytest.mark.parametrize("broker", ["mosquitto", "embedded"])
def test_a_press_is_received_and_data_and_passwords_survive_the_next_start(
    make_up: Callable[..., RunningUp], broker: str
) -> None:
    up = make_up(XIANGYIN_BROKER=broker)
    up.start("--quiet")
    assert set(up.children()) == EVERYTHING
    assert f"http://127.0.0.1:{up.http_port}" in up.screen
    first = up.logins()
    device = first["device"]["id"]

    pressed = up.command("press", device)

    assert pressed.returncode == 0, pressed.stderr
    call = pressed.stdout.split("call ")[1].split(".")[0]
    up.close()
    up.start("--quiet")
    assert up.logins() == first
    again = up.command("press", device)
    assert f"call {call}." in again.stdout, "the second press joins the call that is still open"


def test_the_sign_ins_are_for_the_owner_alone_and_whole(make_up: Callable[..., RunningUp]) -> None:
    up = make_up()
    up.start("--quiet")

    logins = up.logins()

    assert set(logins) == {"operator", "clinic", "village_admin", "county_admin", "device"}
    assert all(set(logins[who]) == {"username", "password"} for who in logins if who != "device")
    assert set(logins["device"]) == {"id", "username", "password"}
    assert stat.S_IMODE((up.folder / "demo-logins.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(up.folder.stat().st_mode) == 0o700


def test_without_the_demo_a_county_of_ones_own_begins_on_the_command_line(
    make_up: Callable[..., RunningUp],
) -> None:
    up = make_up()
    up.start("--no-demo")
    assert set(up.children()) == {"broker", *ROLES}

    assert up.command("area", "add", "990999000000", "某县").returncode == 0
    user = up.command(
        "user", "add", "duty-1", "--role", "operator", "--area", "990999000000", "--name", "某人"
    )
    device = up.command("device", "add", "b-77", "--kind", "button", "--area", "990999000000")

    assert user.returncode == 0, user.stderr
    told = json.loads(device.stdout)
    assert told["provisioned"] is True
    assert told["mqtt"] == {
        "host": "127.0.0.1",
        "port": up.mqtt_port,
        "tls": False,
        "ca": None,
    }
    up.close()
    up.start()
    assert set(up.children()) == {"broker", *ROLES}, "no demo is put into somebody's own county"


def test_the_same_on_postgresql(make_up: Callable[..., RunningUp], postgres_url: str) -> None:
    up = make_up(XIANGYIN_DATABASE_URL=postgres_url)
    up.start("--quiet")

    pressed = up.command("press", up.logins()["device"]["id"])

    assert pressed.returncode == 0, pressed.stderr
    assert "county-admin" in up.command("user", "list").stdout
    assert not (up.folder / "xiangyin.db").exists()
    assert up.command("doctor").returncode == 0


def test_a_database_that_is_away_is_said_and_waited_for(make_up: Callable[..., RunningUp]) -> None:
    up = make_up(XIANGYIN_DATABASE_URL="postgresql+psycopg://hub:hunter2@127.0.0.1:1/xiangyin")

    up.start("--quiet", until_ready=False)

    up.until(lambda: up.screen.count("starts again in") >= 2)
    assert "calls ended (" in up.screen
    assert "127.0.0.1:1/xiangyin" in up.screen
    assert "hunter2" not in up.screen + up.logs
