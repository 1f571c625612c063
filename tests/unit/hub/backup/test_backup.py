"""A backup is whole or not there; a restore fills an empty folder or leaves it as it was."""

from __future__ import annotations

import io
import sqlite3
import stat
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from pydantic import SecretStr

from hub.backup.manifest import FORMAT, MANIFEST, Manifest, last_backup
from hub.backup.pack import back_up
from hub.backup.unpack import restore
from hub.checkup.backup import examine_backup
from hub.checkup.finding import State
from hub.db.store import open_store
from hub.domain.errors import HubError
from hub.settings import Settings

DAY_S = 86_400


@pytest.fixture
def running(tmp_path: Path) -> Settings:
    """A data folder that has been in use, with what must come along and what must not."""
    settings = Settings(data_dir=tmp_path / "data")
    for name in ("broker/tls", "broker/store", "secrets", "audio/ab", "log", "run", "spool", "recordings"):
        (settings.data_dir / name).mkdir(parents=True)
    open_store(settings.database, owner="test", now=lambda: 0).close()
    for name in (
        "broker/roles.json",
        "broker/tls/ca.pem",
        "secrets/keys.json",
        "audio/ab/abcd",
        "log/calls.log",
    ):
        (settings.data_dir / name).write_text(name)
    (settings.data_dir / "broker/store/mosquitto.db").write_text("queues")
    with closing(sqlite3.connect(settings.data_dir / "secrets/ledger.db")) as ledger:
        ledger.execute("PRAGMA journal_mode = WAL")
        ledger.execute("CREATE TABLE seq (n)")
        ledger.execute("INSERT INTO seq VALUES (7)")
        ledger.commit()
    return settings


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def refused(what: Callable[[], object]) -> str:
    with pytest.raises(HubError) as error:
        what()
    return error.value.code


def archive(path: Path, *members: tuple[str, bytes], manifest: Manifest | None) -> Path:
    head = [] if manifest is None else [(MANIFEST, msgspec.json.encode(manifest))]
    with tarfile.open(path, "w:gz") as tar:
        for name, data in (*head, *members):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return path


def test_what_is_kept_comes_back_and_nothing_else(running: Settings, tmp_path: Path) -> None:
    target = tmp_path / "夜 1.tar.gz"
    with closing(sqlite3.connect(running.data_dir / "xiangyin.db")) as busy:
        busy.execute("BEGIN IMMEDIATE")  # somebody is writing this moment
        back_up(running, target)
    there = Settings(data_dir=tmp_path / "new")
    restore(there, target)

    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert files(there.data_dir) == {
        "xiangyin.db", "secrets/ledger.db", "secrets/keys.json", "broker/roles.json", "broker/tls/ca.pem",
        "audio/ab/abcd",
    }  # fmt: skip
    modes = {stat.S_IMODE(path.stat().st_mode) for path in there.data_dir.rglob("*") if path.is_file()}
    assert modes == {0o600}
    with closing(sqlite3.connect(there.data_dir / "secrets/ledger.db")) as ledger:
        assert ledger.execute("SELECT n FROM seq").fetchall() == [(7,)]
    open_store(there.database, owner="test", now=lambda: 0).close()
    assert {path.name for path in tmp_path.iterdir()} == {"data", "new", target.name}


def test_a_database_elsewhere_comes_back_to_where_the_setting_says(tmp_path: Path, running: Settings) -> None:
    moved = tmp_path / "elsewhere.db"
    (running.data_dir / "xiangyin.db").rename(moved)
    settings = running.model_copy(update={"database_url": SecretStr(f"sqlite:///{moved}")})
    back_up(settings, tmp_path / "b.tar.gz")
    there = Settings(data_dir=tmp_path / "new", database_url=SecretStr(f"sqlite:///{tmp_path / 'other.db'}"))
    restore(there, tmp_path / "b.tar.gz")
    assert (tmp_path / "other.db").exists()
    assert not (there.data_dir / "xiangyin.db").exists()


def test_with_postgresql_the_folder_is_packed_and_the_database_said_to_be_missing(
    tmp_path: Path, running: Settings
) -> None:
    (running.data_dir / "xiangyin.db").unlink()
    elsewhere = {"database_url": SecretStr("postgresql+psycopg://there/x")}
    manifest = back_up(running.model_copy(update=elsewhere), tmp_path / "b.tar.gz")
    assert manifest.schema is None
    new = Settings(data_dir=tmp_path / "new")
    assert refused(lambda: restore(new, tmp_path / "b.tar.gz")) == "restore-other-database"
    restore(new.model_copy(update=elsewhere), tmp_path / "b.tar.gz")
    assert "broker/roles.json" in files(new.data_dir)


def test_a_backup_is_refused_where_it_would_do_harm(tmp_path: Path, running: Settings) -> None:
    (tmp_path / "there").write_text("mine")
    nothing = Settings(data_dir=tmp_path / "nothing")
    assert refused(lambda: back_up(running, tmp_path / "there")) == "backup-there"
    assert refused(lambda: back_up(running, running.data_dir / "b.tar.gz")) == "backup-inside"
    assert refused(lambda: back_up(nothing, tmp_path / "b.tar.gz")) == "data-missing"
    (running.data_dir / "xiangyin.db").write_bytes(b"SQLite format 3\0" + b"rubbish" * 1000)
    assert refused(lambda: back_up(running, tmp_path / "b.tar.gz")) == "backup-database"
    assert {path.name for path in tmp_path.iterdir()} == {"data", "there"}


def test_a_folder_in_use_and_a_database_in_use_are_left_alone(tmp_path: Path, running: Settings) -> None:
    back_up(running, tmp_path / "b.tar.gz")
    before = files(running.data_dir)
    assert refused(lambda: restore(running, tmp_path / "b.tar.gz")) == "restore-not-empty"
    assert files(running.data_dir) == before
    kept = Settings(
        data_dir=tmp_path / "new", database_url=SecretStr(f"sqlite:///{running.data_dir}/xiangyin.db")
    )
    assert refused(lambda: restore(kept, tmp_path / "b.tar.gz")) == "restore-database-there"


def test_a_file_that_is_not_whole_leaves_the_folder_empty(tmp_path: Path, running: Settings) -> None:
    back_up(running, tmp_path / "b.tar.gz")
    whole, there = (tmp_path / "b.tar.gz").read_bytes(), Settings(data_dir=tmp_path / "new")
    for broken in (b"", b"rubbish", whole[: len(whole) // 2], whole[:-4], whole[:5000] + b"x" + whole[5001:]):
        (tmp_path / "broken").write_bytes(broken)
        assert refused(lambda: restore(there, tmp_path / "broken")) == "backup-broken"
        assert list(there.data_dir.iterdir()) == []


@pytest.mark.parametrize(
    ("manifest", "code"),
    [
        (None, "backup-broken"),
        (Manifest(format=FORMAT + 1, made_at=0, schema=None), "backup-newer"),
        (Manifest(format=FORMAT, made_at=0, schema="9999"), "data-newer"),
    ],
)
def test_what_is_no_backup_or_a_newer_one_is_refused(
    tmp_path: Path, manifest: Manifest | None, code: str
) -> None:
    there = Settings(data_dir=tmp_path / "new")
    path = archive(tmp_path / "b.tar.gz", ("xiangyin.db", b"x"), manifest=manifest)
    assert refused(lambda: restore(there, path)) == code
    assert list(there.data_dir.iterdir()) == []


@pytest.mark.parametrize("name", ["../outside", "/outside", "broker/../../outside"])
def test_nothing_is_written_outside_the_folder(tmp_path: Path, running: Settings, name: str) -> None:
    manifest = back_up(running, tmp_path / "b.tar.gz")
    there = Settings(data_dir=tmp_path / "new")
    path = archive(tmp_path / "evil.tar.gz", (name, b"x"), manifest=manifest)
    assert refused(lambda: restore(there, path)) == "backup-broken"
    assert not (tmp_path / "outside").exists()


def test_the_doctor_says_how_old_the_last_one_is(tmp_path: Path, running: Settings) -> None:
    assert examine_backup(running, 0).message == "doctor-backup-none"
    back_up(running, tmp_path / "b.tar.gz")
    last = last_backup(running.data_dir)
    assert last is not None
    made_s = last.at / 1000
    assert (examine_backup(running, made_s).state, examine_backup(running, made_s).params["days"]) == (
        State.OK,
        0,
    )
    old = examine_backup(running, made_s + 9 * DAY_S)
    assert (old.state, old.message, old.params["days"]) == (State.WARN, "doctor-backup-old", 9)
