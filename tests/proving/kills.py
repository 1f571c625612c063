"""Processes that die or stand still."""

from __future__ import annotations

import os
import signal
import time

from tests.proving.fault import Fault, Scene

STOPPED_S = 30.0


class Kill(Fault):
    """kill -9 of one program of `up`, three times (once in a quick proof); the supervisor starts it again."""

    program: str

    def inflict(self, scene: Scene) -> int:
        """Each time when it has been working again for a while."""
        for _ in range(max(1, round(scene.hold_s / 5))):
            killed_ns = scene.ground.kill(self.program)
            scene.ground.until_works(self.program)
            time.sleep(scene.hold_s / 10)
        return killed_ns


class KillCalls(Kill):
    """The process that takes presses."""

    name, program = "kill-calls", "calls"
    says = "kill -9 of the calls role, 3 times"


class KillTelemetry(Kill):
    """The process of heartbeats."""

    name, program = "kill-telemetry", "telemetry"
    says = "kill -9 of the telemetry role, 3 times"


class KillStudio(Kill):
    """The process that speaks."""

    name, program = "kill-studio", "studio"
    says = "kill -9 of the studio, 3 times"


class KillSigner(Kill):
    """The process with the keys."""

    name, program = "kill-signer", "signer"
    says = "kill -9 of the signer, 3 times"


class KillBroker(Kill):
    """What the broker had confirmed and not handed on is gone: its PUBACK is no promise."""

    name, program, contract = "kill-broker", "broker", True
    says = "kill -9 of mosquitto, 3 times"


class KillUp(Fault):
    """The supervisor, and with it everything; somebody starts it again (systemd would)."""

    name, contract = "kill-up", True
    says = "kill -9 of the supervisor, everything ends with it, started again"

    def inflict(self, scene: Scene) -> int:
        """Away for a quarter of the time."""
        scene.ground.kill_up()
        time.sleep(scene.hold_s / 4)
        began_ns = time.monotonic_ns()
        scene.ground.up.start("--no-demo")
        return began_ns


class StopCalls(Fault):
    """Alive and not answering: what a machine without memory, or a hung disk, does to a process."""

    name = "stop-calls"
    says = f"SIGSTOP of the calls role for {STOPPED_S:.0f} s"

    def inflict(self, scene: Scene) -> int:
        """However long the others last, 30 s is the promise."""
        pid = scene.ground.pid("calls")
        os.kill(pid, signal.SIGSTOP)
        time.sleep(STOPPED_S)
        os.kill(pid, signal.SIGCONT)
        return time.monotonic_ns()


KILLS = (KillCalls, KillTelemetry, KillStudio, KillSigner, KillBroker, KillUp, StopCalls)
