"""mosquitto.conf and the listeners: what must be in them, and that each line says why."""

import os
from pathlib import Path

import pytest

from broker_config.config import write_config
from broker_config.errors import BrokerConfigError
from broker_config.listeners import Listener, is_loopback, read_listeners
from broker_config.storage import ensure_folder, replace_file
from broker_config.tls import TlsFiles
from devices.errors import Kind

EVERYWHERE = "0.0.0.0"  # noqa: S104 - an address to be told from others
TLS = TlsFiles(Path("/pki/ca.pem"), Path("/pki/server.pem"), Path("/pki/server.key"))


def settings(config: Path) -> dict[str, list[str]]:
    """Every setting with its values, in order."""
    found: dict[str, list[str]] = {}
    for line in config.read_text().splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.partition(" ")
            found.setdefault(name, []).append(value)
    return found


def test_each_line_stands_under_the_reason_for_it(tmp_path: Path) -> None:
    config = write_config(tmp_path, bind=EVERYWHERE, tls_port=8883, tls=TLS)
    blocks = config.read_text().split("\n\n")[1:]
    assert len(blocks) > 20
    for block in blocks:
        why, setting = block.strip().splitlines()
        assert why.startswith("# ")
        assert why.endswith(".")
        assert not setting.startswith("#")


def test_the_defaults_that_lose_messages_are_gone(tmp_path: Path) -> None:
    found = settings(write_config(tmp_path))
    assert int(found["max_queued_messages"][0]) >= 200_000
    assert int(found["max_queued_bytes"][0]) >= 200_000 * 1024
    assert int(found["max_inflight_messages"][0]) >= 20_000
    assert int(found["max_packet_size"][0]) == 4 * 1024 * 1024
    assert found["queue_qos0_messages"] == found["persistence"] == ["true"]
    assert found["allow_anonymous"] == ["false"]


def test_every_listener_takes_the_user_name_for_the_client_id(tmp_path: Path) -> None:
    found = settings(write_config(tmp_path, tls_port=8883, tls=TLS))
    assert found["listener"] == ["1883 127.0.0.1", "8883 127.0.0.1"]
    assert found["use_username_as_clientid"] == ["true", "true"]


def test_nothing_that_leaves_the_machine_is_plain(tmp_path: Path) -> None:
    write_config(tmp_path, bind=EVERYWHERE, tls_port=8883, tls=TLS)
    plain, secure = read_listeners(tmp_path)
    assert plain == Listener("127.0.0.1", 1883)
    assert secure == Listener(EVERYWHERE, 8883, "/pki/server.pem", "/pki/server.key")


@pytest.mark.parametrize("bind", [EVERYWHERE, "::", "192.168.1.5", "hub.example"])
def test_a_broker_that_would_speak_plainly_to_others_is_not_configured(tmp_path: Path, bind: str) -> None:
    with pytest.raises(BrokerConfigError, match="without TLS"):
        write_config(tmp_path, bind=bind)


def test_a_tls_port_needs_a_certificate(tmp_path: Path) -> None:
    with pytest.raises(BrokerConfigError, match="no certificate"):
        write_config(tmp_path, tls_port=8883)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        (EVERYWHERE, False),
        ("x", False),
    ],
)
def test_loopback_is_what_only_this_machine_reaches(host: str, *, loopback: bool) -> None:
    assert is_loopback(host) is loopback


@pytest.mark.parametrize(("user", "lines"), [(0, ["root"]), (1000, None)])
def test_started_by_root_mosquitto_stays_the_owner_of_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, user: int, lines: list[str] | None
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert settings(write_config(tmp_path)).get("user") == lines


def test_a_folder_without_listeners_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BrokerConfigError, match="written again") as missing:
        read_listeners(tmp_path)
    assert missing.value.kind is Kind.UNAVAILABLE


def test_a_file_is_replaced_only_when_it_changes_and_leaves_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "acl"
    assert replace_file(path, "one")
    first = path.stat().st_ino
    assert not replace_file(path, "one")
    assert path.stat().st_ino == first
    assert replace_file(path, "two")
    assert path.stat().st_ino != first
    assert [each.name for each in tmp_path.iterdir()] == ["acl"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BrokerConfigError, match="file/broker"):
        ensure_folder(tmp_path / "file" / "broker")
