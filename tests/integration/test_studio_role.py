"""The studio as a process: asked over its socket, it makes sound, says in a sentence what it cannot, and may die."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadcast.audio.store import FileStore
from broadcast.errors import BroadcastError, Problem
from hub.domain.errors import Unavailable
from hub.studio.client import StudioClient
from hub.studio.wire import SOCKET, RecordingWanted, TextWanted

PATIENCE_S = 60.0
WORDS = TextWanted(
    text="明天9:00停水，电话0371-65551234。", spoken=None, before="", times=1, emergency=False, local=True
)


class Role:
    """`serve --role studio` over a data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.client = StudioClient(folder / "run")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("XIANGYIN_")}
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "hub", "serve", "--role", "studio"],
            env={**environment, "XIANGYIN_DATA_DIR": str(folder)},
            stdout=subprocess.DEVNULL,
        )

    def until_it_listens(self) -> None:
        give_up_s = time.monotonic() + PATIENCE_S
        while not self._listens():
            assert self.process.poll() is None
            assert time.monotonic() < give_up_s
            time.sleep(0.02)

    def _listens(self) -> bool:
        with socket.socket(socket.AF_UNIX) as ear:
            return ear.connect_ex(str(self.folder / "run" / SOCKET)) == 0


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Role]:
    role = Role(tmp_path_factory.mktemp("xy"))
    role.until_it_listens()
    yield role
    role.process.terminate()
    assert role.process.wait(PATIENCE_S) == 0


async def test_a_text_becomes_audio_in_the_store_and_the_second_time_comes_from_there(studio: Role) -> None:
    made = await studio.client.prepare(WORDS)
    assert made.spoken == "明天九点停水，电话零三七幺六五五五幺二三四。"
    assert made.audio.voice.startswith("espeak-ng")
    data = FileStore(studio.folder / "audio").read(made.audio.sha256)
    assert (len(data), made.audio.ms) == (made.audio.bytes, len(data) * 8 // 64)
    assert -16.7 <= made.audio.loudness_lufs <= -15.3
    assert await studio.client.prepare(WORDS) == made


async def test_a_text_is_read_without_being_spoken(studio: Role) -> None:
    assert await studio.client.spoken("请拨打96110") == "请拨打九六幺幺零"


async def test_what_cannot_be_made_is_said(studio: Role) -> None:
    with pytest.raises(BroadcastError) as error:
        await studio.client.spoken("？！")
    assert error.value.problem is Problem.TEXT_UNREADABLE
    data = b"this is no sound"
    sha256 = hashlib.sha256(data).hexdigest()
    (studio.folder / "recordings" / sha256).write_bytes(data)
    with pytest.raises(BroadcastError) as error:
        await studio.client.check(sha256)
    assert error.value.problem is Problem.RECORDING_NOT_AUDIO
    with pytest.raises(BroadcastError) as error:
        await studio.client.prepare(RecordingWanted(sha256="0" * 64, times=1, emergency=False))
    assert error.value.problem is Problem.RECORDING_UNKNOWN


async def test_a_studio_that_is_dead_is_away_and_nothing_worse(tmp_path: Path) -> None:
    role = Role(tmp_path)
    role.until_it_listens()
    role.process.send_signal(signal.SIGKILL)
    role.process.wait(PATIENCE_S)
    with pytest.raises(Unavailable):
        await role.client.prepare(WORDS)
