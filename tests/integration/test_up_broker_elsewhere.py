"""A broker that somebody else runs: `broker-config` writes its folder, `up` starts none and uses it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from broker_config.process import speaks_mqtt
from tests.ports import free_port
from tests.ups import ROLES, RunningUp


def test_a_press_comes_in_by_a_broker_that_runs_already(
    make_up: Callable[..., RunningUp], tmp_path: Path
) -> None:
    up, port = make_up(), free_port()
    up.start("--quiet")
    device = up.logins()["device"]["id"]
    up.close()
    written = up.command("broker-config", str(tmp_path / "broker"), "--port", str(port))
    start = written.stdout.strip().rpartition(": ")[2].split()

    with subprocess.Popen(start, stderr=subprocess.DEVNULL) as broker:
        try:
            up.environment["XIANGYIN_BROKER"] = f"mqtt://127.0.0.1:{port}"
            up.start("--quiet")
            assert set(up.children()) == {*ROLES, "demo"}
            assert not speaks_mqtt("127.0.0.1", up.mqtt_port)

            pressed = up.command("press", device)

            assert pressed.returncode == 0, pressed.stderr
        finally:
            broker.terminate()
