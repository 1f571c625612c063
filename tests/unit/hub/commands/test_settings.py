"""`xiangyin settings` documents every variable and gives no secret away."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from hub.commands.settings import command, documented, markdown_page

PAGE = Path(__file__).parents[4] / "docs" / "settings.md"


def test_the_page_says_what_the_code_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == markdown_page(), (
        "write it again: xiangyin settings --markdown > docs/settings.md"
    )


def test_every_variable_is_explained() -> None:
    assert [row.variable for row in documented() if len(row.description) < 10] == []


def test_what_a_variable_holds_is_shown_beside_its_explanation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIANGYIN_HTTP_PORT", "9001")

    shown = CliRunner().invoke(command).output

    assert "XIANGYIN_HTTP_PORT=9001\n" in shown
    assert "XIANGYIN_MQTT_PORT=1883  (default)\n" in shown


def test_passwords_and_tokens_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIANGYIN_DATABASE_URL", "postgresql+psycopg://hub:hunter2@db/xiangyin")
    monkeypatch.setenv("XIANGYIN_INFLUX_TOKEN", "t0psecret")

    shown = CliRunner().invoke(command).output

    assert "XIANGYIN_DATABASE_URL=(set, not shown)" in shown
    assert "hunter2" not in shown
    assert "t0psecret" not in shown
