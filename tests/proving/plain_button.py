"""A button that trusts QoS 1 alone: a press is published once, and kept only until the broker's PUBACK."""

from __future__ import annotations

from collections.abc import Callable

from devices import codec, topics
from devices.errors import DeviceContractError
from devices.messages import PressKind, PressOnWire
from firmware_sim.effects import Effect, Heard, LastWill, Moment, Publish
from firmware_sim.vitals import Vitals

NEVER_MS = 1 << 50


class PlainButton:
    """Implements firmware_sim.runner.Firmware. It repeats nothing and knows no second path."""

    def __init__(self, device: str, vitals: Vitals, new_id: Callable[[], str]) -> None:
        self.device = device
        self._vitals = vitals
        self._new_id = new_id
        self._unheard: dict[str, int] = {}

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """Replies are listened for, so that somebody can count them."""
        return (topics.reply(self.device),)

    def last_will(self, session: str) -> LastWill:
        """As every device."""
        return self._vitals.last_will(session)

    def connected(self, now: Moment) -> list[Effect]:
        """Say so; the link itself sends what had no PUBACK."""
        return [self._vitals.online(now)]

    def disconnected(self, now: Moment) -> list[Effect]:  # noqa: ARG002 -- as Firmware has it
        """Nothing: the link comes back by itself."""
        return []

    def press(self, now: Moment) -> list[Effect]:
        """A finger on the key."""
        press = PressOnWire(id=self._new_id(), kind=PressKind.SOS, at=None)
        self._unheard[press.id] = now.mono_ms
        return [Publish(topics.call(self.device), codec.encode_press(press), qos=1, keep=True)]

    def received(self, topic: str, payload: bytes, now: Moment) -> list[Effect]:  # noqa: ARG002 -- as Firmware has it
        """The first reply to a press."""
        try:
            reply = codec.decode_reply(payload)
        except DeviceContractError:
            return []
        pressed_ms = self._unheard.pop(reply.press, None)
        return [] if pressed_ms is None else [Heard(reply.press, reply, now.mono_ms - pressed_ms)]

    def tick(self, now: Moment) -> list[Effect]:  # noqa: ARG002 -- as Firmware has it
        """Nothing is due, ever."""
        return []

    def next_ms(self) -> int:
        """See `tick`."""
        return NEVER_MS
