"""What holds for every test: unit tests reach no network, and nothing is skipped in silence.

Fixtures live in files of their own beside this one (tests/postgres.py …); each is found by being there.
"""

from __future__ import annotations

import signal
from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

HERE = Path(__file__).parent
pytest_plugins = [f"tests.{file.stem}" for file in sorted(HERE.glob("*.py")) if file.stem != "conftest"]
pytest.register_assert_rewrite(*pytest_plugins)  # all before any: they import one another

# no time limit stands in a test: these machines are busy, and their disks too
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

WITHOUT_NETWORK = (HERE / "unit", HERE / "architecture")


def pytest_configure() -> None:
    """A shell takes Ctrl-C from what it starts in the background, and so from whatever a test starts."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if any(item.path.is_relative_to(room) for room in WITHOUT_NETWORK):
            item.add_marker(pytest.mark.disable_socket)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _refuse_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _refuse_skip((yield))


def _refuse_skip(report: Report) -> Report:
    """A test that did not run has proved nothing: what is missing is named and fails the run."""
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"No test may be skipped here; put right what is missing. {reason}"
    return report
