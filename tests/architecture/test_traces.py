"""Nothing of the machine it was written on: no paths of a home, no package index, no mirror."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, name, tracked

# Written with brackets so that this file does not find itself.
TRACES = re.compile(
    r"""(?<![\w.~$}])/(?:[r]oot|[h]ome|[U]sers|[w]ork|[f]arm)/\w   # folders of a person or a build machine
    | [b]ash_jobs
    | /opt/(?:[w]heels|[p]ypi)
    | (?:[e]xtra-|-)[i]ndex-url[ =]h | [-]-find-links[ =]
    | [f]iles\.pythonhosted | [p]ypi\.org/simple
    | [r]egistry\.(?:npmjs|yarnpkg|npmmirror) | "[r]esolved":[ ]*"[h]ttp
    | \b(?:[m]irrors?|[p]ypi|[n]exus|[a]rtifactory)\.[a-z0-9-]+\.(?:com|cn|net|org|edu|local|internal)
    """,
    re.VERBOSE | re.MULTILINE,
)
LOCKS = ("requirements.txt", "requirements-dev.txt")


def traces(text: str) -> list[str]:
    return [match.group() for match in TRACES.finditer(text)]


def text_of(file: Path) -> str:
    """The text of a file; nothing when it is a picture or a sound."""
    content = file.read_bytes()
    return "" if b"\0" in content else content.decode("utf-8")


def test_no_tracked_file_names_a_machine_or_a_package_index() -> None:
    found = {name(file): hits for file in tracked() if (hits := traces(text_of(file)))}
    assert found == {}


@pytest.mark.parametrize(
    "line",
    [
        "see /h" + "ome/li/notes",
        "--extra-i" + "ndex-url https://x",
        "https://p" + "ypi.example.com/x",
        "/w" + "ork/a",
    ],
)
def test_a_trace_is_found(line: str) -> None:
    assert traces(line)


@pytest.mark.parametrize("line", ["GET /api/v1/homes/1", "data/work/x", "--no-emit-index-url", "/homework/"])
def test_what_only_looks_like_one_is_let_pass(line: str) -> None:
    assert traces(line) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_a_hash_for_every_package_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    pinned = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]

    assert "://" not in text
    assert len(pinned) > 50
    assert [entry.split()[0] for entry in pinned if "--hash=sha256:" not in entry] == []
