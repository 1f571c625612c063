"""The broker: is it there, does it let the hub's roles in, do a device's rights hold."""

import asyncio
from collections.abc import Iterator

import msgspec

from broker_config.accounts import ROLES
from broker_config.process import BrokerKind, speaks_mqtt
from devices.topics import DeviceKind
from hub.broker import address, endpoints
from hub.checkup.finding import Finding, broken, doubtful, fine
from hub.demo.files import spare_file
from hub.mqtt.link import Endpoint
from hub.mqtt.probe import trespasses, trouble_signing_in
from hub.settings import Settings
from hub.supervisor.programs import broker_kind

USED_BY_A_RUNNING_HUB = frozenset(
    {"calls", "status", "telemetry"}
)  # signing in as these would cut the hub off


class _Device(msgspec.Struct):
    id: str
    kind: DeviceKind
    password: str


class _Spare(msgspec.Struct):
    devices: tuple[_Device, ...]


def examine_broker(settings: Settings, *, hub_runs: bool) -> Iterator[Finding]:
    """Its kind, its door, its rights."""
    yield _kind(settings)
    at = address(settings)
    where = f"{at.host}:{at.port}"
    if not at.tls and not speaks_mqtt(at.host, at.port):
        if settings.own_broker and not hub_runs:
            yield doubtful("broker", "doctor-broker-rests", where=where)
        else:
            yield broken("broker", "doctor-broker-silent", where=where)
        return
    yield from _roles(settings, hub_runs=hub_runs)
    yield from _rights(settings)


def _kind(settings: Settings) -> Finding:
    if not settings.own_broker:
        return fine("broker", "doctor-broker-elsewhere", url=settings.broker)
    if broker_kind(settings) is BrokerKind.EMBEDDED:
        return doubtful("broker", "doctor-broker-embedded")
    return fine("broker", "doctor-broker-mosquitto")


def _roles(settings: Settings, *, hub_runs: bool) -> Iterator[Finding]:
    asked = [role for role in ROLES if not (hub_runs and role in USED_BY_A_RUNNING_HUB)]
    for role, endpoint in endpoints(settings, *asked).items():
        trouble = asyncio.run(trouble_signing_in(endpoint))
        if trouble:
            yield broken("broker", "doctor-role-refused", role=role, reason=trouble)
        else:
            yield fine("broker", "doctor-role", role=role)


def _rights(settings: Settings) -> Iterator[Finding]:
    spare = _spare_device(settings)
    if spare is None:
        return
    heard = asyncio.run(trespasses(spare))
    if heard:
        yield broken(
            "rights", "doctor-rights-broken", device=spare.username, topics=", ".join(sorted(set(heard)))
        )
    else:
        yield fine("rights", "doctor-rights", device=spare.username)


def _spare_device(settings: Settings) -> Endpoint | None:
    """The demo's button that nobody plays: it can be asked without disturbing anybody."""
    path = spare_file(settings.data_dir)
    if not path.exists():
        return None
    devices = msgspec.json.decode(path.read_bytes(), type=_Spare).devices
    if not devices:
        return None
    at = address(settings)
    ca = None if settings.broker_ca is None else str(settings.broker_ca)
    device = devices[0]
    return Endpoint(
        host=at.host, port=at.port, username=device.id, password=device.password, ca=ca, tls=at.tls
    )
