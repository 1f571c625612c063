"""A hub that is upgraded while people work: what they have in hand goes on under the rules of the new version."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, Table, create_engine, insert

import hub.db
from hub.db.store import open_store
from hub.domain.calls import CallState
from hub.domain.people import Scope
from tests.postgres import PostgresCluster

BEFORE = "0003"
CALL: dict[str, str | int | bool | None] = {
    "kind": "sos",
    "device": "b-1",
    "area": "990421101201",
    "raised_at": 1,
    "pressed_at": 1,
    "presses": 1,
    "rev": 1,
    "rung": "[]",
    "decoded": True,
    "late": False,
    "drill": False,
    "test": False,
}
HELD = {"holder_id": "u-1", "holder_name": "王芳", "holder_spoken_name": "王值班员", "holder_since": 1}
EVERYTHING = Scope(area_prefix="9")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(
    request: pytest.FixtureRequest, tmp_path: Path, postgres_cluster: PostgresCluster
) -> Iterator[str]:
    """A database with nothing in it, of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'old.db'}"
        return
    with postgres_cluster.database() as url:
        yield url


def make_old(url: str) -> None:
    """The schema of the version before, with one call that somebody has and one that waits."""
    config = Config()
    config.set_main_option("script_location", str(Path(hub.db.__file__).parent / "migrations"))
    engine = create_engine(url)
    with engine.begin() as conn:
        config.attributes["connection"] = conn
        command.upgrade(config, BEFORE)
        calls = Table("calls", MetaData(), autoload_with=conn)
        for call, state, holder in (("c-held", "answered", HELD), ("c-waits", "ringing", {})):
            own = {"id": call, "state": state, "subject": f"d:{call}", "open_key": f"d:{call}"}
            conn.execute(insert(calls).values(CALL | own | holder))
    engine.dispose()


def test_a_call_in_hand_gets_its_five_minutes(empty_url: str) -> None:
    make_old(empty_url)
    store = open_store(empty_url, owner="hub-1", now=lambda: 0)
    held = store.read_sync(lambda read: read.call("c-held", EVERYTHING))
    waits = store.read_sync(lambda read: read.call("c-waits", EVERYTHING))
    timers = store.read_sync(lambda read: read.due_timers(2**52, 10))
    store.close()

    assert held is not None
    assert waits is not None
    assert held.lapses_at is not None
    assert (held.state, waits.state, waits.lapses_at) == (CallState.ANSWERED, CallState.RINGING, None)
    assert [(timer.call, timer.step, timer.due_at) for timer in timers] == [
        ("c-held", "case.remind", held.lapses_at - 60_000)
    ]
