"""Too many at once: a county that comes back as one, and presses that come twice."""

from __future__ import annotations

import time

from tests.proving.fault import Fault, Scene


class Storm(Fault):
    """As after a power cut of the mobile network: every button at once, and some of them are pressed."""

    name, contract, buttons = "storm", True, 5_000
    says = "5,000 buttons lose their connections in one moment, twice, and come back"

    def inflict(self, scene: Scene) -> int:
        """The second time while many are still on their way."""
        scene.tell("cut")
        time.sleep(scene.hold_s / 4)
        scene.tell("cut")
        cut_ns = time.monotonic_ns()
        time.sleep(scene.hold_s)
        return cut_ns


class Doubled(Fault):
    """A network that delivers twice what it carries, both ways."""

    name, contract, double = "doubled", True, 0.2
    says = "20 % of all messages of the buttons arrive twice"

    def inflict(self, scene: Scene) -> int:
        """It is so all the time."""
        time.sleep(scene.hold_s)
        return time.monotonic_ns()


CROWD = (Storm, Doubled)
