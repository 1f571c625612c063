"""Stories of trust: who signed, with what, for what use and for whom."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Final

import msgspec
from joserfc.jws import JWSRegistry
from msgspec import structs

from devices.enrolment import Enrolment
from devices.errors import RefusalReason as R
from devices.keys import KeyRecord, KeySet, SigningKey, Use
from devices.vectors import CommandStory
from devices.vectors.scribe import DEVICE, T0, TOWN, VILLAGE, Ring, Scribe, envelope, play, seal

AGAIN_MS: Final = 10_000
"""After so long the next untrusted bytes are answered."""


def waiting() -> CommandStory:
    """Without a clock nothing plays; signed time ends the wait, and what is older than it stays unheard."""
    s = Scribe("a new device plays nothing until it is told the time", ready=False)
    first = play("p1")
    s.refused("a play before the time", seal(first, s.ring.routine), R.NO_CLOCK, first)
    for kind in ("selftest", "report", "set"):
        claims = envelope(kind, f"c-{kind}")
        key = s.ring.set if kind == "set" else s.ring.routine
        s.refused(f"{kind} before the time", seal(claims, key), R.NO_CLOCK, claims)
    s.ask("asks", "n-1", at=1_000)
    s.accepted(
        "an answer after 200 ms",
        s.time("n-1", t1=1_000, t2=T0 + 90, t3=T0 + 110),
        at=1_200,
        clock_ms=T0 + 200,
    )
    s.has_clock = True
    s.played("the same play again", seal(first, s.ring.routine), at=2_000)
    old = play("p2", seq=T0 + 110 - 60_001)
    s.refused("a play of before the memory", seal(old, s.ring.routine), R.REPLAYED, old, at=2_000)
    edge = play("p3", seq=T0 + 110 - 60_000)
    s.played("a play at the edge of it", seal(edge, s.ring.routine), at=2_000)
    return s.story()


def half_knowing() -> CommandStory:
    """A clock without the memory of what was heard is not enough, nor is the memory without a clock."""
    s = Scribe("a clock and a memory, not one of them", ready=False)
    s.has_clock = True
    first = play("p1")
    s.refused("a clock of its own and no memory", seal(first, s.ring.routine), R.NO_CLOCK, first)
    s.ask("asks", "n-1", at=0)
    far_ahead = envelope("time", "t-1", for_=DEVICE, seq=T0 + 10**9)
    s.accepted(
        "is told",
        seal(far_ahead | {"nonce": "n-1", "t1": 0, "t2": T0, "t3": T0}, s.ring.set),
        clock_ms=T0,
    )
    s.played("now it plays", seal(first, s.ring.routine))
    louder = envelope("set", "c-1", for_=DEVICE) | {"volume": 90}
    s.accepted("the seq of a time moves nothing", seal(louder, s.ring.set))
    s.has_clock = False
    second = play("p2")
    s.refused("the clock lost, the memory kept", seal(second, s.ring.routine), R.NO_CLOCK, second)
    return s.story()


def signed_time() -> CommandStory:
    """Only the answer to the open question counts, once and soon."""
    s = Scribe("signed time answers one question", ready=False)
    unasked = s.time("n-1", t1=0)
    claims = {"id": "t-n-1-0", "type": "time"}
    s.refused("time without a question", unasked, R.REPLAYED, claims)
    s.ask("asks", "n-1", at=5_000)
    s.refused(
        "another nonce", s.time("n-9", t1=5_000), R.REPLAYED, {"id": "t-n-9-5000", "type": "time"}, at=5_100
    )
    s.refused(
        "another t1", s.time("n-1", t1=5_001), R.REPLAYED, {"id": "t-n-1-5001", "type": "time"}, at=5_100
    )
    late = {"id": "t-n-1-5000", "type": "time"}
    s.refused("10,001 ms on its way", s.time("n-1", t1=5_000), R.EXPIRED, late, at=15_001)
    backwards = s.time("n-1", t1=5_000, t2=T0, t3=T0 + 101)
    s.refused("an answer before its question", backwards, R.EXPIRED, late, at=5_100)
    zone = envelope("time", "t-z") | {"nonce": "n-1", "t1": 5_000, "t2": T0, "t3": T0}
    s.refused("time for a zone", seal(zone, s.ring.set), R.WRONG_ADDRESS, zone, at=5_100)
    routine = s.time("n-1", t1=5_000, key=s.ring.routine)
    s.refused("time by a routine key", routine, R.UNKNOWN_KEY, late, at=5_100)
    s.accepted("10,000 ms on its way", s.time("n-1", t1=5_000), at=15_000, clock_ms=T0 + 5_000)
    s.refused("the same answer again", s.time("n-1", t1=5_000), R.REPLAYED, late, at=15_000)
    s.ask("asks again", "n-2", at=20_000)
    s.ask("and once more", "n-3", at=21_000)
    stale = {"id": "t-n-2-20000", "type": "time"}
    s.refused("the older question is closed", s.time("n-2", t1=20_000), R.REPLAYED, stale, at=21_100)
    s.accepted("a root key may tell", s.time("n-3", t1=21_000, key=s.ring.root), at=21_000, clock_ms=T0)
    return s.story()


def forgeries() -> CommandStory:
    """What is not signed by a known key, under that key's algorithm, is answered by its digest alone."""
    s = Scribe("forgeries")
    good = seal(play("p1"), s.ring.routine)
    cases = _misshapen(s, good) | _with_false_headers(s)
    at = 0
    for name, payload in cases.items():
        s.distrusted(name, payload, R.BAD_SIGNATURE, at=at)
        at += AGAIN_MS
    s.distrusted("unknown kid", seal(play("p1"), s.ring.stranger), R.UNKNOWN_KEY, at=at)
    s.distrusted("at the same moment: no answer", "x", R.BAD_SIGNATURE, at=at, answered=False)
    s.distrusted("9,999 ms later: no answer", "x", R.BAD_SIGNATURE, at=at + 9_999, answered=False)
    s.distrusted("10 s later: an answer", "x", R.BAD_SIGNATURE, at=at + AGAIN_MS)
    s.played("a true one is followed all the same", good, at=at + AGAIN_MS)
    s.played(
        "EdDSA is the same algorithm's older name", _seal_with(s.ring.routine, play("p3"), alg="EdDSA"), at=at
    )
    return s.story()


def _misshapen(s: Scribe, good: str) -> dict[str, str]:
    header, claims, signature = good.split(".")
    other = seal(play("p2"), s.ring.routine).split(".")
    return {
        "no bytes": "",
        "not a JWS": "play",
        "two parts": f"{header}.{claims}",
        "four parts": f"{good}.{signature}",
        "header not base64url": f"{{}}.{claims}.{signature}",
        "header not an object": f"{_b64(b'[]')}.{claims}.{signature}",
        "padding": f"{header}.{claims}.{signature}==",
        "well signed, 4,097 bytes long": _of_length(s.ring.routine, 4097),
        "claims of another command": f"{header}.{other[1]}.{signature}",
        "signature cut": f"{header}.{claims}.{signature[:-2]}",
        "no signature": f"{header}.{claims}.",
    }


def _with_false_headers(s: Scribe) -> dict[str, str]:
    """Signed, and yet not: what the header says would change who signed or how."""
    claims, routine, stranger = play("p1"), s.ring.routine, s.ring.stranger
    return {
        "another key under this kid": _seal_with(stranger, claims, kid=routine.kid),
        "alg none": _forge(routine, claims, b"", alg="none"),
        "alg HS256 with the public key": _hs256(routine, claims),
        "alg ES256": _seal_with(routine, claims, alg="ES256"),
        "alg Ed448": _seal_with(routine, claims, alg="Ed448"),
        "alg in small letters": _seal_with(routine, claims, alg="ed25519"),
        "its key in the header": _seal_with(stranger, claims, jwk=msgspec.to_builtins(stranger.public_jwk())),
        "a known key in the header": _seal_with(
            routine, claims, jwk=msgspec.to_builtins(routine.public_jwk())
        ),
        "jku": _seal_with(routine, claims, jku="https://hub.example/keys"),
        "x5u": _seal_with(routine, claims, x5u="https://hub.example/cert"),
        "x5c": _seal_with(routine, claims, x5c=["MIIB"]),
        "crit": _seal_with(routine, claims, crit=["exp"], exp=1),
        "b64": _seal_with(routine, claims, b64=False),
        "typ of another use": _seal_with(routine, claims, typ="JWT"),
    }


def key_ages() -> CommandStory:
    """A key counts from its nbf and until its exp, and only in an algorithm that the device knows."""
    ring, second = Ring(), T0 // 1000
    early, late, sm2 = SigningKey.generate(), SigningKey.generate(), SigningKey.generate()
    s = Scribe("keys have an age", ring=ring)
    records = (
        *s.enrolment.keys.keys,
        early.record((Use.ROUTINE,), exp=second + 1),
        late.record((Use.ROUTINE,), nbf=second + 1),
        structs.replace(sm2.record((Use.ROUTINE,)), alg="SM2"),
    )
    s.enrolment = _with_keys(s.enrolment, records)
    s.played("before the key's end", seal(play("p1"), early), at=999)
    s.distrusted("before the key's beginning", seal(play("p3"), late), R.UNKNOWN_KEY, at=999)
    s.distrusted("at the key's end", seal(play("p2"), early), R.UNKNOWN_KEY, at=1_000, answered=False)
    s.played("at the key's beginning", seal(play("p4"), late), at=1_000)
    s.distrusted("an algorithm of tomorrow", seal(play("p5"), sm2), R.BAD_SIGNATURE, at=30_000)
    return s.story()


def uses() -> CommandStory:
    """A key signs what it is enrolled for, and nothing else."""
    s = Scribe("each key for its use")
    routine, emergency = s.ring.routine, s.ring.emergency
    s.played("routine key, priority 223", seal(play("p1", priority=223), routine))
    s.played("emergency key, priority 224", seal(play("p2", priority=224), emergency))
    s.played("emergency key, priority 255", seal(play("p3", priority=255), emergency))
    denied = [
        ("routine key, priority 224", play("d1", priority=224), routine),
        ("emergency key, priority 223", play("d2", priority=223), emergency),
        ("stop key plays", play("d3"), s.ring.stop),
        ("set key plays", play("d4"), s.ring.set),
        ("root key plays", play("d5"), s.ring.root),
        ("routine key stops", envelope("stop", "d6") | {"run": None}, routine),
        ("emergency key stops", envelope("stop", "d7") | {"run": None}, emergency),
        ("routine key sets", envelope("set", "d8") | {"volume": 10}, routine),
        ("set key tells keys", envelope("keys", "d9") | {"rev": 9, "keys": []}, s.ring.set),
        ("root key stops", envelope("stop", "d10") | {"run": None}, s.ring.root),
        ("stop key asks for a report", envelope("report", "d11"), s.ring.stop),
    ]
    for name, claims, key in denied:
        s.refused(name, seal(claims, key), R.UNKNOWN_KEY, claims)
    s.accepted("routine key asks for a report", seal(envelope("report", "a1"), routine))
    s.accepted("routine key asks for a test", seal(envelope("selftest", "a2"), routine))
    s.accepted("set key asks for a report", seal(envelope("report", "a3"), s.ring.set))
    s.accepted("stop key stops", seal(envelope("stop", "a4", seq=T0 + 1) | {"run": None}, s.ring.stop))
    return s.story()


def addresses() -> CommandStory:
    """The address that counts is the signed one."""
    s = Scribe("for whom it is signed")
    s.played("for the device", seal(play("p1", for_=DEVICE), s.ring.routine))
    s.played("for its village", seal(play("p2", for_=VILLAGE), s.ring.routine))
    s.played("for its town", seal(play("p3", for_=TOWN), s.ring.routine))
    for where in ("990121100202", "ls-8", "g-squares", "990121000000"):
        claims = play(f"x-{where}", for_=where)
        s.refused(f"for {where}", seal(claims, s.ring.routine), R.WRONG_ADDRESS, claims)
    return s.story()


def understanding() -> CommandStory:
    """Well signed and not understood: named by its id when it has one."""
    s = Scribe("not understood")
    broken = [
        ("a type of tomorrow", envelope("firmware", "u1")),
        ("no type", {name: value for name, value in envelope("play", "u2").items() if name != "type"}),
        ("a play without audio", play("u3", audio=[])),
        ("seven pieces of audio", play("u4", audio=[play("x")["audio"]] * 7)),
        ("priority 256", play("u5", priority=256)),
        ("repeat 0", play("u6", repeat=0)),
        ("volume below zero", play("u7", volume=-1)),
        ("201 characters of text", play("u8", text="字" * 201)),
        ("a short hash", play("u9", audio=[{"url": "/a/x", "sha256": "5", "bytes": 1, "ms": 1}])),
        ("seq 0", play("u10", seq=0)),
        ("exp missing", {name: value for name, value in play("u11").items() if name != "exp"}),
        ("stop without run", envelope("stop", "u12")),
    ]
    for name, claims in broken:
        named = {"id": claims["id"], "type": "unknown"}
        s.refused(name, seal(claims, s.ring.routine), R.UNSUPPORTED, named)
    s.distrusted("claims that are no JSON", _seal_bytes(s.ring.routine, b"play"), R.UNSUPPORTED, at=0)
    s.distrusted("claims without an id", seal({"type": "play"}, s.ring.routine), R.UNSUPPORTED, at=AGAIN_MS)
    s.played("200 characters of text", seal(play("p1", text="字" * 200), s.ring.routine))
    s.played("unknown fields are ignored", seal(play("p2", colour="red"), s.ring.routine))
    return s.story()


def _with_keys(enrolment: Enrolment, records: tuple[KeyRecord, ...]) -> Enrolment:
    return structs.replace(enrolment, keys=KeySet(rev=1, keys=records))


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _signing_input(key: SigningKey, claims: bytes, **header: object) -> str:
    full = {"alg": "Ed25519", "kid": key.kid, "typ": "xy-cmd+jws"} | header
    return f"{_b64(msgspec.json.encode(full))}.{_b64(claims)}"


def _seal_bytes(key: SigningKey, claims: bytes, **header: object) -> str:
    """Sign with any header, right or wrong: the library would not."""
    start = _signing_input(key, claims, **header)
    return f"{start}.{_b64(JWSRegistry.algorithms['Ed25519'].sign(start.encode(), key.jose))}"


def _seal_with(key: SigningKey, claims: dict[str, object], **header: object) -> str:
    return _seal_bytes(key, msgspec.json.encode(claims), **header)


def _of_length(key: SigningKey, length: int) -> str:
    """A good play, filled up with fields that nobody reads (some lengths base64url cannot have)."""
    for header_fill in range(4):
        for fill in range(2000, 3000):
            claims = play("p-long", fill="x" * fill)
            sealed = _seal_with(key, claims, fill="x" * header_fill)
            if len(sealed) >= length:
                break
        if len(sealed) == length:
            return sealed
    raise ValueError(f"no token has {length} characters")


def _forge(key: SigningKey, claims: dict[str, object], signature: bytes, **header: object) -> str:
    return f"{_signing_input(key, msgspec.json.encode(claims), **header)}.{_b64(signature)}"


def _hs256(key: SigningKey, claims: dict[str, object]) -> str:
    """The old confusion: the public key used as the secret of an HMAC."""
    start = _signing_input(key, msgspec.json.encode(claims), alg="HS256")
    secret = (key.public_jwk().x or "").encode()
    return f"{start}.{_b64(hmac.new(secret, start.encode(), hashlib.sha256).digest())}"
