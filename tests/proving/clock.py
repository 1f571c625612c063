"""A wall clock that is set while people press."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from tests.proving.fault import Fault, Scene
from tests.proving.ground import Ground, draw_passwords, running_program

SHIFT = Path(__file__).parent / "set_clock"


class ClockSet(Fault):
    """By an hour, and kill -9 of the calls role under the wrong clock, so that it begins again with it."""

    shift_s: ClassVar[int]
    file: Path

    @contextmanager
    def ground(self, folder: Path, buttons: int) -> Iterator[Ground]:
        """Every process of `up` reads its wall clock by way of a file."""
        self.file = folder / "clock"
        _set(self.file, 0)
        path = os.pathsep.join(filter(None, (str(SHIFT), os.environ.get("PYTHONPATH", ""))))
        clock = {"PYTHONPATH": path, "PROOF_CLOCK": str(self.file)}
        with running_program(folder, draw_passwords(buttons), **clock) as ground:
            yield ground

    def inflict(self, scene: Scene) -> int:
        """Wrong, restarted while it is wrong, and right again."""
        _set(self.file, self.shift_s)
        time.sleep(scene.hold_s / 2)
        scene.ground.kill("calls")
        scene.ground.until_works("calls")
        time.sleep(scene.hold_s / 2)
        _set(self.file, 0)
        ended_ns = time.monotonic_ns()
        time.sleep(scene.hold_s / 4)
        scene.ground.kill("calls")
        scene.ground.until_works("calls")
        return ended_ns


class ClockForward(ClockSet):
    """As after a dead battery that somebody noticed."""

    name, shift_s = "clock-forward", 3_600
    says = "the wall clock set 1 h ahead, calls killed, set back, calls killed"


class ClockBack(ClockSet):
    """As by somebody who mistook the zone."""

    name, shift_s = "clock-back", -3_600
    says = "the wall clock set 1 h back, calls killed, set right, calls killed"


def _set(file: Path, seconds: int) -> None:
    """By rename: nobody reads half a number."""
    fresh = file.with_suffix(".new")
    fresh.write_text(str(seconds))
    fresh.replace(file)


CLOCK = (ClockForward, ClockBack)
