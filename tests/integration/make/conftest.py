"""Small checkouts: a fresh one for each test, and one that is installed already, for tests that leave it alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.make.checkout import Checkout, new_checkout


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    checkout = new_checkout(tmp_path)
    yield checkout
    checkout.end_all()


@pytest.fixture(scope="package")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    checkout = new_checkout(tmp_path_factory.mktemp("installed"))
    checkout.run_to_ready()
    yield checkout
    checkout.end_all()
