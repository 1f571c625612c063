"""Under any schedule of losses a press is repeated until it is received, and never with other bytes."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from devices import codec, topics
from firmware_sim.effects import AskReply, Effect, PostPress, Publish, Save, SecondPathAnswer
from tests.unit.firmware_sim.bench import DEVICE, Bench, numbered, reply

# What may befall one copy; lost on the way up and lost on the way down are the same to the button.
FATES = ("lost", "received", "junk")
HTTP_FATES = ("lost", "503", "429", "junk", "received")
EVENTS = ("press", "connect", "disconnect", "restart")

fates = st.lists(st.sampled_from(FATES), max_size=40)
http_fates = st.lists(st.sampled_from(HTTP_FATES), max_size=40)
stories = st.lists(st.tuples(st.sampled_from(EVENTS), st.integers(0, 90_000)), min_size=1, max_size=25)


@dataclass
class BadLuck:
    """The world around one button: decides each copy's fate in turn, and is kind once the list is used up."""

    mqtt: list[str]
    http: list[str]
    bytes_of: dict[str, set[bytes]] = field(default_factory=dict)
    last_try_ms: dict[str, int] = field(default_factory=dict)
    pressed: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)

    def carry(self, bench: Bench, effects: list[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, Publish) and effect.topic == topics.call(DEVICE):
                self.carry(bench, self._over_mqtt(bench, effect.payload))
            elif isinstance(effect, PostPress):
                self._note(bench, effect.payload)
                self.carry(bench, self._over_http(bench, effect.press, asked=False))
            elif isinstance(effect, AskReply):
                self.carry(bench, self._over_http(bench, effect.press, asked=True))

    def _note(self, bench: Bench, payload: bytes) -> str:
        press = codec.decode_press_strict(payload).id
        assert press not in self.told, "sent again although somebody has it"
        self.bytes_of.setdefault(press, set()).add(payload)
        self.last_try_ms[press] = bench.now.mono_ms
        return press

    def _over_mqtt(self, bench: Bench, payload: bytes) -> list[Effect]:
        press = self._note(bench, payload)
        match self.mqtt.pop() if self.mqtt else "received":
            case "received":
                return self._tell(bench, press)
            case "junk":
                return bench.told(b'{"press":"' + press.encode() + b'","state":"received"')
        return []

    def _over_http(self, bench: Bench, press: str, *, asked: bool) -> list[Effect]:
        match self.http.pop() if self.http else "received":
            case "received":
                self.told.add(press)
                return bench.answered(SecondPathAnswer(press, asked, 200, reply(press)))
            case "junk":
                return bench.answered(SecondPathAnswer(press, asked, 200, b"portal"))
            case "503" | "429" as status:
                return bench.answered(SecondPathAnswer(press, asked, int(status), retry_after_s=7))
        return bench.answered(SecondPathAnswer(press, asked, None))

    def _tell(self, bench: Bench, press: str) -> list[Effect]:
        self.told.add(press)
        return bench.told(reply(press))


def run(bench: Bench, luck: BadLuck, duration_ms: int) -> None:
    end_ms = bench.now.mono_ms + duration_ms
    while bench.button.next_ms() <= end_ms:
        bench.now = bench.now.later(max(0, bench.button.next_ms() - bench.now.mono_ms))
        luck.carry(bench, bench.note(bench.button.tick(bench.now)))
        for press in bench.button.pending:
            assert bench.now.mono_ms - luck.last_try_ms[press] <= 30_000, "left alone"
    bench.now = bench.now.later(end_ms - bench.now.mono_ms)


def happen(bench: Bench, luck: BadLuck, event: str, ids: Iterator[str]) -> Bench:
    """Let one thing happen to the button; a restart gives another button with the same flash."""
    if event == "press":
        press, effects = bench.finger()
        luck.last_try_ms[press] = bench.now.mono_ms
        luck.pressed.add(press)
        luck.carry(bench, effects)
    elif event == "connect":
        luck.carry(bench, bench.connect())
    elif event == "disconnect":
        bench.disconnect()
    elif event == "restart" and luck.pressed:
        flash = bench.flash()
        bench = Bench(kept=flash, now=bench.now, ids=ids)
        bench.note([Save(flash)])
    return bench


@settings(deadline=None)
@given(story=stories, mqtt=fates, http=http_fates)
def test_every_press_is_received_in_the_end_and_its_bytes_never_change(
    story: list[tuple[str, int]], mqtt: list[str], http: list[str]
) -> None:
    ids = numbered()
    bench, luck = Bench(ids=ids), BadLuck(mqtt, http)
    for event, wait_ms in story:
        bench = happen(bench, luck, event, ids)
        run(bench, luck, wait_ms)
    run(bench, luck, 2 * 3_600_000)
    assert bench.button.pending == ()
    assert luck.told == luck.pressed
    assert all(len(payloads) == 1 for payloads in luck.bytes_of.values())
