"""What a device is told of the hub at its enrolment (CONTRACT, `POST /devices`): where, whom to trust, which zones."""

import msgspec

from devices.ids import AreaLevel, area_level, parent_of
from devices.topics import DeviceKind
from hub.broker import address
from hub.domain.register import Device
from hub.settings import Settings
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
    """For devices that are simulated on this machine. OSError: the broker's authority cannot be read."""
    host, port, tls = address(settings)
    ca = settings.broker_ca.read_text(encoding="ascii") if tls and settings.broker_ca is not None else None
    return _reach(Mqtt(host, port, tls, ca), settings.local_url)


def reach(settings: Settings) -> Reach:
    """For real devices: over TLS as soon as anything leaves this machine. BrokerConfigError: certificates."""
    if not (settings.own_broker and settings.speaks_tls):
        return _reach(local_reach(settings).mqtt, settings.base_url)
    ca = server_files(settings).ca.read_text(encoding="ascii")
    return _reach(Mqtt(settings.device_host, settings.mqtts_port, tls=True, ca=ca), settings.base_url)


def _reach(mqtt: Mqtt, http: str) -> Reach:
    return Reach(mqtt, http, (f"{http}/a/",))


def zones(device: Device) -> tuple[str, ...]:
    """The zones a loudspeaker subscribes to: its area and all above it, the smallest first."""
    found: list[str] = []
    code = device.area if device.kind is DeviceKind.LOUDSPEAKER else None
    while code is not None:
        found.append(code)
        code = None if area_level(code) is AreaLevel.COUNTY else parent_of(code)
    return tuple(found)
