"""Sound that nobody will hear again is deleted: finished audio a month after its last use, recordings that no
broadcast took after a week. What the rows refer to stays, however old."""

import asyncio
from collections.abc import Collection
from functools import partial
from pathlib import Path

from broadcast.ports import AudioStore
from hub.clock import Clock
from hub.db import broadcasts
from hub.db.reader import Read
from hub.db.store import Store
from hub.db.transaction import Tx
from hub.settings import Settings

DAY_MS = 86_400_000
AUDIO_KEPT_MS = 30 * DAY_MS
RECORDINGS_KEPT_MS = 7 * DAY_MS
COMMANDS_KEPT_MS = 30 * DAY_MS
GRACE_S = 86_400  # covers what is made, or uploaded, and not referred to yet


class SoundKeeper:
    """`tidy` is a chore; on several hubs each tidies its own folders."""

    def __init__(self, settings: Settings, store: Store, audio: AudioStore, clock: Clock) -> None:
        self._recordings = settings.recordings_dir
        self._store = store
        self._audio = audio
        self._clock = clock

    async def tidy(self) -> None:
        """Forget rows, then files that no row names. Unavailable: the database is away, nothing is deleted."""
        now = self._clock.now()
        await self._store.run(partial(_forget, now))
        used, kept = await self._store.read(partial(_look, now))
        await asyncio.to_thread(self._delete, used, kept, now / 1000)

    def _delete(self, used: Collection[str], kept: Collection[str], now_s: float) -> None:
        self._audio.collect(used, older_than_s=GRACE_S, now_s=now_s)
        for file in _files(self._recordings):
            if file.name not in kept and file.stat().st_mtime < now_s - GRACE_S:
                file.unlink(missing_ok=True)


def _forget(now: int, tx: Tx) -> None:
    broadcasts.remove_old(tx.conn, now - COMMANDS_KEPT_MS, now - RECORDINGS_KEPT_MS)


def _look(now: int, read: Read) -> tuple[frozenset[str], frozenset[str]]:
    in_use = broadcasts.read_audio_in_use(read.conn, now - AUDIO_KEPT_MS)
    return in_use, broadcasts.read_recordings_kept(read.conn)


def _files(folder: Path) -> list[Path]:
    return [file for file in folder.iterdir() if file.is_file()] if folder.exists() else []
