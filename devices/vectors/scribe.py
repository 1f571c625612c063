"""Writes command stories: real keys drawn for the occasion, real signatures, expectations set by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec
from msgspec import Raw, structs

from devices import jws
from devices.commands import AudioRef
from devices.enrolment import Enrolment, Limits
from devices.errors import RefusalReason
from devices.keys import KeySet, SigningKey, Use
from devices.vectors import CommandStory, Step

T0: Final = 1_790_000_000_000
"""2026-09-21, 22:13:20 in China: the moment at which every story has its clock set."""

DEVICE: Final = "ls-7"
VILLAGE: Final = "990121100201"
TOWN: Final = "990121100000"
BASE: Final = "https://hub.example/a/"
PIECE: Final = AudioRef(url="/a/" + "5" * 64, sha256="5" * 64, bytes=480_000, ms=30_000)

Claims = Mapping[str, object]


@dataclass(frozen=True)
class Ring:
    """The keys of a story. Only their public halves ever leave it."""

    root: SigningKey = field(default_factory=SigningKey.generate)
    routine: SigningKey = field(default_factory=SigningKey.generate)
    emergency: SigningKey = field(default_factory=SigningKey.generate)
    stop: SigningKey = field(default_factory=SigningKey.generate)
    set: SigningKey = field(default_factory=SigningKey.generate)
    stranger: SigningKey = field(default_factory=SigningKey.generate)

    def key_set(self, rev: int = 1) -> KeySet:
        """The list that the story's device is enrolled with."""
        keys = (
            self.routine.record((Use.ROUTINE,)),
            self.emergency.record((Use.EMERGENCY,)),
            self.stop.record((Use.STOP,)),
            self.set.record((Use.SET,)),
        )
        return KeySet(rev=rev, keys=keys)


class Scribe:
    """One story in the making. `at` is milliseconds since T0; before the clock is set the wall is unknown."""

    def __init__(
        self, name: str, *, ring: Ring | None = None, limits: Limits | None = None, ready: bool = True
    ) -> None:
        self.name = name
        self.ring = ring or Ring()
        self.enrolment = Enrolment(
            id=DEVICE,
            zones=(VILLAGE, TOWN),
            audio_bases=(BASE,),
            root_keys=(self.ring.root.public_jwk(),),
            keys=self.ring.key_set(),
            limits=limits or Limits(),
        )
        self.steps: list[Step] = []
        self.has_clock = False
        if ready:
            self.ask("asks for time", "n-0", at=0)
            self.accepted("is told the time", self.time("n-0", t1=0), clock_ms=T0)
            self.has_clock = True

    def story(self) -> CommandStory:
        """The finished story."""
        return CommandStory(name=self.name, enrolment=self.enrolment, steps=tuple(self.steps))

    def ask(self, name: str, nonce: str, *, at: int) -> None:
        """The device asks for time."""
        self._add(Step(name=name, mono_ms=at, wall_ms=self._wall(at), ask=nonce))

    def accepted(
        self,
        name: str,
        payload: str,
        *,
        at: int = 0,
        volume: int | None = None,
        known_run: bool = False,
        clock_ms: int | None = None,
    ) -> None:
        """The bytes come and are followed."""
        step = Step(name=name, mono_ms=at, wall_ms=self._wall(at), payload=payload, verdict="accepted")
        self._add(structs.replace(step, volume=volume, known_run=known_run, clock_ms=clock_ms))

    def played(
        self, name: str, payload: str, *, at: int = 0, volume: int = 60, known_run: bool = False
    ) -> None:
        """A play comes and is followed at that volume."""
        self.accepted(name, payload, at=at, volume=volume, known_run=known_run)

    def copy(self, name: str, payload: str, *, at: int = 0) -> None:
        """The bytes come again and are only answered."""
        self._add(Step(name=name, mono_ms=at, wall_ms=self._wall(at), payload=payload, verdict="copy"))

    def refused(self, name: str, payload: str, reason: RefusalReason, claims: Claims, *, at: int = 0) -> None:
        """A well-signed command is refused: a receipt if it has a run to play, else an ack by its id."""
        answer: dict[str, object] = {"id": claims["id"], "state": "refused", "reason": reason}
        if claims["type"] in ("play", "live"):
            answer = {"run": claims["run"], "command": claims["id"], "state": "refused", "reason": reason}
            if self._wall(at) is not None:
                answer["at"] = self._wall(at)
        self._refuse(name, payload, reason, answer, at)

    def distrusted(
        self, name: str, payload: str, reason: RefusalReason, *, at: int, answered: bool = True
    ) -> None:
        """Bytes are refused that cannot be trusted: answered by their digest, or not at all."""
        digest = hashlib.sha256(payload.encode()).hexdigest()
        answer = {"id": None, "state": "refused", "reason": reason, "digest": digest}
        self._refuse(name, payload, reason, answer if answered else None, at)

    def time(self, nonce: str, *, t1: int, t2: int = T0, t3: int = T0, key: SigningKey | None = None) -> str:
        """An answer to a question for time."""
        claims = envelope("time", f"t-{nonce}-{t1}", for_=DEVICE) | {
            "nonce": nonce,
            "t1": t1,
            "t2": t2,
            "t3": t3,
        }
        return seal(claims, key or self.ring.set)

    def _refuse(self, name: str, payload: str, reason: RefusalReason, answer: object, at: int) -> None:
        step = Step(name=name, mono_ms=at, wall_ms=self._wall(at), payload=payload, verdict="refused")
        self._add(structs.replace(step, reason=reason, answer=Raw(msgspec.json.encode(answer))))

    def _wall(self, at: int) -> int | None:
        return T0 + at if self.has_clock else None

    def _add(self, step: Step) -> None:
        self.steps.append(step)


def envelope(kind: str, name: str, *, for_: str = VILLAGE, seq: int = T0) -> dict[str, object]:
    """The claims that every command has, good for ten minutes around T0."""
    second = T0 // 1000
    return {
        "id": name,
        "type": kind,
        "for": for_,
        "seq": seq,
        "iat": second,
        "nbf": second,
        "exp": second + 600,
    }


def play(name: str, **changed: object) -> dict[str, object]:
    """A routine play of 30 s at volume 60, at once; `for_` names its address."""
    for_ = changed.pop("for_", VILLAGE)
    claims = envelope("play", name, for_=str(for_)) | {
        "broadcast": "b-1",
        "run": f"r-{name}",
        "priority": 100,
        "volume": 60,
        "repeat": 1,
        "audio": [msgspec.to_builtins(PIECE)],
        "start_at": T0,
        "text": "今晚停水",
        "drill": False,
    }
    return claims | changed


def seal(claims: Claims, key: SigningKey) -> str:
    """Sign claims as they are, right or wrong."""
    return jws.seal(msgspec.json.encode(claims), key)
