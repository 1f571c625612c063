"""`xiangyin device …`: devices of the register, and their credentials."""

from typing import TYPE_CHECKING

import click
import msgspec

from devices.topics import DeviceKind
from hub.commands.terminal import say, tell
from hub.settings import Settings, load_settings

if TYPE_CHECKING:
    from hub.domain.register import Device


@click.group("device", help="Devices: list, add, new credentials, remove.")
def command() -> None:
    """The device group."""


@command.command("list", help="Print every device in service: id, kind, area, resident, model.")
@click.option("--area", default="", help="Only those whose area code begins so.")
def list_devices(*, area: str) -> None:
    """One line each, tabs between."""
    from hub.commands.stored import opened

    with opened(load_settings()) as (store, _):
        for device in store.read_sync(lambda read: read.devices(area)):
            tell(
                "\t".join(
                    [device.id, device.kind.value, device.area or "-", device.resident or "-", device.model]
                )
            )


@command.command(
    "add", help="Enter a device; print all that it must be told, with a password that is shown once."
)
@click.argument("device_id")
@click.option("--kind", type=click.Choice([kind.value for kind in DeviceKind]), required=True)
@click.option("--area", help="12-digit code of where it stands; a resident's device needs none.")
@click.option("--resident", help="Id of the resident who holds it.")
@click.option("--model", default="", help="What it is, for people.")
def add(*, device_id: str, kind: str, area: str | None, resident: str | None, model: str) -> None:
    """The broker lets it in within two seconds."""
    from broker_config.passwords import hash_password, new_password
    from hub.commands.stored import opened
    from hub.enrolment import trust_for
    from hub.services.register import NewDevice, add_device

    settings, password = load_settings(), new_password()
    trust_for(settings, DeviceKind(kind))  # refused before anything is written
    new = NewDevice(id=device_id, kind=DeviceKind(kind), model=model, area=area, resident=resident)
    with opened(settings) as (store, clock):
        device = store.run_sync(lambda tx: add_device(tx, new, hash_password(password), None, clock.now()))
    _show(settings, device, password)


@command.command(
    "credentials", help="Give a device a new password, which is shown once; the old one ends once it is used."
)
@click.argument("device_id")
def credentials(*, device_id: str) -> None:
    """The broker knows it within two seconds."""
    from broker_config.passwords import hash_password, new_password
    from hub.commands.stored import opened
    from hub.services.register import renew_credentials

    settings, password = load_settings(), new_password()
    with opened(settings) as (store, clock):
        device = store.run_sync(
            lambda tx: renew_credentials(tx, device_id, hash_password(password), None, clock.now())
        )
    _show(settings, device, password)


@command.command("remove", help="Take a device out of service; its id is never used again.")
@click.argument("device_id")
def remove(*, device_id: str) -> None:
    """The broker refuses it from its next connection on."""
    from hub.commands.stored import opened
    from hub.services.register import remove_device

    with opened(load_settings()) as (store, clock):
        store.run_sync(lambda tx: remove_device(tx, device_id, None, clock.now()))
    tell(say("device-removed", device=device_id))


def _show(settings: Settings, device: "Device", password: str) -> None:
    from hub.enrolment import enrol

    tell(msgspec.json.format(msgspec.json.encode(enrol(settings, device, password))).decode())
