"""Has the studio make what was written, outside any transaction.

1. Take the most urgent broadcast that nobody prepares (a lease, renewed while the studio works).
2. Ask the studio. 3. Write what it made, or the sentence that says why it cannot be made.
A studio that is away is asked again; doing it twice is harmless, for audio is named by its content.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Protocol

from broadcast.domain.broadcasts import Broadcast, Failure
from broadcast.errors import BroadcastError, Kind, Problem
from broadcast.service import preparing
from devices.enrolment import is_emergency
from hub.domain.errors import Unavailable
from hub.ports import Store
from hub.studio.wire import Made, RecordingWanted, TextWanted, Wanted

POLL_S = 2.0
AT_ONCE = 2
ROUTINE_AT_ONCE = 1  # one place is always free for an emergency
TRIES = 6
RENEW_EVERY_S = preparing.LEASE_MS / 3000
RETRY_FIRST_MS, RETRY_MAX_MS = 2_000, 60_000
log = logging.getLogger(__name__)


class Studio(Protocol):
    """`hub.studio.client.StudioClient`."""

    async def prepare(self, wanted: Wanted) -> Made: ...


class PrepareWorker:
    """`said_first`: the words that stand before the text of a drill."""

    def __init__(self, *, store: Store, studio: Studio, now: Callable[[], int], said_first: str) -> None:
        self._store = store
        self._studio = studio
        self._now = now
        self._said_first = said_first
        self._wake = asyncio.Event()
        self._tasks: dict[asyncio.Task[None], Broadcast] = {}
        self._tries: dict[tuple[str, int], int] = {}

    def nudge(self) -> None:
        """Something was written (in the loop's thread)."""
        self._wake.set()

    async def run(self) -> None:
        """Prepare what comes, until cancelled."""
        try:
            while True:
                self._wake.clear()
                try:
                    await self._start_some()
                except Unavailable:
                    log.warning("what is to be prepared cannot be read; the next try is in %g s", POLL_S)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(POLL_S):
                        await self._wake.wait()
        finally:
            for task in self._tasks:
                task.cancel()

    async def _start_some(self) -> None:
        now = self._now()
        waiting = await self._store.read(lambda read: read.broadcasts.to_prepare(now, AT_ONCE * 4))
        for broadcast in waiting:
            if self._has_room(broadcast) and await self._claim(broadcast):
                task = asyncio.create_task(self._prepare(broadcast))
                self._tasks[task] = broadcast
                task.add_done_callback(self._done)

    def _has_room(self, broadcast: Broadcast) -> bool:
        routine = sum(not is_emergency(each.priority) for each in self._tasks.values())
        fits = is_emergency(broadcast.priority) or routine < ROUTINE_AT_ONCE
        return fits and len(self._tasks) < AT_ONCE

    def _done(self, task: "asyncio.Task[None]") -> None:
        del self._tasks[task]
        self._wake.set()

    async def _claim(self, broadcast: Broadcast) -> bool:
        now = self._now()
        return await self._store.run(lambda tx: preparing.claim(tx.broadcasting, broadcast, now))

    async def _prepare(self, broadcast: Broadcast) -> None:
        renewing = asyncio.create_task(self._renew(broadcast))
        try:
            await self._make(broadcast)
        except Unavailable:
            log.warning(
                "broadcast %s waits for the database; another try when the lease is over", broadcast.id
            )
        except Exception:
            log.exception("broadcast %s could not be prepared", broadcast.id)
        finally:
            renewing.cancel()

    async def _make(self, broadcast: Broadcast) -> None:
        try:
            wanted = await self._wanted(broadcast)
            made = await self._ask(wanted)
        except BroadcastError as error:
            failure = Failure(error.problem.value, dict(error.values))
            await (self._again if error.kind is Kind.UNAVAILABLE else self._fail)(broadcast, failure)
            return
        now, name, rev = self._now(), broadcast.id, broadcast.rev
        spoken = made.spoken or broadcast.spoken
        await self._store.run(
            lambda tx: preparing.prepared(tx.broadcasting, name, rev, spoken, made.audio, now)
        )
        self._tries.pop((name, rev), None)

    async def _ask(self, wanted: Wanted) -> Made:
        try:
            return await self._studio.prepare(wanted)
        except Unavailable as error:
            raise BroadcastError(Problem.MASTERING_FAILED, detail=str(error)) from error

    async def _wanted(self, broadcast: Broadcast) -> Wanted:
        emergency = is_emergency(broadcast.priority)
        if broadcast.recording is None:
            return TextWanted(
                text=broadcast.text,
                spoken=broadcast.spoken if broadcast.spoken_given else None,
                before=self._said_first if broadcast.drill else "",
                times=broadcast.repeat,
                emergency=emergency,
                local=broadcast.voice.value == "local",
            )
        name = broadcast.recording
        found = await self._store.read(lambda read: read.broadcasts.recording(name))
        if found is None:
            raise BroadcastError(Problem.RECORDING_UNKNOWN)
        return RecordingWanted(sha256=found.sha256, times=broadcast.repeat, emergency=emergency)

    async def _again(self, broadcast: Broadcast, failure: Failure) -> None:
        """Try later; after some tries say why not, so that a text which kills the studio ends there."""
        key = (broadcast.id, broadcast.rev)
        tried = self._tries[key] = self._tries.get(key, 0) + 1
        log.warning("broadcast %s is not prepared yet (try %d): %s", broadcast.id, tried, failure.problem)
        if tried >= TRIES:
            del self._tries[key]
            await self._fail(broadcast, failure)
            return
        now = self._now()
        until = now + min(RETRY_FIRST_MS * 2 ** (tried - 1), RETRY_MAX_MS)
        await self._store.run(lambda tx: preparing.put_off(tx.broadcasting, broadcast, now, until))

    async def _fail(self, broadcast: Broadcast, failure: Failure) -> None:
        now, name, rev = self._now(), broadcast.id, broadcast.rev
        await self._store.run(lambda tx: preparing.failed(tx.broadcasting, name, rev, failure, now))

    async def _renew(self, broadcast: Broadcast) -> None:
        while True:
            await asyncio.sleep(RENEW_EVERY_S)
            with contextlib.suppress(Unavailable):
                await self._hold(broadcast, self._now())

    async def _hold(self, broadcast: Broadcast, now: int) -> None:
        until = now + preparing.LEASE_MS
        await self._store.run(lambda tx: preparing.put_off(tx.broadcasting, broadcast, now, until))
