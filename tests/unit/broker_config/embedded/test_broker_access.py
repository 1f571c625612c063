"""Reading mosquitto's files with mosquitto's meaning."""

from pathlib import Path

import pytest

from broker_config.accounts import DeviceAccount
from broker_config.embedded.access import Access, matches, read_access
from broker_config.errors import BrokerConfigError
from broker_config.files import write_accounts
from broker_config.passwords import hash_password
from devices import topics
from devices.topics import DeviceKind, Direction


def access(folder: Path, acl: str, users: str = "u v") -> Access:
    (folder / "passwd").write_text("".join(f"{user}:$7$1$AAAA$AAAA\n" for user in users.split()))
    (folder / "acl").write_text(acl)
    return read_access(folder)


@pytest.mark.parametrize(
    ("pattern", "topic", "expected"),
    [
        ("a/b", "a/b", True),
        ("a/b", "a/b/c", False),
        ("a/b/c", "a/b", False),
        ("a/+", "a/b", True),
        ("a/+", "a/", True),
        ("a/+", "a/b/c", False),
        ("+/+", "/a", True),
        ("#", "a/b/c", True),
        ("a/#", "a", True),
        ("a/#", "a/b/c", True),
        ("a/#", "ab", False),
        ("#", "$SYS/x", False),
        ("+/x", "$SYS/x", False),
        ("$SYS/#", "$SYS/x", True),
    ],
)
def test_a_filter_takes_in_what_mqtt_says(pattern: str, topic: str, *, expected: bool) -> None:
    assert matches(pattern, topic) is expected


@pytest.mark.parametrize("kind", [DeviceKind.BUTTON, DeviceKind.LOUDSPEAKER])
def test_the_files_grant_a_device_exactly_what_the_contract_does(tmp_path: Path, kind: DeviceKind) -> None:
    write_accounts(tmp_path, [DeviceAccount("d", kind, hash_password("p"))], [])
    rights = read_access(tmp_path)
    granted = topics.rights(kind)
    for topic in [
        *(f"v1/d/{device}/{leaf}" for device in ("d", "e") for leaf in topics.Leaf),
        "v1/z/g-1/command",
    ]:
        up = any(r.direction is Direction.UP and matches(r.for_device("d"), topic) for r in granted)
        down = any(r.direction is Direction.DOWN and matches(r.for_device("d"), topic) for r in granted)
        assert (rights.may_publish("d", topic), rights.may_read("d", topic)) == (up, down), topic


def test_a_denial_is_stronger_than_a_grant_before_it_or_a_pattern_after_it(tmp_path: Path) -> None:
    rights = access(
        tmp_path, "user u\ntopic readwrite a/#\ntopic deny a/b\npattern write %u/x\ntopic deny u/x\n"
    )
    assert rights.may_read("u", "a/c")
    assert not rights.may_read("u", "a/b")
    assert not rights.may_publish("u", "u/x")


def test_lines_belong_to_the_user_above_them_and_patterns_to_everyone(tmp_path: Path) -> None:
    rights = access(tmp_path, "user u\ntopic read a\n\n# v\nuser v\ntopic write a\npattern read own/%u\n")
    assert (rights.may_read("u", "a"), rights.may_publish("u", "a")) == (True, False)
    assert (rights.may_read("v", "a"), rights.may_publish("v", "a")) == (False, True)
    assert (rights.may_read("u", "own/u"), rights.may_read("u", "own/v")) == (True, False)


def test_a_name_without_an_account_has_no_rights_not_even_by_pattern(tmp_path: Path) -> None:
    rights = access(tmp_path, "pattern read own/%u\n")
    assert not rights.may_read("w", "own/w")


def test_a_password_is_right_only_for_its_account(tmp_path: Path) -> None:
    accounts = [DeviceAccount(name, DeviceKind.BUTTON, hash_password(f"of {name}")) for name in ("a", "b")]
    write_accounts(tmp_path, accounts, [])
    rights = read_access(tmp_path)
    assert rights.may_sign_in("a", "of a")
    assert not rights.may_sign_in("a", "of b")
    assert not rights.may_sign_in("c", "of c")


@pytest.mark.parametrize("acl", ["nonsense\n", "topic\n", "topic read\n", "topic sing a\n", "pattern a/%u\n"])
def test_a_line_that_is_not_understood_is_named_and_grants_nothing(tmp_path: Path, acl: str) -> None:
    with pytest.raises(BrokerConfigError, match="acl, line 1"):
        access(tmp_path, acl)


@pytest.mark.parametrize("missing", ["passwd", "acl"])
def test_a_missing_file_is_named(tmp_path: Path, missing: str) -> None:
    write_accounts(tmp_path, [], [])
    (tmp_path / missing).unlink()
    with pytest.raises(BrokerConfigError, match=missing):
        read_access(tmp_path)


def test_a_strange_password_file_is_named(tmp_path: Path) -> None:
    write_accounts(tmp_path, [], [])
    (tmp_path / "passwd").write_text("nobody\n")
    with pytest.raises(BrokerConfigError, match="passwd, line 1"):
        read_access(tmp_path)
