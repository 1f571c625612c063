"""What a device is told of the hub at its enrolment (CONTRACT, `POST /devices`): where, whom to trust, which zones."""

import msgspec

from devices.ids import AreaLevel, area_level, parent_of
from devices.topics import DeviceKind
from hub.domain.register import Device
from hub.settings import LOOPBACK, Settings
from hub.tls import server_files


class Mqtt(msgspec.Struct, frozen=True):
    """The broker as a device reaches it; `ca` is the PEM text of the authority to trust."""

    host: str
    port: int
    tls: bool
    ca: str | None


class Reach(msgspec.Struct, frozen=True):
    """The hub as a device reaches it; `http` is the base address of the second path."""

    mqtt: Mqtt
    http: str
    audio_bases: tuple[str, ...]


def local_reach(settings: Settings) -> Reach:
    """For devices that are simulated on this machine: plain, on loopback."""
    mqtt = Mqtt(LOOPBACK, settings.mqtt_port, tls=False, ca=None)
    return Reach(mqtt, settings.local_url, (f"{settings.local_url}/a/",))


def reach(settings: Settings) -> Reach:
    """For real devices: over TLS as soon as anything leaves this machine. BrokerConfigError: certificates."""
    if not settings.speaks_tls:
        return local_reach(settings)
    ca = server_files(settings).ca.read_text(encoding="ascii")
    mqtt = Mqtt(settings.device_host, settings.mqtts_port, tls=True, ca=ca)
    return Reach(mqtt, settings.base_url, (f"{settings.base_url}/a/",))


def zones(device: Device) -> tuple[str, ...]:
    """The zones a loudspeaker subscribes to: its area and all above it, the smallest first."""
    found: list[str] = []
    code = device.area if device.kind is DeviceKind.LOUDSPEAKER else None
    while code is not None:
        found.append(code)
        code = None if area_level(code) is AreaLevel.COUNTY else parent_of(code)
    return tuple(found)
