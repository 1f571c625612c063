"""The envelope of a command: a compact JWS (RFC 7515), sealed by a signer and opened by a device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from msgspec import Struct

from devices.errors import CommandRefused, EncodeError, KeyFormatError, RefusalReason
from devices.keys import ED25519, HEADER_NAMES, Jwk, SigningKey, public_key

TYP: Final = "xy-cmd+jws"
MAX_TOKEN_BYTES: Final = 4096

# Each of these would let the sender choose the key or change what is checked.
FORBIDDEN_HEADERS: Final = frozenset({"jwk", "jku", "x5c", "x5u", "x5t", "x5t#S256", "crit", "b64"})


class Header(Struct, frozen=True, kw_only=True):
    """What a device reads of a header; `alg` is compared with the key record and decides nothing."""

    alg: str
    kid: str
    typ: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """A JWS taken apart and not yet believed."""

    header: Header
    parts: jws.CompactSignature

    def opened_with(self, alg: str, jwk: Jwk) -> bytes:
        """Return the claims when `jwk` signed them under the record's `alg`; CommandRefused otherwise."""
        if self.header.alg not in HEADER_NAMES.get(alg, frozenset()):
            raise _bad(f"header says {self.header.alg}, the key is for {alg}")
        trusted = jws.CompactSignature({"alg": alg}, self.parts.payload)
        trusted.segments.update(self.parts.segments)
        try:
            genuine = jws.validate_compact(trusted, public_key(jwk), algorithms=[alg])
        except (JoseError, KeyFormatError, ValueError) as error:
            raise _bad(str(error)) from error
        if not genuine:
            raise _bad("the signature is not this key's")
        return self.parts.payload or b""


def seal(claims: bytes, key: SigningKey) -> str:
    """Sign `claims`; EncodeError when the result is longer than a device takes (4 KiB)."""
    header = {"alg": ED25519, "kid": key.kid, "typ": TYP}
    token = jws.serialize_compact(header, claims, key.jose, algorithms=[ED25519])
    if len(token) > MAX_TOKEN_BYTES:
        raise EncodeError(f"command: {len(token)} bytes signed, at most {MAX_TOKEN_BYTES} fit")
    return token


def take_apart(token: bytes) -> Sealed:
    """Read the envelope without believing it; CommandRefused (bad_signature) when it is none."""
    if len(token) > MAX_TOKEN_BYTES:
        raise _bad(f"{len(token)} bytes, at most {MAX_TOKEN_BYTES} are read")
    try:
        parts = jws.extract_compact(token)
        header = msgspec.convert(parts.protected, Header)
    except (JoseError, ValueError, RecursionError) as error:
        raise _bad(f"not a compact JWS: {error}") from error
    forbidden = FORBIDDEN_HEADERS.intersection(parts.protected)
    if forbidden:
        raise _bad(f"header has {', '.join(sorted(forbidden))}")
    if header.typ != TYP:
        raise _bad(f"typ is {header.typ!r}, not {TYP!r}")
    return Sealed(header, parts)


def _bad(detail: str) -> CommandRefused:
    return CommandRefused(RefusalReason.BAD_SIGNATURE, detail)
