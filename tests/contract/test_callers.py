"""What the queue reads of callers, the same in both stores."""

from __future__ import annotations

from sqlalchemy import update

from hub.db import tables as t
from hub.db.store import Store
from hub.domain.residents import Caller, Whereabouts


def test_a_caller_is_known_by_age_health_and_whereabouts(store: Store) -> None:
    ill = (
        update(t.residents).where(t.residents.c.id == "r-1").values(conditions=" 高血压 ", status="hospital")
    )
    store.run_sync(lambda tx: tx.conn.execute(ill))
    found = store.read_sync(lambda read: read.callers({"r-1", "r-3", "r-none"}))
    assert found == {
        "r-1": Caller(born=1941, is_ill=True, status=Whereabouts.HOSPITAL.value),
        "r-3": Caller(born=1941),
    }
    assert store.read_sync(lambda read: read.callers(())) == {}
