"""What a device is told of the hub at its enrolment (CONTRACT, `POST /devices`): where, whom to trust, which zones."""

from collections.abc import Sequence

import msgspec

from broker_config.acl import lines_for
from devices.ids import AreaLevel, area_level, parent_of
from devices.topics import DeviceKind
from hub.broker import account_of, address
from hub.domain.enrolment import Credentials, Enrolled, EnrolledTogether, Mqtt, NewlyEnrolled
from hub.domain.register import Device
from hub.settings import Settings
from hub.signer.trust import Trust, read_trust
from hub.tls import server_files


class Reach(msgspec.Struct, frozen=True):
    """The hub as a device reaches it; `http` is the base address of the second path."""

    mqtt: Mqtt
    http: str
    audio_bases: tuple[str, ...]


class Enroller:
    """Enrols devices for the API (`hub.console.context.Enrolment`)."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def check(self, kind: DeviceKind) -> None:
        """Unavailable: there are no signing keys yet, and a loudspeaker without them would obey nobody."""
        trust_for(self._settings, kind)

    def enrol(self, device: Device, password: str) -> Enrolled:
        """As `enrol`."""
        return enrol(self._settings, device, password)

    def enrol_together(self, devices: Sequence[tuple[Device, str]]) -> EnrolledTogether:
        """As `enrol`, for many: each device with the password it was given."""
        return enrol_together(self._settings, devices)


def trust_for(settings: Settings, kind: DeviceKind) -> Trust:
    """The keys that a device of this kind is told: buttons none. Unavailable (signer-never-ran): a loudspeaker
    that was told of no root key would never obey anybody."""
    return read_trust(settings.data_dir) if kind is DeviceKind.LOUDSPEAKER else Trust()


def enrol(settings: Settings, device: Device, password: str) -> Enrolled:
    """What to tell a device that was just given `password`. BrokerConfigError: certificates; Unavailable:
    there are no signing keys yet."""
    where, trust = reach(settings), trust_for(settings, device.kind)
    return Enrolled(
        id=device.id,
        kind=device.kind,
        model=device.model,
        area=device.area,
        resident=device.resident,
        credentials=Credentials(device.id, password),
        mqtt=where.mqtt,
        http=where.http,
        audio_bases=where.audio_bases,
        root_keys=trust.root_keys,
        keys=trust.keys,
        zones=zones(device),
        limits=device.settings.limits,
        provisioned=settings.own_broker,
        acl=() if settings.own_broker else lines_for(account_of(device, "$")),
    )


def enrol_together(settings: Settings, devices: Sequence[tuple[Device, str]]) -> EnrolledTogether:
    """As `enrol`, for many: each device with the password it was given."""
    where, own = reach(settings), settings.own_broker
    speaks = any(device.kind is DeviceKind.LOUDSPEAKER for device, _ in devices)
    trust = trust_for(settings, DeviceKind.LOUDSPEAKER) if speaks else Trust()
    return EnrolledTogether(
        mqtt=where.mqtt,
        http=where.http,
        audio_bases=where.audio_bases,
        root_keys=trust.root_keys,
        keys=trust.keys,
        provisioned=own,
        items=tuple(
            NewlyEnrolled(
                id=device.id,
                kind=device.kind,
                model=device.model,
                area=device.area,
                resident=device.resident,
                credentials=Credentials(device.id, password),
                zones=zones(device),
                limits=device.settings.limits,
                acl=() if own else lines_for(account_of(device, "$")),
            )
            for device, password in devices
        ),
    )


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
