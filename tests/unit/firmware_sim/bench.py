"""A test bench for one simulated button: a clock moved by hand, and a record of all that it asked for."""

from collections.abc import Iterator
from random import Random
from typing import TypeVar

from devices import codec, topics
from devices.messages import Ask, PressKind, Reply, ReplyState
from firmware_sim.button import Button, Panel
from firmware_sim.effects import AskReply, Effect, Moment, PostPress, Publish, Save, SecondPathAnswer
from firmware_sim.gauge import Gauge
from firmware_sim.vitals import About, Vitals

E = TypeVar("E")

DEVICE = "b-0001"
START = Moment(mono_ms=5_000, wall_ms=1_767_225_600_000)
QUIET_S = 7 * 86_400  # telemetry far away, so that only presses make the button stir


def numbered() -> Iterator[str]:
    n = 0
    while True:
        n += 1
        yield f"press-{n}"


def vitals(now: Moment = START, every_s: int = QUIET_S) -> Vitals:
    gauge = Gauge(DEVICE, Random(1), now, mains=False)
    return Vitals(About(DEVICE, "model-x", "boot-1", every_s), gauge, now.mono_ms + every_s * 1_000)


def reply(
    press: str, rev: int = 1, *, call: str | None = "call-1", state: ReplyState = ReplyState.RECEIVED,
    say: str = "已收到，请不要慌。", ask: Ask | None = None,
) -> bytes:  # fmt: skip
    return codec.encode(
        Reply(press=press, call=call, rev=rev, state=state, by="值班员", say=say, at=1, drill=False, ask=ask)
    )


class Bench:
    """Holds a button, moves its clock, and keeps every effect with the second it came at."""

    def __init__(
        self, kept: bytes | None = None, now: Moment = START, ids: Iterator[str] | None = None
    ) -> None:
        self.now = now
        self.began_ms = now.mono_ms
        drawn = ids or numbered()
        self.button = Button(DEVICE, vitals(now), now, kept, new_id=lambda: next(drawn))
        self.log: list[tuple[float, Effect]] = []
        self.second_path: SecondPathAnswer | None = None  # what every request is answered with

    def note(self, effects: list[Effect]) -> list[Effect]:
        second = (self.now.mono_ms - self.began_ms) / 1_000
        self.log += [(second, effect) for effect in effects]
        return effects

    def connect(self) -> list[Effect]:
        self.button.last_will("session-1")
        return self.note(self.button.connected(self.now))

    def disconnect(self) -> None:
        self.note(self.button.disconnected(self.now))

    def press(self, kind: PressKind = PressKind.SOS) -> str:
        return self.finger(kind)[0]

    def finger(self, kind: PressKind = PressKind.SOS) -> tuple[str, list[Effect]]:
        press, effects = self.button.press(kind, self.now)
        return press, self.note(effects)

    def panel(self) -> Panel:
        return self.button.panel

    def told(self, payload: bytes) -> list[Effect]:
        return self.note(self.button.received(topics.reply(DEVICE), payload, self.now))

    def answered(self, answer: SecondPathAnswer) -> list[Effect]:
        return self.note(self.button.second_path_answered(answer, self.now))

    def run(self, seconds: float) -> None:
        """Move the clock from one due moment to the next, as the runner does, up to `seconds` from now."""
        end_ms = self.now.mono_ms + int(seconds * 1_000)
        while self.button.next_ms() <= end_ms:
            self.now = self.now.later(max(0, self.button.next_ms() - self.now.mono_ms))
            effects = self.note(self.button.tick(self.now))
            if self.second_path is not None:
                self._answer(effects, self.second_path)
        self.now = self.now.later(end_ms - self.now.mono_ms)

    def _answer(self, effects: list[Effect], answer: SecondPathAnswer) -> None:
        for effect in effects:
            if isinstance(effect, PostPress | AskReply):
                asked = isinstance(effect, AskReply)
                again = self.answered(
                    SecondPathAnswer(effect.press, asked, answer.status, answer.body, answer.retry_after_s)
                )
                self._answer(again, answer)

    def copies(self) -> list[tuple[float, bytes]]:
        """When a press went out over MQTT, in seconds from the start, and with which bytes."""
        return [
            (second, effect.payload)
            for second, effect in self.log
            if isinstance(effect, Publish) and effect.topic == topics.call(DEVICE)
        ]

    def posts(self) -> list[tuple[float, bytes]]:
        """When a press went out by the second path, and with which bytes."""
        return [(second, effect.payload) for second, effect in self.log if isinstance(effect, PostPress)]

    def all_of(self, kind: type[E]) -> list[E]:
        return [effect for _, effect in self.log if isinstance(effect, kind)]

    def flash(self) -> bytes:
        """The state last saved."""
        return self.all_of(Save)[-1].state
