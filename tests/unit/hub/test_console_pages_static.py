"""What the pages are made of: kept parts as published, our own tone, and nothing from another house."""

import hashlib
import io
import re
import wave
from array import array
from pathlib import Path

import msgspec
import pytest

from hub.console import tone

CONSOLE = Path(__file__).parents[3] / "hub/console"
VENDOR = CONSOLE / "static/vendor"


class Part(msgspec.Struct, forbid_unknown_fields=True):
    package: str
    version: str
    licence: str
    licence_file: str
    path: str
    file: str
    sha256: str


PARTS = msgspec.json.decode((VENDOR / "vendor.json").read_bytes(), type=list[Part])


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.package)
def test_a_kept_part_is_the_published_file_with_its_licence(part: Part) -> None:
    assert hashlib.sha256((VENDOR / part.file).read_bytes()).hexdigest() == part.sha256
    assert (VENDOR / part.licence_file).stat().st_size > 0
    assert part.licence in {"MIT", "0BSD"}


def test_every_kept_file_is_accounted_for() -> None:
    named = {name for part in PARTS for name in (part.file, part.licence_file)}
    assert {file.name for file in VENDOR.iterdir()} == named | {"vendor.json"}


def test_the_ring_tone_is_the_one_its_recipe_makes() -> None:
    kept, made = frames(tone.FILE.read_bytes()), frames(tone.wav())
    assert len(kept) == len(made)
    assert max(abs(a - b) for a, b in zip(kept, made, strict=True)) <= 1  # another libm rounds otherwise


def frames(data: bytes) -> array:  # type: ignore[type-arg]  # array is no generic at run time in 3.11
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, tone.RATE_HZ)
        return array("h", file.readframes(file.getnframes()))


def test_pages_load_nothing_from_elsewhere_and_hold_no_inline_script_or_style() -> None:
    own = [*CONSOLE.glob("templates/**/*.html"), *CONSOLE.glob("static/*.css"), *CONSOLE.glob("static/*.js")]
    for file in own:
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"(?:src|href|url\(|@import)\W{0,3}(?:https?:)?//", text), file
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|hx-on|js:", text), file
