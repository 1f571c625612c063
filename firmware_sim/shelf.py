"""The devices' flash: a folder each, written by rename so that a kill leaves the old or the new state."""

from pathlib import Path


class Shelf:
    """Small files of many devices under one folder; without a folder nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def read(self, device: str, name: str) -> bytes | None:
        """Return what was written last under this name; None when nothing was."""
        if self._folder is None:
            return None
        try:
            return (self._folder / device / name).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, device: str, name: str, data: bytes) -> None:
        """Replace what is kept. Not synced: a device's flash need not outlive this machine's power."""
        if self._folder is None:
            return
        path = self._folder / device / name
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(path.name + ".new")
        fresh.write_bytes(data)
        fresh.replace(path)
