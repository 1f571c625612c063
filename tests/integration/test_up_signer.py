"""The signer as part of the whole program: killed, it comes back with the same keys, and commands go out again."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import httpx

from tests.ups import RunningUp


def readyz(up: RunningUp) -> list[str]:
    return httpx.get(f"http://127.0.0.1:{up.http_port}/readyz", timeout=20).text.splitlines()


def test_a_signer_that_was_killed_comes_back_with_the_same_keys(make_up: Callable[..., RunningUp]) -> None:
    up = make_up()
    up.start("--quiet")
    trust = (up.folder / "trust.json").read_text()
    fleet = (up.folder / "demo" / "fleet.json").read_text()
    assert '"root_keys":' in fleet
    up.until(lambda: "signer ok signs, keys of rev 1" in readyz(up))
    killed = up.children()["signer"]
    os.kill(killed, signal.SIGKILL)
    up.until(lambda: up.children().get("signer", killed) != killed)
    up.until(lambda: "signer ok signs, keys of rev 1" in readyz(up))
    assert (up.folder / "trust.json").read_text() == trust
    rotated = up.command("keys", "rotate")
    assert rotated.returncode == 0, rotated.stderr
    up.until(lambda: bool(memories(up)) and all('"rev":2' in memory for memory in memories(up)))


def memories(up: RunningUp) -> list[str]:
    """What the village's loudspeakers keep over a power cut."""
    folder = up.folder / "demo" / "sim" / "flash"
    return [path.read_text() for path in folder.glob("s-*/state.json")]
