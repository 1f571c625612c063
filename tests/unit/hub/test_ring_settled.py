"""What the ring outlives: a press that is stored on another way while it waits, and a spool that it cannot read."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest

from devices.messages import Press, PressKind
from hub.domain.residents import Household
from hub.ring import Ring
from hub.services.ingest import Ingested, PressArrived
from hub.spool import Spool


def arrived(press: str) -> PressArrived:
    return PressArrived(device="b-1", press=Press(id=press, kind=PressKind.SOS), received_at=1)


async def test_the_ring_outlives_a_press_that_was_stored_before_it_looked(tmp_path: Path) -> None:
    """Found by simulation: a database that hung stored the press in the moment in which the ring took it up."""
    stored: list[str] = []

    async def store(one: PressArrived) -> Ingested:
        stored.append(one.press.id)
        return Ingested(call=None, replies=())

    nowhere = Household(device="b-1", known=False, resident=None, resident_name=None, area="99", clinic=None)
    ring = Ring(
        spool=Spool(tmp_path / "spool", slots=2),
        store=store,
        show=lambda _: None,
        household=lambda _: nowhere,
    )
    running = asyncio.create_task(ring.run())
    ring.add(arrived("press-1"))
    ring.settle(arrived("press-1"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    ring.add(arrived("press-2"))
    for _ in range(10):  # turns of the loop; a ring that is alive needs two
        await asyncio.sleep(0)
    running.cancel()

    assert stored == ["press-2"]


async def test_what_another_version_left_in_the_spool_stays_there_and_keeps_no_other_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spool = Spool(tmp_path / "spool", slots=4)
    spool.write(b'{"device": "b-1", "kind": "of a later version"}')
    spool.write(msgspec.json.encode(arrived("press-1")))
    spool.close()

    async def store(_: PressArrived) -> Ingested:
        return Ingested(call=None, replies=())

    again = Spool(tmp_path / "spool", slots=4)
    nowhere = Household(device="b-1", known=False, resident=None, resident_name=None, area="99", clinic=None)
    ring = Ring(spool=again, store=store, show=lambda _: None, household=lambda _: nowhere)

    assert ring.recover() == 1
    assert "of a later version" in caplog.text
    ring.settle(arrived("press-1"))
    assert [data for _, data in again.read()] == [b'{"device": "b-1", "kind": "of a later version"}']
    again.close()
