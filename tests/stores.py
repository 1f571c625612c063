"""The main database for tests: `store` runs each test on SQLite and on PostgreSQL, with a small county in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest
from sqlalchemy import insert

from broker_config.passwords import hash_password, new_password
from hub.db import tables as t
from hub.db.store import Store, open_store
from hub.db.transaction import Tx
from hub.domain.people import Role, User
from tests.postgres import PostgresCluster

T = TypeVar("T")

COUNTY = "990421000000"
TOWN, OTHER_TOWN = "990421101000", "990421102000"
VILLAGE, OTHER_VILLAGE = "990421101201", "990421102201"
NO_PASSWORD = hash_password(new_password())  # of a device that never signs in
START_MS = 1_790_000_000_000


class Moved:
    """A clock that is moved by hand."""

    def __init__(self, now_ms: int = START_MS) -> None:
        self.now_ms = now_ms

    def now(self) -> int:
        return self.now_ms

    def move(self, ms: int) -> int:
        self.now_ms += ms
        return self.now_ms


OPERATOR = User(id="u-op", username="op", name="王芳", spoken_name="王值班员", role=Role.OPERATOR, area=TOWN)
OTHER_OPERATOR = User(
    id="u-op2", username="op2", name="李强", spoken_name="李值班员", role=Role.OPERATOR, area=OTHER_TOWN
)
COUNTY_OPERATOR = User(
    id="u-county", username="county", name="赵敏", spoken_name="赵值班员", role=Role.OPERATOR, area=COUNTY
)
CLINIC_STAFF = User(
    id="u-clinic",
    username="dr",
    name="陈静",
    spoken_name="陈医生",
    role=Role.CLINIC,
    area=TOWN,
    clinic="clinic-1",
)
VILLAGE_ADMIN = User(
    id="u-village", username="va", name="周平", spoken_name="周主任", role=Role.VILLAGE_ADMIN, area=VILLAGE
)
USERS = (OPERATOR, OTHER_OPERATOR, COUNTY_OPERATOR, CLINIC_STAFF, VILLAGE_ADMIN)


def settle(tx: Tx) -> None:
    """One county, two towns with a village each, two clinics, three residents, four buttons, five users.

    b-1 and b-1b are r-1's, b-2 is r-2's (other town, other clinic), b-3 is r-3's (no clinic), b-spare nobody's.
    """
    run = tx.conn.execute
    run(
        insert(t.areas),
        [
            {"code": COUNTY, "name": "清溪县", "level": "county", "parent": None},
            {"code": TOWN, "name": "石桥镇", "level": "town", "parent": COUNTY},
            {"code": OTHER_TOWN, "name": "柳林镇", "level": "town", "parent": COUNTY},
            {"code": VILLAGE, "name": "上坪村", "level": "village", "parent": TOWN},
            {"code": OTHER_VILLAGE, "name": "河口村", "level": "village", "parent": OTHER_TOWN},
        ],
    )
    run(
        insert(t.clinics),
        [
            {"id": "clinic-1", "name": "石桥镇卫生院", "area": TOWN, "phone": "0990-5551001"},
            {"id": "clinic-2", "name": "柳林镇卫生院", "area": OTHER_TOWN, "phone": ""},
        ],
    )
    run(
        insert(t.people),
        [{"id": "p-grid", "kind": "grid_worker", "name": "孙勇", "area": VILLAGE, "phone": "13900000001"}],
    )
    run(insert(t.residents), [_resident(*row) for row in _RESIDENTS])
    run(
        insert(t.contacts),
        [
            {
                "id": "k-1",
                "resident": "r-1",
                "position": 1,
                "name": "刘洋",
                "relation": "儿子",
                "phone": "13900000002",
            }
        ],
    )
    for device, resident in (
        ("b-1", "r-1"),
        ("b-1b", "r-1"),
        ("b-2", "r-2"),
        ("b-3", "r-3"),
        ("b-spare", None),
    ):
        add_button(tx, device, resident)
    run(insert(t.users), [_user(user) for user in USERS])


_RESIDENTS = (
    ("r-1", "刘桂兰", VILLAGE, "clinic-1", "p-grid"),
    ("r-2", "郑国栋", OTHER_VILLAGE, "clinic-2", None),
    ("r-3", "何秀英", VILLAGE, None, None),
)


def add_button(tx: Tx, device: str, resident: str | None, password_hash: str = NO_PASSWORD) -> None:
    """A button in service, held by `resident` since ever."""
    row = {"id": device, "kind": "button", "area": None, "password_hash": password_hash, "created_at": 0}
    tx.conn.execute(insert(t.devices), row)
    if resident is not None:
        tx.conn.execute(insert(t.assignments), {"device": device, "resident": resident, "since": 0})


def add_user(tx: Tx, user: User) -> None:
    """One more who can sign in."""
    tx.conn.execute(insert(t.users), _user(user))


def _resident(
    id_: str, name: str, area: str, clinic: str | None, grid_worker: str | None
) -> dict[str, str | int | None]:
    return {"id": id_, "name": name, "area": area, "clinic": clinic, "grid_worker": grid_worker, "born": 1941}


def _user(user: User) -> dict[str, str | None]:
    return {**msgspec.structs.asdict(user), "role": user.role.value, "password_hash": "-"}


@pytest.fixture
def clock() -> Moved:
    """Test time."""
    return Moved()


@pytest.fixture(scope="session")
def settled_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the small county, to be copied."""
    path = tmp_path_factory.mktemp("settled") / "settled.db"
    _prepare(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def settled_postgres(postgres_cluster: PostgresCluster) -> str:
    """A PostgreSQL database with the small county, to be used as a template."""
    name = postgres_cluster.create()
    _prepare(postgres_cluster.url(name))
    return name


def _prepare(url: str) -> None:
    store = open_store(url, owner="test", now=lambda: START_MS)
    store.run_sync(settle)
    store.close()


def copy_sqlite(source: Path, target: Path) -> str:
    """A copy of a database file; its URL."""
    with sqlite3.connect(source) as original, sqlite3.connect(target) as copy:
        original.backup(copy)
    original.close()
    copy.close()
    return f"sqlite:///{target}"


@pytest.fixture
def sqlite_url(settled_sqlite: Path, tmp_path: Path) -> str:
    """A SQLite database with the small county."""
    return copy_sqlite(settled_sqlite, tmp_path / "xiangyin.db")


@pytest.fixture
def settled_postgres_url(postgres_cluster: PostgresCluster, settled_postgres: str) -> Iterator[str]:
    """A PostgreSQL database with the small county."""
    with postgres_cluster.database(template=settled_postgres) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """A database with the small county, of each kind in turn."""
    name = "sqlite_url" if request.param == "sqlite" else "settled_postgres_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture
def store(store_url: str, clock: Moved) -> Iterator[Store]:
    """An open store of each kind, with the small county."""
    opened = open_store(store_url, owner="hub-1", now=clock.now)
    yield opened
    opened.close()


def together(store: Store, commands: Sequence[Callable[[Tx], T]]) -> list[T | Exception]:
    """Run `commands` so that they wait together and share commits; each one's value or error."""
    from concurrent.futures import ThreadPoolExecutor

    def one(command: Callable[[Tx], T]) -> T | Exception:
        try:
            return store.run_sync(command)
        except Exception as error:  # noqa: BLE001 -- it is the outcome
            return error

    with ThreadPoolExecutor(len(commands)) as pool:
        return list(pool.map(one, commands))
