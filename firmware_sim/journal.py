"""What the simulated devices said and showed, one line of JSON each, for people and tests to read."""

from pathlib import Path

import msgspec

ROTATE_BYTES = 4 * 1024 * 1024


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that a device did before its owner's eyes and ears; `at` is this machine's Unix ms."""

    at: int
    device: str
    what: str  # spoke, showed, gave_up, played
    press: str | None = None
    call: str | None = None
    state: str | None = None
    say: str | None = None
    panel: str | None = None
    run: str | None = None
    wav: str | None = None


class Journal:
    """Appends lines to a file, of which it keeps one predecessor; without a path it forgets them."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def write(self, line: Line) -> None:
        """Append one line."""
        if self._path is None:
            return
        if self._path.exists() and self._path.stat().st_size > ROTATE_BYTES:
            self._path.replace(self._path.with_suffix(".old.jsonl"))
        with self._path.open("ab") as file:
            file.write(msgspec.json.encode(line) + b"\n")
