"""Puts one device of a fleet file together."""

from random import Random

from devices.commands import CommandType
from devices.enrolment import Enrolment
from devices.topics import DeviceKind
from firmware_sim.button import Button
from firmware_sim.button_runner import ButtonRunner
from firmware_sim.connection import Account
from firmware_sim.errors import FirmwareError
from firmware_sim.fleet_file import DeviceEntry
from firmware_sim.gauge import Gauge
from firmware_sim.loudspeaker import Loudspeaker
from firmware_sim.loudspeaker_runner import LoudspeakerRunner
from firmware_sim.runner import KEPT, Runner
from firmware_sim.vitals import About, Vitals
from firmware_sim.world import World

SUPPORTED = tuple(kind for kind in CommandType if kind not in (CommandType.PLAN, CommandType.LIVE))


def build(entry: DeviceEntry, world: World, rng: Random, boot: str) -> Runner:
    """Return a device with what its flash still holds, not switched on yet."""
    now = world.now()
    account = Account(entry.id, entry.username, entry.password)
    gauge = Gauge(entry.id, rng, now, mains=entry.kind is not DeviceKind.BUTTON)
    first_ms = now.mono_ms + rng.randrange(entry.every_s * 1_000)
    vitals = Vitals(About(entry.id, entry.model, boot, entry.every_s), gauge, first_ms)
    kept = world.shelf.read(entry.id, KEPT)
    if entry.kind is DeviceKind.BUTTON:
        return ButtonRunner(Button(entry.id, vitals, now, kept), account, world, rng)
    if entry.kind is DeviceKind.LOUDSPEAKER:
        return LoudspeakerRunner(Loudspeaker(_enrolment(entry), vitals, now, kept), account, world, rng)
    raise FirmwareError("invalid", f"{entry.id}: a {entry.kind} cannot be simulated; mark it hands_off")


def _enrolment(entry: DeviceEntry) -> Enrolment:
    return Enrolment(
        id=entry.id,
        zones=entry.zones,
        audio_bases=entry.audio_bases,
        root_keys=entry.root_keys,
        keys=entry.keys,
        limits=entry.limits,
        supports=SUPPORTED,
    )
