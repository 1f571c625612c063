"""The store by content, on a real folder."""

import errno
import hashlib
import json
import os
import threading
from pathlib import Path

import pytest

from broadcast.audio.store import FileStore
from broadcast.errors import Kind, Problem, StoreError
from broadcast.ports import Mastered

SOUND = Mastered(b"\xff\xf3" * 500, 1200, -16.0, -3.1)
OTHER = Mastered(b"\xff\xf3" * 700, 1700, -16.1, -2.9)
LATER_S = 4e9


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "audio")


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_audio_stands_under_its_hash(store: FileStore, tmp_path: Path) -> None:
    kept = store.put(SOUND)
    assert kept.sha256 == hashlib.sha256(SOUND.mp3).hexdigest()
    assert (kept.size_bytes, kept.duration_ms) == (1000, 1200)
    assert _files(tmp_path / "audio") == {f"{kept.sha256[:2]}/{kept.sha256[2:]}"}
    assert store.read(kept.sha256) == SOUND.mp3
    assert store.path(kept.sha256).read_bytes() == SOUND.mp3


def test_the_same_bytes_are_kept_once(store: FileStore, tmp_path: Path) -> None:
    assert store.put(SOUND) == store.put(SOUND)
    assert len(_files(tmp_path / "audio")) == 1


def test_what_was_made_of_what_is_remembered(store: FileStore, tmp_path: Path) -> None:
    kept = store.put(SOUND)
    store.remember("村民请注意", kept)
    assert store.recall("村民请注意") == kept
    assert store.recall("村民请注意。") is None
    assert FileStore(tmp_path / "audio").recall("村民请注意") == kept


@pytest.mark.parametrize("sha256", ["ab" * 32, "../../etc/passwd", "", "AB" * 32, "ab" * 31])
def test_a_hash_that_is_none_or_unknown_finds_nothing(store: FileStore, sha256: str) -> None:
    with pytest.raises(StoreError) as raised:
        store.read(sha256)
    assert raised.value.problem is Problem.AUDIO_MISSING
    assert raised.value.kind is Kind.NOT_FOUND


def test_damage_is_seen_when_read_and_mended_when_made_again(store: FileStore) -> None:
    kept = store.put(SOUND)
    store.remember("key", kept)
    store.path(kept.sha256).write_bytes(SOUND.mp3[:-1] + b"!")
    with pytest.raises(StoreError) as raised:
        store.read(kept.sha256)
    assert raised.value.problem is Problem.AUDIO_DAMAGED
    assert store.recall("key") is None
    store.put(SOUND)
    assert store.recall("key") == kept


@pytest.mark.parametrize("memo", [b"", b"{", b"[]", b'{"sha256": "xx"}', b"null"])
def test_a_broken_memo_is_forgotten(store: FileStore, tmp_path: Path, memo: bytes) -> None:
    store.remember("key", store.put(SOUND))
    (path,) = (path for path in (tmp_path / "audio" / "memo").rglob("*") if path.is_file())
    path.write_bytes(memo)
    assert store.recall("key") is None


def test_collecting_deletes_what_nobody_refers_to_and_its_memo(store: FileStore, tmp_path: Path) -> None:
    kept, lost = store.put(SOUND), store.put(OTHER)
    store.remember("kept", kept)
    store.remember("lost", lost)
    (tmp_path / "audio" / "tmp" / "crashed").write_bytes(b"half a file")
    freed = store.collect([kept.sha256], older_than_s=3600, now_s=LATER_S)
    assert freed == len(OTHER.mp3) + len(b"half a file")
    assert store.recall("kept") == kept
    assert store.recall("lost") is None
    assert len(_files(tmp_path / "audio")) == 2


def test_what_was_just_made_or_recalled_survives_a_collection(store: FileStore) -> None:
    kept = store.put(SOUND)
    store.remember("key", kept)
    made_s = store.path(kept.sha256).stat().st_mtime
    os.utime(store.path(kept.sha256), (made_s - 7200, made_s - 7200))
    store.recall("key")
    assert store.collect([], older_than_s=3600, now_s=made_s + 60) == 0
    assert store.read(kept.sha256) == SOUND.mp3


def test_making_it_again_renews_what_was_about_to_be_collected(store: FileStore) -> None:
    kept = store.put(SOUND)
    os.utime(store.path(kept.sha256), (0, 0))
    store.put(SOUND)
    now_s = store.path(kept.sha256).stat().st_mtime
    assert store.collect([], older_than_s=3600, now_s=now_s) == 0


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        (errno.ENOSPC, Problem.STORE_FULL),
        (errno.EDQUOT, Problem.STORE_FULL),
        (errno.EIO, Problem.STORE_UNUSABLE),
    ],
)
def test_a_disk_that_refuses_leaves_nothing_behind(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, problem: Problem
) -> None:
    def refuse(handle: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StoreError) as raised:
        store.put(SOUND)
    assert raised.value.problem is problem
    assert raised.value.kind is Kind.UNAVAILABLE
    assert _files(tmp_path / "audio") == set()


def test_a_folder_that_cannot_be_made_is_unusable(tmp_path: Path) -> None:
    (tmp_path / "audio").write_text("a file where the folder should be")
    with pytest.raises(StoreError) as raised:
        FileStore(tmp_path / "audio")
    assert raised.value.problem is Problem.STORE_UNUSABLE


def test_many_studios_may_put_the_same_sound_at_once(store: FileStore, tmp_path: Path) -> None:
    def make() -> None:
        FileStore(tmp_path / "audio").remember("key", store.put(SOUND))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(_files(tmp_path / "audio")) == 2
    recalled = store.recall("key")
    assert recalled is not None
    assert store.read(recalled.sha256) == SOUND.mp3


def test_a_memo_holds_figures_and_no_words(store: FileStore, tmp_path: Path) -> None:
    store.remember("张三请注意", store.put(SOUND))
    (memo,) = (path for path in (tmp_path / "audio" / "memo").rglob("*") if path.is_file())
    assert set(json.loads(memo.read_bytes())) == {
        "sha256", "size_bytes", "duration_ms", "loudness_lufs", "true_peak_dbtp",
    }  # fmt: skip
