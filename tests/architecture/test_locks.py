"""The lock files answer pyproject.toml: whoever adds a dependency there locks it (make lock)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.architecture.tree import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS = PROJECT["dependency-groups"]
RUN = [*PROJECT["project"]["dependencies"], *GROUPS["build"]]
DEVELOP = [*RUN, *(line for line in GROUPS["dev"] if isinstance(line, str))]


def locked(lock: str) -> dict[str, list[Version]]:
    """The versions each package is pinned to: several where platforms or Pythons differ."""
    pins: dict[str, list[Version]] = {}
    for package, version in re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / lock).read_text(), re.MULTILINE):
        pins.setdefault(canonicalize_name(package), []).append(Version(version))
    return pins


@pytest.mark.parametrize(("lock", "asked"), [("requirements.txt", RUN), ("requirements-dev.txt", DEVELOP)])
def test_every_dependency_is_pinned_to_a_version_it_allows(lock: str, asked: Iterable[str]) -> None:
    pins = locked(lock)
    wanted = [Requirement(line) for line in asked]
    unmet = [
        str(requirement)
        for requirement in wanted
        if not any(
            requirement.specifier.contains(v) for v in pins.get(canonicalize_name(requirement.name), [])
        )
    ]
    assert unmet == [], "write the locks again: make lock"


def test_tests_run_on_the_versions_that_the_hub_runs_on() -> None:
    run, develop = locked("requirements.txt"), locked("requirements-dev.txt")
    assert {package: versions for package, versions in run.items() if develop.get(package) != versions} == {}
