"""While `up` runs: devices come, get new passwords and go, and the broker knows it without a restart."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable

import httpx

from tests.ups import RunningUp

CONNECT = bytes.fromhex("00 04 4d 51 54 54 04 c2 00 0a")
ACCEPTED = bytes.fromhex("20 02 00 00")


def lets_in(port: int, device: str, password: str) -> bool:
    """Whether the broker accepts the device now."""
    fields = b"".join(len(text).to_bytes(2, "big") + text.encode() for text in (device, device, password))
    packet = bytes([0x10, len(CONNECT) + len(fields)]) + CONNECT + fields
    try:
        with socket.create_connection(("127.0.0.1", port), 5) as connection:
            connection.sendall(packet)
            return connection.recv(4) == ACCEPTED
    except OSError:
        return False


def test_the_broker_follows_the_register(make_up: Callable[..., RunningUp]) -> None:
    up = make_up()
    up.start("--quiet", "--no-demo")
    assert up.command("area", "add", "990999000000", "某县").returncode == 0
    broker = up.children()["broker"]

    added = up.command("device", "add", "b-77", "--kind", "button", "--area", "990999000000")
    first = json.loads(added.stdout)["credentials"]["password"]
    up.until(lambda: lets_in(up.mqtt_port, "b-77", first))

    renewed = up.command("device", "credentials", "b-77")
    second = json.loads(renewed.stdout)["credentials"]["password"]
    up.until(lambda: lets_in(up.mqtt_port, "b-77", second))
    assert not lets_in(up.mqtt_port, "b-77", first)

    assert up.command("device", "remove", "b-77").returncode == 0
    up.until(lambda: not lets_in(up.mqtt_port, "b-77", second))
    again = up.command("device", "add", "b-77", "--kind", "button", "--area", "990999000000")
    assert again.returncode != 0
    assert "b-77" in again.stderr
    assert up.children()["broker"] == broker


def test_a_button_never_heard_before_is_shown_while_the_database_is_gone(
    make_up: Callable[..., RunningUp],
) -> None:
    up = make_up()
    up.start("--quiet", "--no-demo")
    assert up.command("area", "add", "990999000000", "某县").returncode == 0
    added = up.command("device", "add", "b-77", "--kind", "button", "--area", "990999000000")
    password = json.loads(added.stdout)["credentials"]["password"]
    up.close()
    up.start("--quiet", "--no-demo")
    database = up.folder / "xiangyin.db"
    database.rename(up.folder / "gone.db")

    answer = httpx.post(
        f"http://127.0.0.1:{up.http_port}/api/v1/device/calls",
        json={"id": "p-1", "kind": "sos"},
        auth=("b-77", password),
        timeout=45,
    )

    assert answer.status_code == 503
    (spool,) = (up.folder / "spool").glob("unrecorded-*")  # what is shown and not recorded lies there
    assert b"p-1" in spool.read_bytes()
    (up.folder / "gone.db").rename(database)
    up.until(lambda: spool.read_bytes()[:4] == bytes(4))  # recorded: its slot is free


def test_users_come_get_passwords_and_are_kept_out(make_up: Callable[..., RunningUp]) -> None:
    up = make_up()
    up.start("--quiet")

    added = up.command(
        "user", "add", "duty-9", "--role", "operator", "--area", "990121000000", "--name", "某人"
    )
    assert added.returncode == 0, added.stderr
    assert up.command("user", "password", "duty-9").stdout != added.stdout
    assert up.command("user", "disable", "duty-9").returncode == 0

    listed = {line.split("\t")[0]: line for line in up.command("user", "list").stdout.splitlines()}
    assert listed["duty-9"].endswith("disabled")
    assert up.command("user", "password", "nobody").returncode != 0


def test_the_doctor_finds_a_running_hub_well_and_a_damaged_database_damaged(
    make_up: Callable[..., RunningUp],
) -> None:
    up = make_up()
    up.start("--quiet")

    well = up.command("doctor")

    assert well.returncode == 0, well.stdout
    assert "BAD" not in well.stdout
    for part in (
        "python",
        "folder",
        "disk",
        "clock",
        "files",
        "database",
        "hub",
        "broker",
        "rights",
        "ffmpeg",
    ):
        assert f"OK   {part} " in well.stdout
    up.close()
    database = up.folder / "xiangyin.db"
    content = bytearray(database.read_bytes())
    content[8192:16384] = bytes(8192)
    database.write_bytes(content)

    ill = up.command("doctor")

    assert ill.returncode == 1
    assert "BAD  database" in ill.stdout
    assert "is damaged" in ill.stdout or "cannot be reached" in ill.stdout
