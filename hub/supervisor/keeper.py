"""Keeps one program running: started again with back-off whenever it ends, until it is told to stop."""

import asyncio
import os
import random
import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Protocol

from hub.domain.errors import Unavailable
from hub.supervisor import running
from hub.supervisor.backoff import LONGEST_SPAN_S, failures_after, pause_s
from hub.supervisor.logs import RotatingLog
from hub.supervisor.running import Running

REFUSED = os.EX_CONFIG  # a program that ends so has said why in its last line; another start would not help
_PROBE_EVERY_S = 0.03
_WATCH_EVERY_S = 10.0
_LATE_S = 15.0  # a start takes 5; whoever waits longer should know where to look
_PATIENCE = 3  # misses in a row: a busy moment is no death


class Gate(Enum):
    """Whether a program may start by now."""

    SHUT = auto()
    OPEN = auto()
    NEVER = auto()  # it is not needed here


async def _open() -> Gate:
    return Gate.OPEN


@dataclass(frozen=True, slots=True)
class Program:
    """What is kept running. `gate` is asked until it says so; `ready` asks whether the program works by now.

    Once it has answered, `answers` is asked every 10 s: a program that has hung is killed and so started again.
    A foundation is what others stand on: it ends last. However often it ends, it is away for `longest_pause_s` at most.
    """

    name: str
    command: tuple[str, ...]
    ready: Callable[[], Awaitable[bool]]
    gate: Callable[[], Awaitable[Gate]] = _open
    answers: Callable[[], Awaitable[bool]] | None = None
    foundation: bool = False
    longest_pause_s: float = LONGEST_SPAN_S
    environment: Mapping[str, str] = field(default_factory=dict)


class Teller(Protocol):
    """Who is told what happens to programs. `reason` is the last line of one that failed by itself."""

    def ended(self, program: str, status: int, reason: str, pause_s: float) -> None: ...
    def started_again(self, program: str) -> None: ...
    def hung(self, program: str) -> None: ...
    def late(self, program: str) -> None: ...


class Keeper:
    """Runs `keep` as a task; `end` asks the program to go, `kill` makes it."""

    def __init__(
        self,
        program: Program,
        log: RotatingLog,
        teller: Teller,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.program = program
        self._log = log
        self._teller = teller
        self._chance = chance
        self._process: Running | None = None
        self._ending = asyncio.Event()
        self._needless = False

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        return None if self._process is None else self._process.pid

    async def keep(self) -> None:
        """Until `end`; Unavailable when the program refuses to run at all."""
        await self._pass_gate()
        failures = 0
        clock = asyncio.get_running_loop().time
        while not (self._needless or self._ending.is_set()):
            began_s = clock()
            status, said = await self._run_once()
            if self._ending.is_set():
                return
            if status == REFUSED:
                raise Unavailable("up-refused", program=self.program.name, reason=said)
            failures = failures_after(failures, clock() - began_s)
            pause = pause_s(failures, self._chance(), self.program.longest_pause_s)
            self._teller.ended(self.program.name, status, said if status > 0 else "", pause)
            if not await self._ends_within(pause):
                self._teller.started_again(self.program.name)

    async def until_ready(self) -> None:
        """Until the program works, or is not needed; it may have to be started more than once for that."""
        while not await self._is_ready():  # noqa: ASYNC110 - a process raises no event
            await asyncio.sleep(_PROBE_EVERY_S)

    def end(self) -> None:
        """Ask the program to end, and start it no more."""
        self._ending.set()
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the program and all it has started, now."""
        self._ending.set()
        self._signal(signal.SIGKILL)

    async def _is_ready(self) -> bool:
        return self._needless or (self._process is not None and await self.program.ready())

    async def _pass_gate(self) -> None:
        while (gate := await self.program.gate()) is Gate.SHUT:
            if await self._ends_within(_PROBE_EVERY_S):
                return
        self._needless = gate is Gate.NEVER

    async def _run_once(self) -> tuple[int, str]:
        process = await running.start(self.program.command, self._log, self.program.environment)
        self._process = process
        if self._ending.is_set():  # told to end while it was being started
            process.signal(signal.SIGTERM)
        watching = asyncio.create_task(self._watch(process), name=f"watch-{self.program.name}")
        try:
            return await process.wait(), process.last_line
        finally:
            self._process = None
            watching.cancel()

    async def _watch(self, process: Running) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._tell_late())
            group.create_task(self._kill_hung(process))

    async def _tell_late(self) -> None:
        """Say so when the program does not get ready."""
        late = asyncio.get_running_loop().call_later(_LATE_S, self._teller.late, self.program.name)
        try:
            await self.until_ready()
        finally:
            late.cancel()

    async def _kill_hung(self, process: Running) -> None:
        """Kill the process when it answered once and does no more, whether or not its parts were ready by then."""
        answers = self.program.answers
        if answers is None:
            return
        while not await answers():  # noqa: ASYNC110 - a process raises no event
            await asyncio.sleep(_PROBE_EVERY_S)
        misses = 0
        while misses < _PATIENCE:
            await asyncio.sleep(_WATCH_EVERY_S)
            misses = 0 if await answers() else misses + 1
        if not self._ending.is_set():
            self._teller.hung(self.program.name)
            process.signal(signal.SIGKILL)

    async def _ends_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                return await self._ending.wait()
        except TimeoutError:
            return False

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.signal(number)
