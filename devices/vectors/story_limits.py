"""Stories of the limits in the device: volume, quiet hours, minutes, emergencies, and where audio may lie."""

from __future__ import annotations

from typing import Final

from devices.enrolment import Limits, QuietHours
from devices.errors import RefusalReason as R
from devices.vectors import CommandStory
from devices.vectors.scribe import BASE, T0, TOWN, VILLAGE, Scribe, envelope, play, seal

MINUTE_MS: Final = 60_000
# T0 is 22:13:20 in China; quiet hours begin at 22:20 there.
UNTIL_QUIET_MS: Final = 400_000


def limits() -> CommandStory:
    """A volume above the limit is lowered, never a reason for silence."""
    s = Scribe("volume", limits=Limits(volume=70, emergency_volume=90))
    s.played("below the limit", seal(play("p1", volume=69), s.ring.routine), volume=69)
    s.played("above the limit", seal(play("p2", volume=71), s.ring.routine), volume=70)
    s.played("above what there is", seal(play("p3", volume=150), s.ring.routine), volume=70)
    s.played("silent", seal(play("p4", volume=0), s.ring.routine), volume=0)
    loud = seal(play("p5", volume=100, priority=224), s.ring.emergency)
    s.played("an emergency has a cap of its own", loud, volume=90)
    return s.story()


def quiet_hours() -> CommandStory:
    """Routine sound keeps out of quiet hours from its first to its last moment; emergencies do not."""
    quiet = (QuietHours(from_="22:20", until="06:30"), QuietHours(from_="12:00", until="14:00"))
    s = Scribe("quiet hours", limits=Limits(quiet=quiet))
    s.played("over in time", seal(play("p1", start_at=T0 + UNTIL_QUIET_MS - 30_000), s.ring.routine))
    into = play("p2", start_at=T0 + UNTIL_QUIET_MS - 29_999)
    s.refused("a moment too long", seal(into, s.ring.routine), R.LIMIT, into)
    at = UNTIL_QUIET_MS
    within = play("p3")
    s.refused("in quiet hours", seal(within, s.ring.routine), R.LIMIT, within, at=at)
    s.played("an emergency in quiet hours", seal(play("p4", priority=224), s.ring.emergency), at=at)
    stop = envelope("stop", "s1", for_=TOWN) | {"run": None}
    s.accepted("a stop in quiet hours", seal(stop, s.ring.stop), at=at)
    morning = (8 * 60 + 16) * MINUTE_MS + 40_000  # 06:30 the next day
    exp = T0 // 1000 + 80_000
    dawn = play("p5", start_at=T0 + morning - 1, exp=exp)
    s.refused("a moment before they end", seal(dawn, s.ring.routine), R.LIMIT, dawn)
    s.played("as they end", seal(play("p6", start_at=T0 + morning, exp=exp), s.ring.routine))
    noon = play("p7", start_at=T0 + morning + 6 * 60 * MINUTE_MS, exp=exp)
    s.refused("in the other stretch", seal(noon, s.ring.routine), R.LIMIT, noon)
    return s.story()


def minutes() -> CommandStory:
    """A day's allowance is set aside when a run is taken on, once per run."""
    s = Scribe("minutes a day", limits=Limits(minutes_a_day=1))
    s.played("30 of 60 seconds", seal(play("p1", run="r-1"), s.ring.routine))
    again = seal(play("p2", run="r-1", for_=TOWN), s.ring.routine)
    s.played("the same run costs nothing", again, known_run=True)
    long = play("p3", repeat=2)
    s.refused("60 more are too many", seal(long, s.ring.routine), R.LIMIT, long)
    s.played("30 more just fit", seal(play("p4"), s.ring.routine))
    more = play("p5")
    s.refused("the day is spent", seal(more, s.ring.routine), R.LIMIT, more)
    emergency = seal(play("p6", priority=224, repeat=20), s.ring.emergency)
    s.played("emergencies are not bound by it", emergency)
    midnight = T0 + (106 * 60 + 40) * 1000  # 24:00 in China
    exp = T0 // 1000 + 80_000
    s.played("tomorrow is another day", seal(play("p7", start_at=midnight, exp=exp), s.ring.routine))
    s.played("and holds 30 seconds more", seal(play("p8", start_at=midnight, exp=exp), s.ring.routine))
    tomorrow = play("p9", start_at=midnight, exp=exp)
    s.refused("not 60", seal(tomorrow, s.ring.routine), R.LIMIT, tomorrow)
    return s.story()


def emergencies() -> CommandStory:
    """Emergencies have an allowance of their own, which routine does not touch."""
    s = Scribe("a cap for emergencies", limits=Limits(minutes_a_day=1, emergency_minutes_a_day=2))
    s.played("routine", seal(play("p1", repeat=2), s.ring.routine))
    s.played("90 of 120 seconds", seal(play("p2", priority=255, repeat=3), s.ring.emergency))
    more = play("p3", priority=255, repeat=2)
    s.refused("60 more are too many", seal(more, s.ring.emergency), R.LIMIT, more)
    s.played("30 more just fit", seal(play("p4", priority=224), s.ring.emergency))
    return s.story()


def where_audio_lies() -> CommandStory:
    """Audio lies under an enrolled base, whatever its address pretends."""
    s = Scribe("where audio lies")
    name = "5" * 64
    for number, url in enumerate((f"/a/{name}", name, f"{BASE}{name}", f"https://hub.example:443/a/{name}")):
        s.played(f"inside: {url}", seal(_play_from(f"p{number}", url), s.ring.routine))
    outside = (
        "/b/x",
        "/a",
        "/a/",
        "/ab/x",
        "../b/x",
        "/a/../b/x",
        "/a/%2e%2e/b/x",
        "/a/%252e%252e/b/x",
        "/a/..%5cb",
        "\\\\evil.example\\a\\x",
        "//evil.example/a/x",
        "http://hub.example/a/x",
        "https://hub.example:8443/a/x",
        "https://hub.example@evil.example/a/x",
        "https://user@hub.example/a/x",
        "https://hub.example.evil.example/a/x",
        "file:///a/x",
        "https://hub.example:port/a/x",
        "https://[hub.example/a/x",
        "/a/x#fragment",
    )
    for number, url in enumerate(outside):
        claims = _play_from(f"o{number}", url)
        s.refused(f"outside: {url}", seal(claims, s.ring.routine), R.FETCH_FAILED, claims)
    return s.story()


def settings() -> CommandStory:
    """`set` changes zones, bases and volume; the enrolment's limits stay above it."""
    s = Scribe("settings", limits=Limits(volume=80))
    quieter = envelope("set", "e1", seq=T0) | {"volume": 50}
    s.accepted("quieter", seal(quieter, s.ring.set))
    s.played("and so it is", seal(play("p1"), s.ring.routine), volume=50)
    s.played("not for emergencies", seal(play("p2", priority=224), s.ring.emergency), volume=60)
    louder = envelope("set", "e2", seq=T0 + 1) | {"volume": 100}
    s.accepted("louder than allowed", seal(louder, s.ring.set))
    s.played("is as loud as allowed", seal(play("p3", volume=100), s.ring.routine), volume=80)
    moved = envelope("set", "e3", seq=T0 + 2) | {"zones": ["g-squares", TOWN]}
    s.accepted("other zones", seal(moved, s.ring.set))
    s.played("the new zone", seal(play("p4", for_="g-squares"), s.ring.routine))
    old = play("p5", for_=VILLAGE)
    s.refused("the old zone", seal(old, s.ring.routine), R.WRONG_ADDRESS, old)
    rebased = envelope("set", "e4", for_=TOWN) | {"bases": ["https://new.example/a/"]}
    s.accepted("other bases", seal(rebased, s.ring.set))
    s.played("the new base", seal(_play_from("p6", "https://new.example/a/x"), s.ring.routine))
    gone = _play_from("p7", f"{BASE}x")
    s.refused("the old base", seal(gone, s.ring.routine), R.FETCH_FAILED, gone)
    nowhere = envelope("set", "e5", for_=TOWN, seq=T0 + 3) | {"zones": ["squares"]}
    s.refused("a zone that is none", seal(nowhere, s.ring.set), R.UNSUPPORTED, nowhere)
    return s.story()


def _play_from(name: str, url: str) -> dict[str, object]:
    audio = [{"url": url, "sha256": "5" * 64, "bytes": 480_000, "ms": 30_000}]
    return play(name, audio=audio, for_=TOWN)
