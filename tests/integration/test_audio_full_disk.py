"""A disk that is really full: a small tmpfs in a mount namespace of its own."""

import subprocess
import sys
from pathlib import Path

_STORY = """
import sys
from pathlib import Path
from broadcast.audio.store import FileStore
from broadcast.errors import StoreError
from broadcast.ports import Mastered

disk = Path(sys.argv[1])
store = FileStore(disk / "audio")
small = store.put(Mastered(b"a" * 20_000, 1, -16.0, -3.0))
try:
    store.put(Mastered(b"b" * 900_000, 1, -16.0, -3.0))
except StoreError as error:
    print(error.problem.value, error.kind.value)
print(store.read(small.sha256) == b"a" * 20_000)
print(sum(1 for path in disk.rglob("*") if path.is_file()))
"""


def test_a_full_disk_is_named_and_what_is_there_stays_whole(tmp_path: Path) -> None:
    story = tmp_path / "story.py"
    story.write_text(_STORY)
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = f'mount -t tmpfs -o size=512k tmpfs "{disk}" && exec "{sys.executable}" "{story}" "{disk}"'
    root = Path(__file__).parents[2]
    told = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mounted],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(root), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
    )
    assert told.stdout.split("\n")[:3] == ["broadcast-store-full unavailable", "True", "1"]
