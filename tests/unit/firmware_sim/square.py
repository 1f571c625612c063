"""A village square with one loudspeaker: a hub that signs, a clock moved by hand, audio that arrives when told."""

import hashlib
import itertools
from random import Random
from typing import TypeVar

from devices import codec, topics
from devices.commands import AudioRef, Command, PlayCommand, StopCommand, TimeCommand, sign
from devices.enrolment import Enrolment, Limits
from devices.errors import RefusalReason
from devices.keys import KeySet, SigningKey, Use
from devices.messages import Ack, Receipt, Status, TimeRequest
from firmware_sim.effects import Effect, Fetch, Fetched, Moment, Publish, Save, StartSound, StopSound
from firmware_sim.gauge import Gauge
from firmware_sim.loudspeaker import Loudspeaker
from firmware_sim.vitals import About, Vitals

DEVICE = "ls-0001"
VILLAGE = "990421101201"
COUNTY = "990421000000"
BASE = "http://hub/a/"
TRUE_MS = 1_767_225_600_000  # what the hub's clock says when the tests' running clock stands at 0

ROOT, DESK = SigningKey.generate(), SigningKey.generate()
KEYS = KeySet(rev=1, keys=(DESK.record(tuple(Use)),))

E = TypeVar("E")


def piece(name: str = "morning", ms: int = 10_000) -> AudioRef:
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    return AudioRef(url=f"{BASE}{sha256}", sha256=sha256, bytes=1_000, ms=ms)


class Square:
    """Holds the loudspeaker and all that it asked for, with the second it came at."""

    def __init__(
        self, kept: bytes | None = None, mono_ms: int = 0, limits: Limits | None = None,
        seqs: "itertools.count[int] | None" = None,
    ) -> None:  # fmt: skip
        self.now = Moment(mono_ms, None)
        self.log: list[tuple[float, Effect]] = []
        self.seqs = seqs or itertools.count(TRUE_MS)
        gauge = Gauge(DEVICE, Random(1), self.now, mains=True)
        vitals = Vitals(About(DEVICE, "horn", "boot-1", 86_400), gauge, mono_ms + 7 * 86_400_000)
        enrolment = Enrolment(
            id=DEVICE, zones=(VILLAGE, COUNTY), audio_bases=(BASE,), root_keys=(ROOT.public_jwk(),),
            keys=KEYS, limits=limits or Limits(),
        )  # fmt: skip
        self.loudspeaker = Loudspeaker(enrolment, vitals, self.now, kept)

    @property
    def true_ms(self) -> int:
        return TRUE_MS + self.now.mono_ms

    def connect(self) -> None:
        self.loudspeaker.last_will("session-1")
        self._note(self.loudspeaker.connected(self.now))

    def awake(self) -> "Square":
        """Connected, and told the time."""
        self.connect()
        self.tell_time()
        return self

    def tell_time(self) -> None:
        question = self.questions()[-1]
        self.order(
            TimeCommand(
                id=f"time-{question.nonce}", for_=DEVICE, seq=next(self.seqs), iat=self.true_ms // 1_000,
                exp=self.true_ms // 1_000 + 60, nonce=question.nonce, t1=question.t1,
                t2=self.true_ms, t3=self.true_ms,
            )
        )  # fmt: skip

    def play(
        self, run: str, *, priority: int = 100, in_s: int = 0, within_s: int = 3_600, zone: str = VILLAGE,
        audio: tuple[AudioRef, ...] | None = None, volume: int = 80, id_: str | None = None,
    ) -> str:  # fmt: skip
        """Order a run; returns the bytes, for a copy."""
        now_s = self.true_ms // 1_000
        return self.order(
            PlayCommand(
                id=id_ or f"play-{run}-{zone}", for_=zone, seq=next(self.seqs), iat=now_s,
                exp=now_s + within_s, broadcast="b-1", run=run, priority=priority, volume=volume,
                audio=audio or (piece(run),), start_at=self.true_ms + in_s * 1_000,
            )
        )  # fmt: skip

    def stop(self, run: str | None = None, zone: str = VILLAGE) -> str:
        now_s = self.true_ms // 1_000
        seq = next(self.seqs)
        return self.order(
            StopCommand(id=f"stop-{seq}", for_=zone, seq=seq, iat=now_s, exp=now_s + 600, run=run)
        )

    def order(self, command: Command) -> str:
        """Sign a command and bring it; a time command is signed by the desk's key as well."""
        text = sign(command, DESK)
        self.bring(text)
        return text

    def bring(self, text: str | bytes, topic: str = topics.command(DEVICE)) -> None:
        payload = text.encode() if isinstance(text, str) else text
        self._note(self.loudspeaker.received(topic, payload, self.now))

    def deliver(self, *names: str, reason: RefusalReason | None = None) -> None:
        """End the fetches of these pieces."""
        for name in names:
            self._note(self.loudspeaker.fetched(Fetched(piece(name).sha256, reason), self.now))

    def run(self, seconds: float) -> None:
        end_ms = self.now.mono_ms + int(seconds * 1_000)
        while (due_ms := self.loudspeaker.next_ms()) <= end_ms:
            self.now = self.now.later(max(0, due_ms - self.now.mono_ms))
            self._note(self.loudspeaker.tick(self.now))
        self.now = self.now.later(end_ms - self.now.mono_ms)

    def power_cut(self) -> "Square":
        """The same loudspeaker after a restart: its flash, another running clock's reading of the same day."""
        return Square(self.flash(), self.now.mono_ms, seqs=self.seqs)

    def _note(self, effects: list[Effect]) -> None:
        self.log += [(self.now.mono_ms / 1_000, effect) for effect in effects]

    def all_of(self, kind: type[E]) -> list[E]:
        return [effect for _, effect in self.log if isinstance(effect, kind)]

    @property
    def has_saved(self) -> bool:
        return bool(self.all_of(Save))

    def flash(self) -> bytes:
        return self.all_of(Save)[-1].state

    def _sent(self, topic: str) -> list[bytes]:
        return [sent.payload for sent in self.all_of(Publish) if sent.topic == topic]

    def receipts(self) -> list[Receipt]:
        return [codec.decode_receipt(payload) for payload in self._sent(topics.receipt(DEVICE))]

    def told(self) -> list[str]:
        """The receipts in short: `run state`, with the reason of a refusal."""
        return [
            f"{each.run} {each.state}" + (f" {each.reason}" if each.reason else "")
            for each in self.receipts()
        ]

    def acks(self) -> list[Ack]:
        return [codec.decode_ack(payload) for payload in self._sent(topics.ack(DEVICE))]

    def status(self) -> Status:
        return codec.decode_status(self._sent(topics.status(DEVICE))[-1])

    def questions(self) -> list[TimeRequest]:
        return [codec.decode_time_request(payload) for payload in self._sent(topics.time(DEVICE))]

    def fetches(self) -> list[str]:
        return [fetch.sha256 for fetch in self.all_of(Fetch)]

    def sound(self) -> list[tuple[float, str]]:
        """When sound began and ended: (second, "+run") and (second, "-run")."""
        return [
            (second, f"+{effect.run}" if isinstance(effect, StartSound) else f"-{effect.run}")
            for second, effect in self.log
            if isinstance(effect, StartSound | StopSound)
        ]
