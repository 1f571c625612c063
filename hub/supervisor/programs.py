"""What `up` runs: the broker, the hub's roles, the demo county."""

import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from broker_config.config import is_written_for
from broker_config.process import BrokerKind, find_mosquitto, start_command
from hub.settings import LOOPBACK, PREFIX, Settings
from hub.signer.wire import SOCKET as SIGNER_SOCKET
from hub.studio.wire import SOCKET as STUDIO_SOCKET
from hub.supervisor.backoff import LIFELINE_SPAN_S
from hub.supervisor.keeper import Gate, Program
from hub.supervisor.probes import broker_answers, calls_work, hub_lives, simulator_listens, socket_listens
from hub.telemetry import SOCKET as TELEMETRY_SOCKET

PYTHON = (sys.executable, "-P")  # -P: a folder named `hub` where the user stands is not ours
PREPARED = "prepared"  # stands in the data folder when the calls role has made everything ready
FLEET = Path("demo") / "fleet.json"
PATIENCE_S = 3.0
# glibc keeps what was freed once it has seen large blocks come and go, and argon2 takes 19 MiB for each
# sign-in: without this the calls role stays at 170 MB instead of 115.
RETURN_MEMORY = {"MALLOC_MMAP_THRESHOLD_": "1048576"}


def broker_kind(settings: Settings) -> BrokerKind:
    """Which broker `auto` means here."""
    if settings.broker == "auto":
        return BrokerKind.MOSQUITTO if find_mosquitto() else BrokerKind.EMBEDDED
    return BrokerKind(settings.broker)


def programs(settings: Settings) -> Iterator[Program]:
    """All of them, each with the moment from which it may start. BrokerConfigError: no such broker."""
    folder = settings.data_dir
    if settings.own_broker:
        yield Program(
            "broker",
            tuple(start_command(broker_kind(settings), folder / "broker")),
            partial(broker_answers, LOOPBACK, settings.mqtt_port),
            gate=partial(_accounts_stand, settings, time.monotonic() + PATIENCE_S),
            answers=partial(broker_answers, LOOPBACK, settings.mqtt_port),
            foundation=True,
            longest_pause_s=LIFELINE_SPAN_S,
        )
    # before the calls role, which tells new devices of its keys; presses do not wait for it
    signer = partial(socket_listens, settings.run_dir, SIGNER_SOCKET)
    yield Program(
        "signer",
        (*PYTHON, "-m", "hub", "serve", "--role", "signer"),
        signer,
        answers=signer,
        longest_pause_s=LIFELINE_SPAN_S,  # a stop waits for it
    )
    studio = partial(socket_listens, settings.run_dir, STUDIO_SOCKET)
    yield Program("studio", (*PYTHON, "-m", "hub", "serve", "--role", "studio"), studio, answers=studio)
    yield Program(
        "calls",
        (*PYTHON, "-m", "hub", "serve", "--role", "calls", "--prepare"),
        partial(calls_work, settings.http_port),
        answers=partial(hub_lives, settings.http_port),
        longest_pause_s=LIFELINE_SPAN_S,
        environment={f"{PREFIX}DEMO": str(settings.demo).lower(), **RETURN_MEMORY},
    )
    telemetry = partial(socket_listens, settings.run_dir, TELEMETRY_SOCKET)
    yield Program(
        "telemetry",
        (*PYTHON, "-m", "hub", "serve", "--role", "telemetry"),
        telemetry,
        gate=partial(_accounts_stand, settings, time.monotonic() + PATIENCE_S),
        answers=telemetry,
    )
    if settings.demo:
        yield _demo(settings)


def _demo(settings: Settings) -> Program:
    fleet = settings.data_dir / FLEET
    state = fleet.parent / "sim"
    pressing = ["--mean-press-s", f"{settings.press_every_s:g}"] if settings.press_every_s else ["--quiet"]
    return Program(
        "demo",
        (*PYTHON, "-m", "firmware_sim", str(fleet), "--state", str(state), *pressing),
        partial(simulator_listens, state),
        gate=partial(_county_stands, settings),
    )


async def _accounts_stand(settings: Settings, patient_until_s: float) -> Gate:
    """The broker reads its accounts as it starts: better the newest.

    But if the database is away, and nothing can be made ready, yesterday's accounts let presses in to wait. Not those
    of a broker on other ports or in another folder, as a restored or copied folder has them.
    """
    if (settings.data_dir / PREPARED).exists():
        return Gate.OPEN
    late = time.monotonic() >= patient_until_s
    # the configuration is written after the accounts: a first start that takes its time has these before that
    return Gate.OPEN if late and _configuration_stands(settings) else Gate.SHUT


def _configuration_stands(settings: Settings) -> bool:
    if not settings.own_broker:
        return False
    addresses = [(LOOPBACK, settings.mqtt_port)]
    if settings.speaks_tls:
        addresses.append((settings.bind, settings.mqtts_port))
    return is_written_for(settings.data_dir / "broker", addresses)


async def _county_stands(settings: Settings) -> Gate:
    """The simulator needs its fleet and a broker; in a county of its own there is none to simulate."""
    if not (settings.data_dir / PREPARED).exists():
        return Gate.SHUT
    if not (settings.data_dir / FLEET).exists():
        return Gate.NEVER
    if settings.own_broker and not await broker_answers(LOOPBACK, settings.mqtt_port):
        return Gate.SHUT
    return Gate.OPEN
