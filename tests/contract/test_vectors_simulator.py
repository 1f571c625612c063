"""The golden vectors at the simulated button: what it hears, and what it says itself."""

from random import Random

import msgspec
import pytest

from devices import codec, topics
from devices.messages import PressKind
from devices.vectors import MessageCase, message_cases
from firmware_sim.button import Button
from firmware_sim.effects import Moment, Publish, Speak
from firmware_sim.gauge import Gauge
from firmware_sim.vitals import About, Vitals

NOW = Moment(mono_ms=1_000, wall_ms=1_790_000_000_000)


def button_that_pressed(press: str) -> Button:
    gauge = Gauge("b-1", Random(1), NOW, mains=False)
    vitals = Vitals(About("b-1", "model-x", "boot-1", every_s=300), gauge, NOW.mono_ms)
    button = Button("b-1", vitals, NOW, new_id=lambda: press)
    button.press(PressKind.SOS, NOW)
    return button


@pytest.mark.parametrize("case", message_cases("reply"), ids=lambda case: case.name)
def test_a_reply_ends_the_repeating_unless_it_is_refused(case: MessageCase) -> None:
    button = button_that_pressed("a")
    effects = button.received(topics.reply("b-1"), case.payload, NOW)
    if case.refused is not None:
        assert (button.undecodable, button.pending) == (1, ("a",))
        assert effects == []
    else:
        assert (button.undecodable, button.pending) == (0, ())
        spoken = [effect.reply.say for effect in effects if isinstance(effect, Speak)]
        assert spoken == [msgspec.json.decode(case.message)["say"]]


def test_what_a_button_says_keeps_the_contract_to_the_letter() -> None:
    button = button_that_pressed("a")
    will = button.last_will("session-1")
    effects = [*button.connected(NOW), *button.tick(NOW)]
    said = {effect.topic: effect for effect in effects if isinstance(effect, Publish)}

    press = codec.decode_press_strict(said[topics.call("b-1")].payload)
    online = codec.decode_status(said[topics.status("b-1")].payload)
    offline = codec.decode_status(will.payload)
    measured = codec.decode_telemetry(said[topics.telemetry("b-1")].payload)

    assert (press.id, press.kind) == ("a", PressKind.SOS)
    assert (online.online, offline.online, online.session) == (True, False, offline.session)
    assert measured.rejected == 0
    for topic, publish in said.items():
        delivery = topics.DELIVERY[topics.parse(topic).leaf]
        assert (publish.qos, publish.retain) == (delivery.qos, delivery.retained)
