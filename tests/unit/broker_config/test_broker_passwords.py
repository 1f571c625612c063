"""Passwords as mosquitto's file holds them. That mosquitto agrees is shown in tests/contract."""

import base64

import pytest

from broker_config.passwords import hash_password, new_password, verify_password


def test_a_password_is_128_random_bits_in_characters_that_need_no_quoting() -> None:
    passwords = {new_password() for _ in range(100)}
    assert len(passwords) == 100
    for password in passwords:
        assert len(base64.urlsafe_b64decode(password + "==")) == 16


def test_a_hash_fits_its_own_password_only() -> None:
    password = new_password()
    hashed = hash_password(password)
    assert verify_password(password, hashed)
    assert not verify_password(password + "x", hashed)
    assert not verify_password("", hashed)


def test_equal_passwords_have_different_hashes() -> None:
    assert hash_password("same") != hash_password("same")


def test_a_hash_made_by_mosquitto_passwd_is_understood() -> None:
    made = (  # by mosquitto_passwd 2.0.11 -b, with its own 101 iterations
        "$7$101$AgVvAmaaO5aUAtcd$2sOnKRPt4dwxiUEJRixmQ86edwF4McdLyHJuOn2YEJcv6tNg"
        "Blx8lXIHW7bGE3QEMBQ7vYBVDfYZuSKuKLqJLQ=="
    )
    assert verify_password("correct horse", made)
    assert not verify_password("correct horses", made)


@pytest.mark.parametrize(
    "hashed",
    [
        "",
        "plain",
        "$6$salt$hash",
        "$7$x$AAAA$AAAA",
        "$7$0$AAAA$AAAA",
        "$7$1$not base64$AAAA",
        "$7$1$AAAAAAAAAAAAAAAA$c2hvcnQ=",
        "x$7$1$AAAA$AAAA",
    ],
)
def test_what_is_no_hash_fits_no_password(hashed: str) -> None:
    assert not verify_password("", hashed)
    assert not verify_password("x", hashed)
