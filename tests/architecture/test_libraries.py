"""Each foreign library has one room that knows it; what else it touches can be counted on one hand."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, ROOT, name, parse, sources

ROOMS = {
    "sqlalchemy": ("hub/db",),
    "alembic": ("hub/db",),
    "psycopg": ("hub/db",),
    "aiomqtt": ("hub/mqtt",),
    "paho": ("hub/mqtt", "firmware_sim"),
    "amqtt": ("broker_config/embedded",),
    # The roles serve the application that the console makes.
    "fastapi": ("hub/console", "hub/roles"),
    "starlette": ("hub/console",),
    "jinja2": ("hub/console",),
    "fluent": ("hub/i18n",),
    "pydantic_settings": ("hub/settings.py",),
    "openpyxl": ("hub/sheets",),
    "influxdb_client": ("hub/telemetry",),
    "edge_tts": ("broadcast/speech",),
    "espeakng_loader": ("broadcast/speech",),
    "wetext": ("broadcast/speech",),
    "pydub": ("broadcast/audio",),
    # The simulator decodes what it plays, as a loudspeaker does.
    "imageio_ffmpeg": ("broadcast/audio", "firmware_sim/recorder.py"),
}


def imported(tree: ast.Module) -> Iterator[str]:
    """The top names of all modules a file imports, also inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def within(file: Path, rooms: tuple[str, ...]) -> bool:
    return any(file.is_relative_to(ROOT / room) for room in rooms)


@pytest.mark.parametrize("library", ROOMS)
def test_a_library_is_known_in_its_room_alone(library: str) -> None:
    strangers = [
        name(file)
        for file in sources(*PACKAGES)
        if library in imported(parse(file)) and not within(file, ROOMS[library])
    ]
    assert strangers == []


def test_the_domains_never_ask_what_time_it_is() -> None:
    """`now` is an argument there. import-linter forbids `time`; `datetime` they need as a type."""
    clocks = {"now", "utcnow", "today"}
    asked = [
        f"{name(file)}:{node.lineno}"
        for file in sources("hub/domain", "broadcast/domain")
        for node in ast.walk(parse(file))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in clocks
        if isinstance(node.func.value, ast.Name) and node.func.value.id in {"datetime", "date"}
    ]
    assert asked == []


def test_a_wait_that_is_cancelled_is_cancelled() -> None:
    """`asyncio.wait_for` swallows a cancellation that meets its result (Python 3.11); `asyncio.timeout` does not."""
    used = [
        f"{name(file)}:{node.lineno}"
        for file in sources(*PACKAGES)
        for node in ast.walk(parse(file))
        if isinstance(node, ast.Attribute) and node.attr == "wait_for"
    ]
    assert used == []
