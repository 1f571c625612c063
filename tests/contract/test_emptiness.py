"""An empty PostgreSQL is told from one with a county and from one that is away."""

from __future__ import annotations

from hub.db.emptiness import is_empty
from hub.db.store import open_store
from tests.ports import free_port


def test_a_server_without_tables_is_empty_and_so_is_one_without_a_county(postgres_url: str) -> None:
    assert is_empty(postgres_url)
    open_store(postgres_url, owner="hub-1", now=lambda: 0).close()

    assert is_empty(postgres_url)


def test_a_server_with_a_county_is_not_empty(settled_postgres_url: str) -> None:
    assert not is_empty(settled_postgres_url)


def test_a_server_that_is_away_is_not_called_empty() -> None:
    assert not is_empty(f"postgresql+psycopg://hub@127.0.0.1:{free_port()}/county")
