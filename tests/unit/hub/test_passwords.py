"""Passwords of people."""

from hub.passwords import PasswordChecker, hash_password


async def test_the_right_password_fits_its_hash_and_no_other_does() -> None:
    checker = PasswordChecker()
    hashed = await checker.hash("清溪 county")
    assert hashed.startswith("$argon2id$")
    assert await checker.verify("清溪 county", hashed)
    assert not await checker.verify("清溪 County", hashed)


async def test_nobody_has_no_password_not_even_the_empty_one() -> None:
    checker = PasswordChecker()
    assert not await checker.verify("", None)
    assert not await checker.verify("x", "not a hash")


def test_equal_passwords_have_unequal_hashes() -> None:
    assert hash_password("same") != hash_password("same")
