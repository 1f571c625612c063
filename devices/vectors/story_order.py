"""Stories of order: copies, replays, lifetimes, stops, key lists, and runs that come twice."""

from __future__ import annotations

from typing import Final

import msgspec

from devices.errors import RefusalReason as R
from devices.keys import KeyRecord, KeySet, SigningKey, Use
from devices.vectors import CommandStory
from devices.vectors.scribe import DEVICE, PIECE, T0, TOWN, VILLAGE, Claims, Scribe, envelope, play, seal

SECOND: Final = T0 // 1000
DAY_S: Final = 86_400


def copies() -> CommandStory:
    """What was accepted is answered again and not done again; what was refused may still come."""
    s = Scribe("copies")
    first = seal(play("p1"), s.ring.routine)
    s.played("a play", first)
    s.copy("its copy", first)
    s.copy("its copy after it has expired", first, at=700_000)
    altered = play("p1", volume=61)
    s.refused("its id with other claims", seal(altered, s.ring.routine), R.REPLAYED, altered)
    early = play("p2", nbf=SECOND + 100)
    s.refused("a play too early", seal(early, s.ring.routine), R.NOT_YET, early)
    s.played("the same in time", seal(early, s.ring.routine), at=40_000)
    s.copy("and its copy", seal(early, s.ring.routine), at=40_000)
    return s.story()


def order() -> CommandStory:
    """More than 60,000 below the highest accepted seq of a key at an address is refused."""
    s = Scribe("order")
    s.played("the highest", seal(play("p1", seq=T0 + 60_000), s.ring.routine))
    s.played("60,000 below", seal(play("p2", seq=T0), s.ring.routine))
    old = play("p3", seq=T0 - 1)
    s.refused("60,001 below", seal(old, s.ring.routine), R.REPLAYED, old)
    s.played("another key has its own", seal(play("p4", seq=T0 - 1, priority=224), s.ring.emergency))
    s.played("another address has its own", seal(play("p5", seq=T0 - 1, for_=TOWN), s.ring.routine))
    refused = play("p6", seq=T0 + 900_000, iat=SECOND - 9, exp=SECOND)
    s.refused("what is refused moves nothing", seal(refused, s.ring.routine), R.EXPIRED, refused)
    s.played("so this may still come", seal(play("p7", seq=T0 + 1), s.ring.routine))
    return s.story()


def life() -> CommandStory:
    """A command starts before its exp, after its nbf (a minute's grace), and lives a day (8 for plan, cache)."""
    s = Scribe("life")
    s.played("a moment before exp", seal(play("p1"), s.ring.routine), at=599_999)
    late = play("p2")
    s.refused("at exp", seal(late, s.ring.routine), R.EXPIRED, late, at=600_000)
    s.played("nbf a minute ahead", seal(play("p3", nbf=SECOND + 60), s.ring.routine))
    early = play("p4", nbf=SECOND + 61)
    s.refused("nbf 61 seconds ahead", seal(early, s.ring.routine), R.NOT_YET, early)
    s.played("without nbf", seal(_without(play("p5"), "nbf"), s.ring.routine))
    s.played("24 hours", seal(play("p6", exp=SECOND + DAY_S), s.ring.routine))
    s.accepted("a cache for 8 days", seal(_cache("c1", exp=SECOND + 8 * DAY_S), s.ring.emergency))
    s.accepted("a plan for 8 days", seal(_plan("c2", exp=SECOND + 8 * DAY_S), s.ring.routine))
    wrong = [
        ("24 hours and a second", play("w1", exp=SECOND + DAY_S + 1)),
        ("a cache for 8 days and a second", _cache("w2", exp=SECOND + 8 * DAY_S + 1)),
        ("exp at iat", play("w3", exp=SECOND)),
        ("start after exp", play("w4", start_at=T0 + 600_001)),
        ("a plan that ends before it begins", _plan("w5", until=T0)),
    ]
    for name, claims in wrong:
        s.refused(name, seal(claims, s.ring.routine), R.UNSUPPORTED, claims)
    return s.story()


def stops() -> CommandStory:
    """A stop voids what was signed before it at its address: one run, or all."""
    s = Scribe("stops")
    s.played("a play", seal(play("p1", seq=T0), s.ring.routine))
    s.accepted("a stop of all", _stop(s, "s1", seq=T0 + 100))
    before = play("p2", seq=T0 + 99)
    s.refused("signed before the stop", seal(before, s.ring.routine), R.REPLAYED, before)
    emergency = play("p3", seq=T0 + 99, priority=224)
    s.refused("by another key before the stop", seal(emergency, s.ring.emergency), R.REPLAYED, emergency)
    s.played("signed with it", seal(play("p4", seq=T0 + 100), s.ring.routine))
    s.played("before it at another address", seal(play("p5", seq=T0 + 99, for_=TOWN), s.ring.routine))
    s.copy("the stop's copy", _stop(s, "s1", seq=T0 + 100))
    s.accepted("a stop of one run", _stop(s, "s2", seq=T0 + 300, run="r-p6"))
    stopped = play("p6", seq=T0 + 200)
    s.refused("that run, signed before", seal(stopped, s.ring.routine), R.REPLAYED, stopped)
    s.played("another run, signed before", seal(play("p7", seq=T0 + 200), s.ring.routine))
    s.played("that run, signed after", seal(play("p6b", seq=T0 + 301, run="r-p6"), s.ring.routine))
    s.accepted("nbf does not hold a stop back", _stop(s, "s3", seq=T0 + 400, nbf=SECOND + 500))
    expired = envelope("stop", "s4", seq=T0 + 500) | {"run": None}
    s.refused("an expired stop", seal(expired, s.ring.stop), R.EXPIRED, expired, at=600_000)
    setting = envelope("set", "e1", seq=T0 + 399) | {"volume": 40}
    s.refused("a set of before is void too", seal(setting, s.ring.set), R.REPLAYED, setting)
    s.accepted("a key list is not", _keys(s, "k1", s.ring.key_set(2), seq=T0 + 399))
    return s.story()


def stops_without_clock() -> CommandStory:
    """A stop is obeyed by a device that knows no time, and still holds when it does."""
    s = Scribe("a stop needs no clock", ready=False)
    s.accepted("a stop at once", _stop(s, "s1", seq=T0 + 100))
    s.ask("asks for time", "n-1", at=0)
    s.accepted("is told", s.time("n-1", t1=0), clock_ms=T0)
    s.has_clock = True
    before = play("p1", seq=T0 + 99)
    s.refused("what it stopped stays stopped", seal(before, s.ring.routine), R.REPLAYED, before)
    return s.story()


def key_lists() -> CommandStory:
    """A root key says which keys count from now on."""
    s = Scribe("key lists", ready=False)
    fresh = SigningKey.generate()
    second = KeySet(rev=2, keys=(fresh.record((Use.ROUTINE, Use.SET)),))
    s.accepted("a list needs no clock", _keys(s, "k1", second))
    s.ask("asks for time", "n-1", at=0)
    s.distrusted("the old set key is gone", s.time("n-1", t1=0), R.UNKNOWN_KEY, at=0)
    s.accepted("the new one tells the time", s.time("n-1", t1=0, key=fresh), clock_ms=T0)
    s.has_clock = True
    s.played("and plays", seal(play("p1"), fresh))
    s.distrusted("the old routine key is gone", seal(play("p2"), s.ring.routine), R.UNKNOWN_KEY, at=20_000)
    back = _key_claims("k2", s.ring.key_set(1), seq=T0 + 1)
    s.refused("a lower rev", seal(back, s.ring.root), R.REPLAYED, back)
    s.accepted("the same rev, signed anew", _keys(s, "k3", second, seq=T0 + 2))
    forged = _key_claims("k4", s.ring.key_set(9), seq=T0 + 3)
    s.refused("a list by a key of the list", seal(forged, fresh), R.UNKNOWN_KEY, forged)
    s.accepted("a line of tomorrow is passed over", _keys(s, "k5", _with_tomorrow(second), seq=T0 + 4))
    s.played("the others count", seal(play("p3"), fresh))
    late = _key_claims("k6", second, seq=T0 + 5)
    s.refused("an expired list", seal(late, s.ring.root), R.EXPIRED, late, at=600_000)
    old = _keys(s, "k7", KeySet(rev=4, keys=second.keys), for_=TOWN, seq=T0 - 3_600_000)
    s.accepted("a revocation signed an hour before the device woke", old)
    return s.story()


def runs() -> CommandStory:
    """A run plays once per device, whichever zone brought it."""
    s = Scribe("one run, many zones")
    s.played("from the village", seal(play("p1", run="r-1"), s.ring.routine))
    s.played("from the town", seal(play("p2", run="r-1", for_=TOWN), s.ring.routine), known_run=True)
    s.played("to the device", seal(play("p3", run="r-1", for_=DEVICE), s.ring.routine), known_run=True)
    s.played("another run", seal(play("p4", run="r-2"), s.ring.routine))
    return s.story()


def _stop(s: Scribe, name: str, *, seq: int, run: str | None = None, nbf: int = SECOND) -> str:
    claims = envelope("stop", name, for_=VILLAGE, seq=seq) | {"run": run, "nbf": nbf}
    return seal(claims, s.ring.stop)


def _key_claims(name: str, keys: KeySet, *, seq: int = T0, for_: str = DEVICE) -> Claims:
    listed = {"rev": keys.rev, "keys": msgspec.to_builtins(keys.keys)}
    return envelope("keys", name, for_=for_, seq=seq) | listed


def _keys(s: Scribe, name: str, keys: KeySet, *, seq: int = T0, for_: str = DEVICE) -> str:
    return seal(_key_claims(name, keys, seq=seq, for_=for_), s.ring.root)


def _with_tomorrow(keys: KeySet) -> KeySet:
    """A list with a key of an algorithm and a use that no device knows yet."""
    line = {
        "kid": "k-sm2",
        "alg": "SM2",
        "jwk": {"kty": "EC", "crv": "SM2", "x": "AA", "y": "AA"},
        "use": ["audit"],
    }
    return KeySet(rev=keys.rev + 1, keys=(*keys.keys, msgspec.convert(line, KeyRecord)))


def _cache(name: str, **changed: object) -> Claims:
    piece = msgspec.to_builtins(PIECE)
    return envelope("cache", name) | {"audio": [piece], "keep_until": T0 + 30 * DAY_S * 1000} | changed


def _plan(name: str, **changed: object) -> Claims:
    document = {"rev": 1, "url": PIECE.url, "sha256": PIECE.sha256, "bytes": 900, "from": T0}
    return envelope("plan", name) | document | {"until": T0 + 7 * DAY_S * 1000} | changed


def _without(claims: dict[str, object], name: str) -> dict[str, object]:
    return {key: value for key, value in claims.items() if key != name}
