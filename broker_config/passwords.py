"""Passwords of devices and roles, hashed as mosquitto's password file holds them.

A password here is 128 random bits, so nobody finds it by guessing and one round of the hash is enough. More
rounds would only cost time: mosquitto hashes every connected client again at each reload, with the whole
county waiting. Passwords that people choose never come here; they belong to argon2.
"""

import base64
import binascii
import hashlib
import hmac
import os
import secrets

RANDOM_BYTES = 16
SALT_BYTES = 12  # mosquitto 2.0.11 accepts no other length
HASH_BYTES = 64
ITERATIONS = 1
_SCHEME = "7"  # mosquitto's number for PBKDF2 with SHA-512


def new_password() -> str:
    """128 random bits as 22 URL-safe characters."""
    return secrets.token_urlsafe(RANDOM_BYTES)


def hash_password(password: str) -> str:
    """`$7$<iterations>$<salt>$<hash>` of a random password, as mosquitto_passwd writes it."""
    salt = os.urandom(SALT_BYTES)
    digest = _derive(password, salt, ITERATIONS)
    return f"${_SCHEME}${ITERATIONS}${_base64(salt)}${_base64(digest)}"


def verify_password(password: str, hashed: str) -> bool:
    """Whether `password` is the one behind `hashed`; a malformed hash fits no password."""
    try:
        empty, scheme, iterations, salt, digest = hashed.split("$")
        rounds = int(iterations)
        salt_bytes, expected = base64.b64decode(salt, validate=True), base64.b64decode(digest, validate=True)
    except (ValueError, binascii.Error):
        return False
    if empty or scheme != _SCHEME or rounds < 1 or len(expected) != HASH_BYTES:
        return False
    return hmac.compare_digest(_derive(password, salt_bytes, rounds), expected)


def _derive(password: str, salt: bytes, iterations: int) -> bytes:
    return hashlib.pbkdf2_hmac("sha512", password.encode(), salt, iterations, HASH_BYTES)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
