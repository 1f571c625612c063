"""One program is kept running: what ends is started again and said so, what refuses is not."""

import asyncio
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hub.domain.errors import Unavailable
from tests.unit.hub.supervisor.conftest import MakeKeeper, Remembered, Until


async def test_a_program_that_is_killed_is_started_again(
    make_keeper: MakeKeeper, told: Remembered, until: Until
) -> None:
    keeper = make_keeper("calls", "exec sleep 600")
    kept = asyncio.create_task(keeper.keep())
    await until(lambda: keeper.pid is not None)
    first = keeper.pid
    assert first is not None

    os.kill(first, signal.SIGKILL)
    await until(lambda: keeper.pid not in (None, first))

    assert told.words == ["calls ended -9", "calls again"]
    keeper.end()
    await kept


async def test_a_program_that_fails_is_started_again_each_time(
    make_keeper: MakeKeeper, told: Remembered, until: Until
) -> None:
    keeper = make_keeper("calls", "echo the database is away; exit 3")
    kept = asyncio.create_task(keeper.keep())

    await until(lambda: told.words.count("calls ended 3") >= 3)
    assert told.reasons[0] == "the database is away"

    keeper.end()
    await kept


async def test_a_program_that_refuses_is_not_started_again_and_its_reason_is_handed_on(
    make_keeper: MakeKeeper, told: Remembered
) -> None:
    keeper = make_keeper("calls", "echo starting; echo 'the data are of a newer version'; exit 78")

    with pytest.raises(Unavailable) as refused:
        await keeper.keep()

    assert refused.value.params == {"program": "calls", "reason": "the data are of a newer version"}
    assert told.words == []


async def test_ending_during_the_pause_starts_nothing_more(
    make_keeper: MakeKeeper, told: Remembered, until: Until
) -> None:
    keeper = make_keeper("calls", "exit 3")
    keeper._chance = lambda: 1.0
    kept = asyncio.create_task(keeper.keep())
    await until(lambda: told.words == ["calls ended 3"])

    keeper.end()
    await kept

    assert told.words == ["calls ended 3"]


async def test_what_a_dead_program_had_started_dies_too(
    make_keeper: MakeKeeper, alive: Callable[[int], bool], until: Until, tmp_path: Path
) -> None:
    note = tmp_path / "grandchild"
    keeper = make_keeper("studio", f"sleep 600 & echo $! > {note}.part; mv {note}.part {note}; wait")
    kept = asyncio.create_task(keeper.keep())
    await until(note.exists)
    grandchild = int(note.read_text())
    assert alive(grandchild)
    first = keeper.pid
    assert first is not None

    os.kill(first, signal.SIGKILL)

    await until(lambda: not alive(grandchild))
    keeper.end()
    await kept


async def test_a_program_that_hangs_is_killed_and_started_again(
    make_keeper: MakeKeeper, told: Remembered, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.supervisor.keeper._WATCH_EVERY_S", 0.0)
    replies = iter([True, False, False, True, False, False, False])

    async def answers() -> bool:
        return next(replies, True)

    keeper = make_keeper("calls", "exec sleep 600")
    keeper.program = replace(keeper.program, answers=answers)
    kept = asyncio.create_task(keeper.keep())

    await until(lambda: "calls again" in told.words)

    assert told.words == ["calls hung", "calls ended -9", "calls again"]
    assert next(replies, None) is None, "two misses alone kill nobody"
    keeper.end()
    await kept


async def test_a_program_that_hangs_before_its_parts_were_ready_is_killed_too(
    make_keeper: MakeKeeper, told: Remembered, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.supervisor.keeper._WATCH_EVERY_S", 0.0)
    replies = iter([False, True, False, False, False])

    async def answers() -> bool:
        return next(replies, True)

    async def never() -> bool:
        return False

    keeper = make_keeper("calls", "exec sleep 600")
    keeper.program = replace(keeper.program, answers=answers, ready=never)
    kept = asyncio.create_task(keeper.keep())

    await until(lambda: "calls again" in told.words)

    assert told.words == ["calls hung", "calls ended -9", "calls again"]
    keeper.end()
    await kept


async def test_a_program_that_runs_and_does_not_work_is_spoken_of_once(
    make_keeper: MakeKeeper, told: Remembered, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.supervisor.keeper._LATE_S", 0.0)
    works = asyncio.Event()

    async def ready() -> bool:
        return works.is_set()

    keeper = make_keeper("calls", "exec sleep 600")
    keeper.program = replace(keeper.program, ready=ready)
    kept = asyncio.create_task(keeper.keep())
    await until(lambda: bool(told.words))
    works.set()
    await keeper.until_ready()

    assert told.words == ["calls late"]
    keeper.end()
    await kept


async def test_what_it_prints_is_kept(make_keeper: MakeKeeper, told: Remembered, tmp_path: Path) -> None:
    keeper = make_keeper("calls", "echo out; echo err >&2; exit 78")

    with pytest.raises(Unavailable):
        await keeper.keep()

    assert (tmp_path / "calls.log").read_text() == "out\nerr\n"
