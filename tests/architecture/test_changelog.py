"""CHANGELOG.md always has room for what comes next."""

from __future__ import annotations

import re

from tests.architecture.tree import ROOT


def test_the_changelog_begins_with_what_is_not_released_yet() -> None:
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == "Unreleased"


def test_every_decision_stands_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    written = {file.name for file in folder.glob("[0-9]*.md")}
    listed = set(
        re.findall(r"\]\((\d{4}-[a-z0-9-]+\.md)\)", (folder / "README.md").read_text(encoding="utf-8"))
    )
    assert written == listed
