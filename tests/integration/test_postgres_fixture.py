"""The tests' own PostgreSQL: fresh databases, and copies of a prepared one."""

from __future__ import annotations

import psycopg

from tests.postgres import PostgresCluster


def test_a_copy_has_the_rows_of_its_template_and_shares_none_later(
    postgres_cluster: PostgresCluster,
) -> None:
    template = postgres_cluster.create()
    with psycopg.connect(postgres_cluster.conninfo(template)) as connection:
        connection.execute("CREATE TABLE villages (name text)")
        connection.execute("INSERT INTO villages VALUES ('石桥村')")

    first, second = postgres_cluster.create(template=template), postgres_cluster.create(template=template)
    with psycopg.connect(postgres_cluster.conninfo(first)) as connection:
        connection.execute("INSERT INTO villages VALUES ('柳溪村')")
    with psycopg.connect(postgres_cluster.conninfo(second)) as connection:
        names = connection.execute("SELECT name FROM villages").fetchall()

    assert names == [("石桥村",)]
    for name in (first, second, template):
        postgres_cluster.drop(name)


def test_a_database_is_gone_after_its_block(postgres_cluster: PostgresCluster) -> None:
    with postgres_cluster.database() as url:
        name = url.rpartition("/")[2]

    with psycopg.connect(postgres_cluster.conninfo()) as connection:
        left = connection.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [name]).fetchone()
    assert left == (0,)


def test_the_durable_cluster_keeps_what_it_commits(durable_postgres_cluster: PostgresCluster) -> None:
    with psycopg.connect(durable_postgres_cluster.conninfo()) as connection:
        shown = [connection.execute(f"SHOW {name}").fetchone() for name in ("fsync", "synchronous_commit")]
    assert shown == [("on",), ("on",)]
