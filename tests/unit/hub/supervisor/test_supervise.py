"""Programs start when they may and end in order, and whatever happens none is left behind."""

import asyncio
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hub.domain.errors import Unavailable
from hub.supervisor.keeper import Gate, Keeper
from hub.supervisor.supervise import supervise
from tests.unit.hub.supervisor.conftest import MakeKeeper, Remembered, Until


def _on_term(word: str, diary: Path) -> str:
    return (
        f"trap 'echo {word} >> {diary}; exit 0' TERM; echo {word} up >> {diary}; while :; do sleep 0.01; done"
    )


async def test_the_foundation_ends_last(make_keeper: MakeKeeper, until: Until, tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    broker = make_keeper("broker", _on_term("broker", diary), foundation=True)
    calls = make_keeper("calls", _on_term("calls", diary))
    stop, ready = asyncio.Event(), asyncio.Event()

    running = asyncio.create_task(supervise([broker, calls], stop, ready.set))
    await ready.wait()
    await until(lambda: diary.exists() and len(diary.read_text().splitlines()) == 2)
    stop.set()
    await running

    assert diary.read_text().splitlines()[-2:] == ["calls", "broker"]


async def test_a_program_deaf_to_the_signal_is_killed(
    make_keeper: MakeKeeper, alive: Callable[[int], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.supervisor.supervise.GRACE_S", 0.05)
    deaf = make_keeper("calls", "trap '' TERM; while :; do sleep 0.01; done")
    stop, ready = asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(supervise([deaf], stop, ready.set))
    await ready.wait()
    pid = deaf.pid
    assert pid is not None

    stop.set()
    await running

    assert not alive(pid)


async def test_stopping_leaves_nothing_when_a_program_has_died_already(
    make_keeper: MakeKeeper, alive: Callable[[int], bool], told: Remembered, until: Until
) -> None:
    broker = make_keeper("broker", "exec sleep 600", foundation=True)
    calls = make_keeper("calls", "exec sleep 600")
    calls._chance = lambda: 1.0  # it waits before it comes back, and is told to stop meanwhile
    stop, ready = asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(supervise([broker, calls], stop, ready.set))
    await ready.wait()
    pids = [keeper.pid for keeper in (broker, calls)]

    os.kill(_pid(calls), signal.SIGKILL)
    await until(lambda: told.words == ["calls ended -9"])
    stop.set()
    await running

    assert not any(alive(pid) for pid in pids if pid is not None)


async def test_one_that_refuses_ends_all(
    make_keeper: MakeKeeper, alive: Callable[[int], bool], until: Until
) -> None:
    broker = make_keeper("broker", "exec sleep 600", foundation=True)
    calls = make_keeper("calls", "echo no ports left; exit 78")
    running = asyncio.create_task(supervise([broker, calls], asyncio.Event(), lambda: None))
    await until(lambda: broker.pid is not None)
    pid = _pid(broker)

    with pytest.raises(Unavailable):
        await running

    assert not alive(pid)


async def test_stopping_before_a_program_is_ready_ends_it(
    make_keeper: MakeKeeper, alive: Callable[[int], bool], until: Until
) -> None:
    async def never() -> bool:
        return False

    broker = make_keeper("broker", "exec sleep 600", foundation=True)
    broker.program = replace(broker.program, ready=never)
    stop = asyncio.Event()
    running = asyncio.create_task(supervise([broker], stop, lambda: None))
    await until(lambda: broker.pid is not None)
    pid = _pid(broker)

    stop.set()
    await running

    assert not alive(pid)


async def test_a_program_waits_for_its_gate(make_keeper: MakeKeeper, until: Until) -> None:
    gates, asked = [Gate.SHUT], 0

    async def ask() -> Gate:
        nonlocal asked
        asked += 1
        return gates[-1]

    broker = make_keeper("broker", "exec sleep 600", foundation=True)
    broker.program = replace(broker.program, gate=ask)
    stop, ready = asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(supervise([broker], stop, ready.set))
    await until(lambda: asked >= 3)
    waiting = broker.pid
    gates.append(Gate.OPEN)
    await ready.wait()

    assert waiting is None
    assert broker.pid is not None
    stop.set()
    await running


async def test_a_program_that_is_not_needed_holds_nobody_up(make_keeper: MakeKeeper) -> None:
    async def never() -> Gate:
        return Gate.NEVER

    demo = make_keeper("demo", "exec sleep 600")
    demo.program = replace(demo.program, gate=never)
    stop, ready = asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(supervise([demo], stop, ready.set))

    await ready.wait()

    assert demo.pid is None
    stop.set()
    await running


async def test_stopping_before_a_gate_opens_starts_nothing(make_keeper: MakeKeeper, until: Until) -> None:
    asked = 0

    async def shut() -> Gate:
        nonlocal asked
        asked += 1
        return Gate.SHUT

    broker = make_keeper("broker", "exec sleep 600")
    broker.program = replace(broker.program, gate=shut)
    stop = asyncio.Event()
    running = asyncio.create_task(supervise([broker], stop, lambda: None))
    await until(lambda: asked >= 1)

    stop.set()
    await running

    assert broker.pid is None


def _pid(keeper: Keeper) -> int:
    assert keeper.pid is not None
    return keeper.pid
