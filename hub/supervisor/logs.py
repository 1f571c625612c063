"""What programs print, kept in files of bounded size."""

from contextlib import suppress
from pathlib import Path


class RotatingLog:
    """`<name>.log` and its predecessors `<name>.log.1` … `.n`, together at most `files` × `limit_bytes`.

    Never raises: on a full disk lines are lost, and calls go on.
    """

    def __init__(self, path: Path, *, limit_bytes: int, files: int) -> None:
        self._path = path
        self._limit = limit_bytes
        self._older = files - 1

    def write(self, chunk: bytes) -> None:
        """Append `chunk`; a file that would grow past its limit is put aside first."""
        with suppress(OSError):
            if self._size() + len(chunk) > self._limit:
                self._rotate()
            with self._path.open("ab") as file:
                file.write(chunk)

    def _size(self) -> int:
        return self._path.stat().st_size if self._path.exists() else 0

    def _rotate(self) -> None:
        if not self._path.exists():
            return
        if self._older == 0:
            self._path.unlink()
            return
        for number in range(self._older - 1, 0, -1):
            with suppress(FileNotFoundError):
                self._aside(number).replace(self._aside(number + 1))
        self._path.replace(self._aside(1))

    def _aside(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")
