"""What is deleted of sound, and what never is, on both databases."""

from __future__ import annotations

import os
from pathlib import Path
from typing import cast

import msgspec
import pytest

from broadcast.audio.store import FileStore
from broadcast.domain.schedule import Timing
from broadcast.ports import Mastered
from broadcast.rows import Recording
from broadcast.service import preparing
from hub.clock import Clock
from hub.db.transaction import Tx
from hub.settings import Settings
from hub.sound_keeper import AUDIO_KEPT_MS, RECORDINGS_KEPT_MS, SoundKeeper
from tests.village import AUDIO, SPOKEN, VILLAGE_AUTHOR, County


class Kept:
    """The folders of a hub, and its keeper."""

    def __init__(self, county: County, folder: Path) -> None:
        self.county = county
        self.settings = Settings(data_dir=folder)
        self.audio = FileStore(self.settings.audio_dir)
        self.settings.recordings_dir.mkdir()
        self.keeper = SoundKeeper(self.settings, county.store, self.audio, cast("Clock", county.clock))

    def sound(self, words: str) -> str:
        """Finished audio in the store, as old as the county's time; its hash."""
        sha256 = self.audio.put(Mastered(words.encode() * 99, 1_000, -16.0, -3.0)).sha256
        self._age(self.audio.path(sha256))
        return sha256

    def recording(self, name: str, *, known: bool) -> Path:
        """An uploaded file, and its row when it is known."""
        sha256 = name * 64
        file = self.settings.recordings_dir / sha256
        file.write_bytes(b"RIFF")
        self._age(file)
        now = self.county.clock.now()
        row = Recording(
            id=f"rec-{name}", sha256=sha256, bytes=4, ms=1, created_by="u-village", created_at=now
        )
        if known:
            self.county.store.run_sync(lambda tx: _add(tx, row))
        return file

    def broadcast(self, sha256: str, timing: Timing = Timing()) -> None:  # noqa: B008 -- frozen
        """A broadcast that sounds so."""
        written = self.county.write(timing=timing)
        audio = msgspec.structs.replace(AUDIO, sha256=sha256)
        now = self.county.clock.now()
        self.county.store.run_sync(
            lambda tx: preparing.prepared(tx.broadcasting, written.id, 1, SPOKEN, audio, now)
        )

    def has(self, sha256: str) -> bool:
        return (self.settings.audio_dir / sha256[:2] / sha256[2:]).exists()

    def _age(self, file: Path) -> None:
        seconds = self.county.clock.now() / 1000
        os.utime(file, (seconds, seconds))


def _add(tx: Tx, recording: Recording) -> None:
    tx.broadcasting.broadcasts.add_recording(recording)


@pytest.fixture
def kept(county: County, tmp_path: Path) -> Kept:
    return Kept(county, tmp_path)


async def test_audio_goes_a_month_after_its_last_use_and_stays_while_it_may_sound(kept: Kept) -> None:
    clock = kept.county.clock
    old, daily, stray = kept.sound("old"), kept.sound("daily"), kept.sound("stray")
    kept.broadcast(old)
    kept.county.dispatch()
    kept.county.end()
    kept.broadcast(daily, Timing(rrule="FREQ=DAILY"))
    await kept.keeper.tidy()
    assert [kept.has(each) for each in (old, daily, stray)] == [True, True, True]  # all too young

    clock.move(3 * 86_400_000)
    await kept.keeper.tidy()
    assert [kept.has(each) for each in (old, daily, stray)] == [True, True, False]

    clock.move(AUDIO_KEPT_MS)
    kept.county.end()
    await kept.keeper.tidy()
    assert [kept.has(each) for each in (old, daily)] == [False, True]


async def test_a_recording_that_nobody_took_goes_after_a_week(kept: Kept) -> None:
    taken, left, unknown = (
        kept.recording("a", known=True),
        kept.recording("b", known=True),
        kept.recording("c", known=False),
    )
    kept.county.write(VILLAGE_AUTHOR, text="", title="录音", recording="rec-a")
    kept.county.clock.move(3 * 86_400_000)
    await kept.keeper.tidy()
    assert [file.exists() for file in (taken, left, unknown)] == [True, True, False]
    kept.county.clock.move(RECORDINGS_KEPT_MS)
    await kept.keeper.tidy()
    assert [file.exists() for file in (taken, left)] == [True, False]
