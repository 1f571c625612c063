"""Documents point at what is there: links between them, commands of make, files of the source."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, name, tracked

DOCUMENTS = [file for file in tracked() if file.suffix == ".md"]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
SOURCE = re.compile(r"`((?:hub|devices|broadcast|broker_config|firmware_sim|tests|scripts|docs)/[\w./-]*)`")
TARGET = re.compile(r"`make ([a-z]+)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_link_leads_to_a_file(document: Path) -> None:
    links = LINK.findall(document.read_text(encoding="utf-8"))
    inside = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in inside if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_source_it_names_is_there(document: Path) -> None:
    named = SOURCE.findall(document.read_text(encoding="utf-8"))
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_target_of_make_that_a_document_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {target for file in DOCUMENTS for target in TARGET.findall(file.read_text(encoding="utf-8"))}
    assert named - targets == set()
    assert {"run", "test"} <= named
