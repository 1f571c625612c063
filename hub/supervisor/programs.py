"""What `up` runs: the broker, the hub's roles, the demo county."""

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from broker_config.process import BrokerKind, find_mosquitto, start_command
from hub.settings import Settings
from hub.supervisor.keeper import Program
from hub.supervisor.probes import broker_answers, calls_work, simulator_listens

PYTHON = (sys.executable, "-P")  # -P: a folder named `hub` where the user stands is not ours
PREPARE = (*PYTHON, "-m", "hub", "prepare")


def broker_kind(settings: Settings) -> BrokerKind:
    """Which broker `auto` means here."""
    if settings.broker == "auto":
        return BrokerKind.MOSQUITTO if find_mosquitto() else BrokerKind.EMBEDDED
    return BrokerKind(settings.broker)


def programs(settings: Settings, fleet: Path) -> Iterator[Program]:
    """In the order of their start; the demo county when there is a `fleet` file. BrokerConfigError: no broker."""
    if settings.own_broker:
        yield Program(
            "broker",
            tuple(start_command(broker_kind(settings), settings.data_dir / "broker")),
            partial(broker_answers, settings.mqtt_port),
            foundation=True,
        )
    yield Program(
        "calls",
        (*PYTHON, "-m", "hub", "serve", "--role", "calls"),
        partial(calls_work, settings.http_port),
    )
    if settings.demo and fleet.exists():
        yield _demo(settings, fleet)


def _demo(settings: Settings, fleet: Path) -> Program:
    state = fleet.parent / "sim"
    pressing = ["--mean-press-s", f"{settings.press_every_s:g}"] if settings.press_every_s else ["--quiet"]
    return Program(
        "demo",
        (*PYTHON, "-m", "firmware_sim", str(fleet), "--state", str(state), *pressing),
        partial(simulator_listens, state),
    )
