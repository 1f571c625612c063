"""The two account files as text: names, hashes, and the rights of each account."""

from pathlib import Path

import pytest

from broker_config.accounts import ROLES, DeviceAccount, ensure_roles, role_accounts, role_name
from broker_config.acl import acl_text, lines_for, password_text
from broker_config.errors import BrokerConfigError
from broker_config.files import ACL_FILE, PASSWORD_FILE, write_accounts
from broker_config.passwords import verify_password
from devices.errors import Kind
from devices.topics import DeviceKind

HASH = "$7$1$c2FsdA==$aGFzaA=="
BUTTON = DeviceAccount("b-0001", DeviceKind.BUTTON, HASH)
SPEAKER = DeviceAccount("ls-1", DeviceKind.LOUDSPEAKER, HASH)
GATEWAY = DeviceAccount("gw-1", DeviceKind.GATEWAY, HASH, ("zigbee2mqtt/#",))


def settings(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_a_button_has_a_password_line_and_the_rights_that_all_devices_share() -> None:
    assert password_text([BUTTON], []) == f"b-0001:{HASH}\n"
    assert settings(acl_text([BUTTON], [])) == [
        "pattern write v1/d/%u/call",
        "pattern write v1/d/%u/status",
        "pattern write v1/d/%u/telemetry",
        "pattern write v1/d/%u/receipt",
        "pattern write v1/d/%u/ack",
        "pattern write v1/d/%u/time",
        "pattern read v1/d/%u/reply",
        "pattern read v1/d/%u/command",
    ]


def test_a_loudspeaker_has_one_line_more() -> None:
    assert settings(acl_text([SPEAKER], []))[:2] == ["user ls-1", "topic read v1/z/+/command"]


def test_a_gateway_is_denied_the_contract_and_granted_its_tree() -> None:
    lines = settings(acl_text([GATEWAY], []))
    assert lines[:3] == ["user gw-1", "topic deny v1/#", "topic readwrite zigbee2mqtt/#"]


def test_the_receipts_role_reads_every_gateways_tree(tmp_path: Path) -> None:
    ensure_roles(tmp_path)
    lines = settings(acl_text([GATEWAY], role_accounts(tmp_path)))
    start = lines.index("user hub.1.receipts")
    assert lines[start : start + 4] == [
        "user hub.1.receipts",
        "topic read v1/d/+/receipt",
        "topic deny v1/d/hub.1.receipts/#",
        "topic read zigbee2mqtt/#",
    ]


def test_the_lines_for_a_broker_elsewhere_name_every_right_of_the_device() -> None:
    assert lines_for(SPEAKER) == (
        "user ls-1",
        "topic write v1/d/ls-1/call",
        "topic write v1/d/ls-1/status",
        "topic write v1/d/ls-1/telemetry",
        "topic write v1/d/ls-1/receipt",
        "topic write v1/d/ls-1/ack",
        "topic write v1/d/ls-1/time",
        "topic read v1/d/ls-1/reply",
        "topic read v1/d/ls-1/command",
        "topic read v1/z/+/command",
    )
    assert lines_for(GATEWAY) == ("user gw-1", "topic readwrite zigbee2mqtt/#")


def test_the_files_do_not_depend_on_the_order_in_which_devices_come() -> None:
    assert acl_text([SPEAKER, GATEWAY], []) == acl_text([GATEWAY, SPEAKER], [])
    assert password_text([SPEAKER, BUTTON], []) == password_text([BUTTON, SPEAKER], [])


@pytest.mark.parametrize(
    "device", ["hub.1.calls", "Hub.2.status", "a b", "a:b", "a\nuser hub.1.calls", "+", "", "#"]
)
def test_no_device_can_bear_a_name_that_means_more_than_itself(device: str) -> None:
    with pytest.raises(BrokerConfigError) as refused:
        password_text([DeviceAccount(device, DeviceKind.BUTTON, HASH)], [])
    assert refused.value.kind is Kind.INVALID


@pytest.mark.parametrize(
    "pattern",
    ["v1/#", "v1", "#", "+/x", "$SYS/#", "", "/x", "a/#/b", "a/b+", "a\ntopic readwrite v1/#", "a/# ", " a"],
)
def test_no_gateway_can_have_a_topic_of_the_contract_or_of_everybody(pattern: str) -> None:
    with pytest.raises(BrokerConfigError):
        password_text([DeviceAccount("gw-1", DeviceKind.GATEWAY, HASH, (pattern,))], [])


def test_only_a_gateway_has_topics_of_its_own() -> None:
    with pytest.raises(BrokerConfigError, match="only a gateway"):
        password_text([DeviceAccount("b-1", DeviceKind.BUTTON, HASH, ("x/#",))], [])


@pytest.mark.parametrize("hashed", ["", "clear", "$7$1$a$b\nother:$7$1$a$b"])
def test_a_password_that_is_not_hashed_is_never_written(hashed: str) -> None:
    with pytest.raises(BrokerConfigError, match="password hash"):
        password_text([DeviceAccount("b-1", DeviceKind.BUTTON, hashed)], [])


def test_one_name_cannot_have_two_accounts() -> None:
    with pytest.raises(BrokerConfigError, match="b-0001"):
        password_text([BUTTON, BUTTON], [])


def test_role_passwords_are_drawn_once_and_kept_for_this_user_alone(tmp_path: Path) -> None:
    first = ensure_roles(tmp_path)
    assert set(first) == {role_name(role) for role in ROLES}
    assert ensure_roles(tmp_path) == first
    assert (tmp_path / "roles.json").stat().st_mode & 0o777 == 0o600
    for account in role_accounts(tmp_path):
        assert verify_password(first[account.name], account.password_hash)


def test_a_second_hub_has_accounts_of_its_own_beside_the_first(tmp_path: Path) -> None:
    first, second = ensure_roles(tmp_path), ensure_roles(tmp_path, "north")
    assert not set(first.values()) & set(second.values())
    assert {account.name for account in role_accounts(tmp_path)} == set(first) | set(second)


def test_a_hub_whose_name_would_be_no_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokerConfigError):
        ensure_roles(tmp_path, "a/b")


def test_spoilt_role_passwords_say_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "roles.json").write_text("{")
    with pytest.raises(BrokerConfigError, match="remove it") as spoilt:
        ensure_roles(tmp_path)
    assert spoilt.value.kind is Kind.UNAVAILABLE


def test_writing_accounts_tells_whether_the_broker_must_read_them_again(tmp_path: Path) -> None:
    assert write_accounts(tmp_path, [BUTTON], [])
    assert not write_accounts(tmp_path, [BUTTON], [])
    assert write_accounts(tmp_path, [BUTTON, SPEAKER], [])
    assert write_accounts(tmp_path, [], [])
    assert (tmp_path / PASSWORD_FILE).read_text() == ""


def test_account_files_are_for_the_brokers_user_alone(tmp_path: Path) -> None:
    write_accounts(tmp_path / "new", [BUTTON], [])
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    for name in (PASSWORD_FILE, ACL_FILE):
        assert (tmp_path / "new" / name).stat().st_mode & 0o777 == 0o600


def test_nothing_is_written_when_one_account_is_wrong(tmp_path: Path) -> None:
    write_accounts(tmp_path, [BUTTON], [])
    before = (tmp_path / ACL_FILE).read_text(), (tmp_path / PASSWORD_FILE).read_text()
    with pytest.raises(BrokerConfigError):
        write_accounts(tmp_path, [SPEAKER, DeviceAccount("a b", DeviceKind.BUTTON, HASH)], [])
    assert ((tmp_path / ACL_FILE).read_text(), (tmp_path / PASSWORD_FILE).read_text()) == before
