"""A real PostgreSQL for the tests: one cluster per session under a temporary folder, a database per test.

`postgres_cluster` gives the cluster, `postgres_url` an empty database, and
`postgres_cluster.database(template=…)` a copy of a prepared one, which costs milliseconds where migrations
cost seconds. The cluster survives no crash (fsync is off); a test that speaks of durability asks for
`durable_postgres_cluster`.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.ports import free_port

BINARIES = Path("/usr/lib/postgresql")
SUPERUSER = "xiangyin"
WITHOUT_DURABILITY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class PostgresCluster:
    """A running server; every database in it belongs to the tests."""

    port: int
    folder: Path
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def url(self, database: str) -> str:
        """What XIANGYIN_DATABASE_URL takes."""
        return f"postgresql+psycopg://{SUPERUSER}@127.0.0.1:{self.port}/{database}"

    def conninfo(self, database: str = "postgres") -> str:
        """What psycopg.connect takes."""
        return f"host=127.0.0.1 port={self.port} user={SUPERUSER} dbname={database}"

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        log = self.folder / "log"
        data = self.folder / "data"
        _run("pg_ctl", "-D", data, "-l", log, "--wait", "--timeout=60", "start", log=log)

    def kill(self) -> None:
        """Ends the server as a crash would: no farewell to anybody, recovery at the next start."""
        _run("pg_ctl", "-D", self.folder / "data", "--wait", "--mode=immediate", "stop")

    def create(self, *, template: str = "template1") -> str:
        """Makes a database, empty or a copy of `template` (which nobody may be using); returns its name."""
        name = f"test_{next(self._numbers)}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop(self, name: str) -> None:
        """Removes a database and cuts off whoever is connected to it."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    @contextmanager
    def database(self, *, template: str = "template1") -> Iterator[str]:
        """The URL of a database that lasts as long as the block."""
        name = self.create(template=template)
        try:
            yield self.url(name)
        finally:
            self.drop(name)

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.conninfo(), autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[PostgresCluster]:
    """A fast cluster that forgets on a crash of the machine."""
    with running_cluster(WITHOUT_DURABILITY) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def durable_postgres_cluster() -> Iterator[PostgresCluster]:
    """A cluster with PostgreSQL's own defaults: what it has committed is on the disk."""
    with running_cluster({}) as cluster:
        yield cluster


@pytest.fixture
def postgres_url(postgres_cluster: PostgresCluster) -> Iterator[str]:
    """The URL of an empty database of this test's own."""
    with postgres_cluster.database() as url:
        yield url


@contextmanager
def running_cluster(settings: dict[str, str]) -> Iterator[PostgresCluster]:
    """Makes and starts a cluster with these settings; stops it and removes its folder at the end."""
    # /tmp itself, not the tests' own folder: PostgreSQL's user must be able to walk down to it.
    folder = Path(tempfile.mkdtemp(prefix="xiangyin-postgres-", dir="/tmp"))
    try:
        _hand_over(folder)
        data = folder / "data"
        _run(
            "initdb",
            "-D",
            data,
            "-U",
            SUPERUSER,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        )
        port = free_port()
        _configure(data, {"port": str(port), "unix_socket_directories": f"'{folder}'"} | settings)
        cluster = PostgresCluster(port=port, folder=folder)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.kill()
    finally:
        shutil.rmtree(folder)


def _configure(data: Path, settings: dict[str, str]) -> None:
    defaults = {"listen_addresses": "'127.0.0.1'", "max_connections": "200", "shared_buffers": "32MB"}
    lines = [f"{name} = {value}\n" for name, value in (defaults | settings).items()]
    with (data / "postgresql.conf").open("a", encoding="ascii") as file:
        file.writelines(lines)


def _hand_over(folder: Path) -> None:
    """PostgreSQL refuses to run as root; then the user that Debian's package made for it runs it."""
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)


def _run(program: str, *arguments: str | Path, log: Path | None = None) -> None:
    command: Sequence[str | Path] = [_binary(program), *arguments]
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    # The server inherits stdout and stderr: a pipe would stay open as long as it runs, a file does not wait.
    with tempfile.TemporaryFile("w+") as output:
        status = subprocess.run(command, stdout=output, stderr=output, cwd="/", check=False).returncode
        output.seek(0)
        said = output.read() + (log.read_text() if status and log and log.exists() else "")
    assert status == 0, f"{program} failed with exit {status}:\n{said}"


def _binary(program: str) -> Path:
    versions = sorted(BINARIES.glob(f"*/bin/{program}"), key=lambda path: int(path.parent.parent.name))
    assert versions, (
        f"no {program} under {BINARIES}: the tests need Debian's package postgresql (make packages)"
    )
    return versions[-1]
