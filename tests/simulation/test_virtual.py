"""Virtual time: it jumps to what is due, in order, and never waits."""

from __future__ import annotations

import asyncio

import pytest

from tests.simulation.virtual import VirtualLoop, run


def test_a_week_passes_at_once_and_in_order() -> None:
    seen: list[tuple[str, float]] = []

    async def sleeper(loop: VirtualLoop, name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        seen.append((name, loop.time()))

    async def main(loop: VirtualLoop) -> float:
        await asyncio.gather(*(sleeper(loop, n, s) for n, s in (("late", 604_800.0), ("soon", 1.0))))
        return loop.time()

    assert run(main) == pytest.approx(604_800.0)
    assert [name for name, _ in seen] == ["soon", "late"]


def test_who_waits_for_what_never_comes_is_told() -> None:
    async def main(loop: VirtualLoop) -> None:
        await loop.create_future()

    with pytest.raises(RuntimeError, match="nothing is due"):
        run(main)
