"""A folder that was in use refuses an empty database; one that never came so far starts again."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from broker_config.passwords import hash_password, new_password
from hub import prepare as preparing
from hub.backup.pack import back_up
from hub.backup.unpack import restore
from hub.checkup.data import examine_data
from hub.commands.stored import opened
from hub.db.store import open_store
from hub.demo.secrets import Secrets
from hub.demo.seed import Hashes
from hub.domain.errors import Unavailable
from hub.lost_database import MARK, check_database
from hub.prepare import prepare
from hub.settings import Settings


class Killed(BaseException):
    """The process ended here."""


def kill(*_: object, **__: object) -> None:
    raise Killed


HASHED = hash_password(new_password())  # one for everybody: nobody signs in here


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody makes keys here and nobody waits for them; no password costs its half a second."""

    def hash_all(secrets: Secrets) -> Hashes:
        return Hashes(dict.fromkeys(secrets.users, HASHED), dict.fromkeys(secrets.devices, HASHED))

    monkeypatch.setattr(preparing, "SIGNER_PATIENCE_S", 0.0)
    monkeypatch.setattr(preparing, "hash_all", hash_all)


@pytest.fixture
def used(tmp_path: Path) -> Settings:
    """The demo county, made ready once."""
    settings = Settings(data_dir=tmp_path / "data")
    prepare(settings)
    return settings


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file with its bytes and the time of its last change."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def lose(settings: Settings) -> None:
    (settings.data_dir / "xiangyin.db").unlink()


def refused(settings: Settings) -> Unavailable:
    """The refusal of a start, which leaves the folder as it was."""
    before = contents(settings.data_dir)
    with pytest.raises(Unavailable) as refusal:
        prepare(settings)
    assert refusal.value.code == "database-lost"
    assert contents(settings.data_dir) == before
    return refusal.value


def test_a_database_that_is_gone_is_not_made_anew(used: Settings) -> None:
    lose(used)

    assert refused(used).params == {
        "database": str(used.data_dir / "xiangyin.db"),
        "folder": str(used.data_dir),
    }


def test_a_folder_older_than_the_mark_is_known_by_its_devices(used: Settings) -> None:
    (used.data_dir / MARK).unlink()
    lose(used)

    refused(used)


def test_a_folder_without_a_broker_of_its_own_is_known_by_its_mark(used: Settings) -> None:
    (used.data_dir / "broker" / "passwd").unlink()
    lose(used)

    refused(used)


def test_an_empty_file_in_its_place_is_refused_too(used: Settings) -> None:
    lose(used)
    (used.data_dir / "xiangyin.db").touch()

    refused(used)


def test_a_database_with_tables_and_no_county_is_refused_too(used: Settings) -> None:
    lose(used)
    open_store(used.database, owner="test", now=lambda: 0).close()

    refused(used)


def test_a_database_on_a_disk_that_is_not_mounted_is_refused_too(used: Settings, tmp_path: Path) -> None:
    url = SecretStr(f"sqlite:///{tmp_path}/disk/county.db")

    assert (
        refused(used.model_copy(update={"database_url": url})).params["database"]
        == f"{tmp_path}/disk/county.db"
    )


def test_a_password_in_the_url_is_not_told(monkeypatch: pytest.MonkeyPatch, used: Settings) -> None:
    monkeypatch.setattr("hub.lost_database.is_empty", lambda _url: True)
    url = SecretStr("postgresql+psycopg://hub:secret@db.example:5433/county?sslpassword=hidden")

    told = refused(used.model_copy(update={"database_url": url})).params["database"]

    assert told == "postgresql+psycopg://hub@db.example:5433/county"


def test_the_database_put_back_is_taken_as_ever(used: Settings) -> None:
    database, away = used.data_dir / "xiangyin.db", used.data_dir.parent / "away.db"
    database.rename(away)
    refused(used)
    away.rename(database)
    accounts = (used.data_dir / "broker" / "passwd").read_text()

    prepare(used)

    assert (used.data_dir / "broker" / "passwd").read_text() == accounts


@pytest.mark.parametrize(
    "moment", ["open_store", "hash_all", "write_fleet", "_write_broker", "write_config", "mark_in_use"]
)
def test_a_first_start_that_was_killed_starts_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    with monkeypatch.context() as patch:
        patch.setattr(preparing, moment, kill)
        with pytest.raises(Killed):
            prepare(settings)

    prepare(settings)

    assert (settings.data_dir / MARK).exists()


def test_an_empty_folder_that_was_only_started_may_change_its_database(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", demo=False)
    prepare(settings)
    lose(settings)

    prepare(settings)

    assert not (settings.data_dir / MARK).exists()


def test_a_restored_folder_starts(used: Settings, tmp_path: Path) -> None:
    back_up(used, tmp_path / "backup.tar.gz")
    restored = Settings(data_dir=tmp_path / "new")

    restore(restored, tmp_path / "backup.tar.gz")

    prepare(restored)


def test_another_hub_with_a_fresh_folder_shares_the_database(used: Settings, tmp_path: Path) -> None:
    other = Settings(data_dir=tmp_path / "other", hub="2", database_url=SecretStr(used.database))

    prepare(other)

    assert (other.data_dir / MARK).exists()


def test_a_damaged_database_is_not_called_lost(used: Settings) -> None:
    (used.data_dir / "xiangyin.db").write_bytes(b"rubbish" * 1000)

    check_database(used)


def test_the_look_leaves_a_database_as_it_was(used: Settings) -> None:
    before = contents(used.data_dir)

    check_database(used)

    assert contents(used.data_dir) == before


def test_commands_and_the_doctor_say_so_too(used: Settings) -> None:
    lose(used)

    with pytest.raises(Unavailable, match="database-lost"), opened(used):
        pass
    with pytest.raises(Unavailable, match="database-lost"):
        list(examine_data(used))
    assert not (used.data_dir / "xiangyin.db").exists()
