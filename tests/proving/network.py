"""A network that delays, cuts and loses, before the broker and behind it, and one that parts them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from broker_config.process import BrokerKind
from tests.brokers import Wanted, running_broker
from tests.proving.fault import Fault, Scene
from tests.proving.ground import Ground, draw_passwords, running_program
from tests.proving.proxy import FINE, Mood, Proxy, running_proxy

DELAY = Mood(delay_s=0.5)
CUT = Mood(life_s=2.0)
LOSS = Mood(life_s=4.0, loses=True)
SILENT = Mood(is_silent=True)


class Way(Fault):
    """Hurts what goes through a proxy for as long as the fault lasts."""

    mood: ClassVar[Mood]
    times: ClassVar[float] = 1.0
    proxy: Proxy

    def inflict(self, scene: Scene) -> int:
        """The network gets into its mood and out of it."""
        self.proxy.mood = self.mood
        time.sleep(scene.hold_s * self.times)
        self.proxy.mood = FINE
        return time.monotonic_ns()


class DeviceWay(Way):
    """Between buttons and broker."""

    contract = True

    @contextmanager
    def ground(self, folder: Path, buttons: int) -> Iterator[Ground]:
        """Buttons reach the broker by way of the proxy; their second path is left alone."""
        with (
            running_program(folder, draw_passwords(buttons)) as ground,
            running_proxy(ground.up.mqtt_port) as self.proxy,
        ):
            ground.port = self.proxy.port
            yield ground


class HubWay(Way):
    """Between hub and broker, which somebody else runs."""

    @contextmanager
    def ground(self, folder: Path, buttons: int) -> Iterator[Ground]:
        """The hub reaches the broker by way of the proxy; buttons are beside the broker."""
        passwords = draw_passwords(buttons)
        with running_broker(BrokerKind.MOSQUITTO) as broker:
            broker.add_devices(*(Wanted(device) for device in passwords))
            ours = folder / "data" / "broker"
            ours.mkdir(parents=True)
            (ours / "roles.json").write_bytes((broker.folder / "roles.json").read_bytes())
            known = {device: broker.passwords[device] for device in passwords}
            with (
                running_proxy(broker.port) as self.proxy,
                running_program(
                    folder, known, XIANGYIN_BROKER=f"mqtt://127.0.0.1:{self.proxy.port}"
                ) as ground,
            ):
                ground.port = broker.port
                yield ground


class DeviceDelay(DeviceWay):
    """A slow mobile network."""

    name, mood = "device-delay", DELAY
    says = "up to 0.5 s of delay on each piece between buttons and broker"


class DeviceCut(DeviceWay):
    """A network that breaks all the time and says so."""

    name, mood = "device-cut", CUT
    says = "connections between buttons and broker live for 2 s on average"


class DeviceLoss(DeviceWay):
    """A network that breaks all the time and does not say so at once."""

    name, mood = "device-loss", LOSS
    says = "connections live for 4 s on average, then swallow all for 5 s before they break"


class HubDelay(HubWay):
    """A broker far away."""

    name, mood = "hub-delay", DELAY
    says = "up to 0.5 s of delay on each piece between hub and broker"


class HubCut(HubWay):
    """The same, on the hub's side."""

    name, mood = "hub-cut", CUT
    says = "connections between hub and broker live for 2 s on average"


class HubLoss(HubWay):
    """What the hub acknowledged and published is swallowed."""

    name, mood = "hub-loss", LOSS
    says = "connections live for 4 s on average, then swallow all for 5 s before they break"


class HubSilence(HubWay):
    """A partition between hub and broker: no end, no error, nothing. Only the second path leads around it."""

    contract = True
    name, mood, times = "hub-partition", SILENT, 4.0
    says = "nothing passes between hub and broker, and no connection breaks"


NETWORK = (DeviceDelay, DeviceCut, DeviceLoss, HubDelay, HubCut, HubLoss, HubSilence)
