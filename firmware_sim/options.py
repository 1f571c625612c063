"""The command line of the simulator."""

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

from devices.messages import PressKind
from firmware_sim.faults import FaultProfile

MEAN_PRESS_S = 120.0


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for. `mean_press_s` None: nobody presses by himself."""

    fleet: Path
    state: Path
    mean_press_s: float | None
    faults: FaultProfile
    press: str | None
    kind: PressKind
    wait_s: float
    record: bool
    sound: bool


def called() -> str:
    """What this program was called by; whoever starts it under another name says so."""
    return os.environ.get("FIRMWARE_SIM_CALLED", "python -m firmware_sim")


def read_options(arguments: list[str]) -> Options:
    """Read the command line; argparse ends the process on a wrong one."""
    parser = argparse.ArgumentParser(called(), description="simulated devices as real MQTT clients")
    parser.add_argument("fleet", type=Path, help="the fleet file (JSON)")
    parser.add_argument("--state", type=Path, help="folder of the devices' flash; default: sim, beside it")
    parser.add_argument("--mean-press-s", type=_positive, default=MEAN_PRESS_S, help="from press to press")
    parser.add_argument("--quiet", action="store_true", help="nobody presses by himself")
    parser.add_argument("--faults", default="", help="for example drop=0.1,double=0.05,delay_s=2")
    parser.add_argument("--press", metavar="DEVICE", help="press this button, say what came of it, and end")
    parser.add_argument("--kind", type=PressKind, default=PressKind.SOS, choices=list(PressKind))
    parser.add_argument("--wait-s", type=_positive, default=60.0, help="how long --press waits for received")
    parser.add_argument("--no-record", action="store_true", help="do not write what loudspeakers played")
    parser.add_argument("--sound", action="store_true", help="play loudspeakers aloud, one at a time (aplay)")
    given = parser.parse_args(arguments)
    return Options(
        fleet=given.fleet,
        state=given.state or given.fleet.parent / "sim",
        mean_press_s=None if given.quiet else given.mean_press_s,
        faults=FaultProfile.parse(given.faults),
        press=given.press,
        kind=given.kind,
        wait_s=given.wait_s,
        record=not given.no_record,
        sound=given.sound,
    )


def _positive(text: str) -> float:
    number = float(text)
    if not number > 0:
        raise argparse.ArgumentTypeError("must be more than 0")
    return number
