"""Keys: what a device is told of them, and the half that only a signer holds.

Public keys travel as JWK (RFC 7517, RFC 8037); a key is named by its RFC 7638 thumbprint (`kid`).
"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated, Final, Self

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from msgspec import Meta, Struct

from devices.errors import KeyFormatError
from devices.messages import Token

ED25519: Final = "Ed25519"
HEADER_NAMES: Final = {ED25519: frozenset({ED25519, "EdDSA"})}
"""Per algorithm of a key record, the names that a header may give it (RFC 9864, and RFC 8037's older one).
SM2 gets a line here, and one in `jws`, on the day a device needs it."""

Seconds = Annotated[int, Meta(ge=0, le=2**53 - 1, description="Unix seconds, as RFC 7519 has them")]


class Use(StrEnum):
    """What a key is enrolled for. Nothing but its uses may be signed with it."""

    ROUTINE = "routine"
    EMERGENCY = "emergency"
    STOP = "stop"
    SET = "set"


class Jwk(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A public key, of any type that fits; `public_key` says whether it is usable. Secrets are never read."""

    kty: str
    crv: str | None = None
    x: str | None = None
    y: str | None = None


class KeyRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a key list. A use or an algorithm that a device does not know is passed over."""

    kid: Token
    alg: Token
    jwk: Jwk
    use: tuple[Token, ...]
    nbf: Seconds | None = None
    exp: Seconds | None = None

    def valid_at(self, wall_ms: int | None) -> bool:
        """Tell whether the key may be used now; without a clock only its uses bind it."""
        if wall_ms is None:
            return True
        began = self.nbf is None or wall_ms >= self.nbf * 1000
        return began and (self.exp is None or wall_ms < self.exp * 1000)


class KeySet(Struct, frozen=True, kw_only=True):
    """The keys that a device trusts for commands; the higher `rev` wins."""

    rev: Annotated[int, Meta(ge=0, le=2**53 - 1)] = 0
    keys: tuple[KeyRecord, ...] = ()

    def find(self, kid: str) -> KeyRecord | None:
        """Return the record named `kid`, if this set has one."""
        return next((record for record in self.keys if record.kid == kid), None)


class SigningKey:
    """A private Ed25519 key. It never shows itself: `export_private` is the only way out."""

    __slots__ = ("_key",)

    def __init__(self, key: OKPKey) -> None:
        if key.curve_name != ED25519 or not key.is_private:
            raise KeyFormatError("not a private Ed25519 key")
        self._key = key

    @classmethod
    def generate(cls) -> Self:
        """Draw a new key from the system's randomness."""
        return cls(OKPKey.generate_key(ED25519))

    @classmethod
    def import_private(cls, text: str) -> Self:
        """Read what `export_private` wrote; KeyFormatError when it is no private Ed25519 key."""
        try:
            return cls(OKPKey.import_key(json.loads(text)))
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise KeyFormatError(f"not a private Ed25519 JWK: {error}") from error

    def export_private(self) -> str:
        """Write the key with its secret, as a JWK; keep it in a file that only the signer reads."""
        return json.dumps(self._key.as_dict(private=True))

    @property
    def kid(self) -> str:
        """The key's name: the RFC 7638 thumbprint of its public half."""
        return self._key.thumbprint()

    @property
    def jose(self) -> OKPKey:
        """The key as the JOSE library wants it."""
        return self._key

    def public_jwk(self) -> Jwk:
        """Return the half that devices are given."""
        return msgspec.convert(self._key.as_dict(private=False), Jwk)

    def record(self, use: tuple[Use, ...], *, nbf: int | None = None, exp: int | None = None) -> KeyRecord:
        """Return the line that a key list holds for this key; `nbf` and `exp` in Unix seconds."""
        return KeyRecord(kid=self.kid, alg=ED25519, jwk=self.public_jwk(), use=use, nbf=nbf, exp=exp)

    def __repr__(self) -> str:
        """Name the key without showing it."""
        return f"SigningKey(kid={self.kid!r})"


def public_key(jwk: Jwk) -> OKPKey:
    """Turn a JWK into a key that can check Ed25519 signatures; KeyFormatError when it is none."""
    if jwk.kty != "OKP" or jwk.crv != ED25519 or jwk.x is None:
        raise KeyFormatError(f"key of type {jwk.kty}/{jwk.crv}: this device knows OKP/{ED25519}")
    try:
        return OKPKey.import_key({"kty": "OKP", "crv": ED25519, "x": jwk.x})
    except (JoseError, ValueError) as error:
        raise KeyFormatError(f"not an {ED25519} public key: {error}") from error


def thumbprint(jwk: Jwk) -> str:
    """Name a public key (RFC 7638: SHA-256 over its required members); KeyFormatError when it is none."""
    return public_key(jwk).thumbprint()
