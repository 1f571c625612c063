"""A village admin's words, from the API to the sound of the village's loudspeakers: the whole program, as it runs.

Broker, signer, studio, calls role and twelve simulated loudspeakers are processes of their own; nothing is
faked. The studio is killed while it works; the broadcast is made all the same.
"""

from __future__ import annotations

import json
import os
import signal
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.ups import RunningUp
from tests.web_broadcasts import ok

WORDS = "请注意，今天下午三点停水。"


class Admin:
    """The demo county's village administrator at a script."""

    def __init__(self, up: RunningUp, who: str = "village_admin") -> None:
        self._up = up
        login = up.logins()[who]
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{up.http_port}/api/v1", timeout=30)
        session = ok(
            self.http.post("/session", json={name: login[name] for name in ("username", "password")})
        )
        self.http.headers["X-CSRF-Token"] = session["csrf"]
        self.area: str = ok(self.http.get("/areas"))["items"][0]["code"]

    def write(self, **different: Any) -> str:
        body = {"title": "停水", "text": WORDS, "areas": [self.area], "repeat": 1} | different
        broadcast: str = ok(self.http.post("/broadcasts", json=body), 201)["id"]
        return broadcast

    def broadcast(self, broadcast: str) -> dict[str, Any]:
        view: dict[str, Any] = ok(self.http.get(f"/broadcasts/{broadcast}"))
        return view

    def until(self, broadcast: str, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        self._up.until(lambda: condition(self.broadcast(broadcast)))
        return self.broadcast(broadcast)


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningUp]:
    folder = tmp_path_factory.mktemp("up")
    running = RunningUp(folder / "data", folder / "screen")
    running.start("--quiet")
    yield running
    running.close()


@pytest.fixture
def admin(up: RunningUp) -> Iterator[Admin]:
    signed_in = Admin(up)
    yield signed_in
    signed_in.http.close()


def journal(up: RunningUp) -> list[dict[str, Any]]:
    file = up.folder / "demo" / "sim" / "journal.jsonl"
    lines = file.read_text().splitlines() if file.exists() else []
    return [json.loads(line) for line in lines]


def studio_pid(up: RunningUp) -> int:
    """The studio's process."""
    assert up.process is not None
    for task in Path(f"/proc/{up.process.pid}/task").iterdir():
        for pid in (task / "children").read_text().split():
            if "studio" in Path(f"/proc/{pid}/cmdline").read_text():
                return int(pid)
    raise AssertionError("no studio runs")


def test_words_are_heard_in_the_village_and_counted(up: RunningUp, admin: Admin) -> None:
    broadcast = admin.write()
    done = admin.until(broadcast, lambda view: view["state"] == "done")
    (run,) = done["runs"]
    assert run["coverage"] == {
        "targeted": 2, "ready": 2, "playing": 2, "played": 2, "heard": 0, "failed": 0, "missing": [],
    }  # fmt: skip
    assert done["spoken"] == WORDS
    played = set(receipts(admin, broadcast, run["id"]))
    up.until(lambda: {line["device"] for line in recorded(up, run["id"])} == played)
    for line in recorded(up, run["id"]):
        assert line["at"] >= run["start_at"]
        with wave.open(str(line["wav"])) as sound:
            seconds = sound.getnframes() / sound.getframerate()
        assert seconds == pytest.approx(done["audio"]["ms"] / 1000, abs=0.3)


def recorded(up: RunningUp, run: str) -> list[dict[str, Any]]:
    """What the simulated loudspeakers have written of a run to WAV files."""
    return [line for line in journal(up) if line["what"] == "played" and line["run"] == run]


def receipts(admin: Admin, broadcast: str, run: str) -> list[str]:
    page = ok(admin.http.get(f"/broadcasts/{broadcast}/runs/{run}/receipts"))
    return [each["device"] for each in page["items"] if each["state"] == "played"]


def test_a_studio_that_dies_at_work_is_asked_again(up: RunningUp, admin: Admin) -> None:
    os.kill(studio_pid(up), signal.SIGSTOP)
    broadcast = admin.write(text=WORDS * 20)
    os.kill(studio_pid(up), signal.SIGKILL)
    prepared = admin.until(broadcast, lambda view: view["state"] != "preparing")
    assert prepared["failure"] is None
    assert prepared["audio"]["voice"]
    ok(admin.http.post(f"/broadcasts/{broadcast}/stop"))


def test_what_sounds_is_silenced_at_once_everywhere(up: RunningUp, admin: Admin) -> None:
    broadcast = admin.write(text=WORDS * 20)
    admin.until(broadcast, lambda view: bool(view["runs"]) and view["runs"][0]["coverage"]["playing"] == 2)
    answer = ok(admin.http.post(f"/broadcasts/{broadcast}/stop"))
    assert (len(answer["runs"]), answer["unsent"], answer["recorded"]) == (1, [], True)
    silent = admin.until(broadcast, lambda view: view["runs"][0]["coverage"]["missing"] == [])
    assert silent["runs"][0]["coverage"]["played"] == 0
    states = ok(admin.http.get(f"/broadcasts/{broadcast}/runs/{answer['runs'][0]}/receipts"))["items"]
    assert {each["state"] for each in states} == {"stopped"}
