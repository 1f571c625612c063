"""`xiangyin settings`: every variable, its default, what it holds now, and what it is for."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from hub.settings import PREFIX, Settings, load_settings

_INTRODUCTION = """# Settings

Every setting is an environment variable. This page is written by `xiangyin settings --markdown`; the command
without that option also shows what each variable holds now, passwords and tokens excepted.

| variable | default | what it is for |
|---|---|---|
"""


class Setting(NamedTuple):
    """One variable as it is documented; `default` is "unset" when there is none."""

    variable: str
    default: str
    description: str


@click.command("settings", help="Print every setting.")
@click.option("--markdown", is_flag=True, help="Print docs/settings.md.")
def command(*, markdown: bool) -> None:
    """Print every setting."""
    if markdown:
        click.echo(markdown_page(), nl=False)
        return
    current = load_settings()
    for name, setting in zip(Settings.model_fields, documented(), strict=True):
        held = getattr(current, name)
        shown = "(set, not shown)" if isinstance(held, SecretStr) else _plain(held)
        changed = name in current.model_fields_set
        click.echo(
            f"{setting.variable}={shown if changed else setting.default}{'' if changed else '  (default)'}"
        )
        click.echo(f"    {setting.description}")


def documented() -> Iterator[Setting]:
    """Every variable in the order of `Settings`."""
    for name, field in Settings.model_fields.items():
        yield Setting(PREFIX + name.upper(), _default(field), field.description or "")


def markdown_page() -> str:
    """The text of docs/settings.md."""
    rows = [
        f"| `{row.variable}` | {_code(row.default)} | {_cell(row.description)} |\n" for row in documented()
    ]
    return _INTRODUCTION + "".join(rows)


def _default(field: FieldInfo) -> str:
    return _plain(field.default)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Path) and not value.is_absolute():
        return f"./{value}"
    return "unset" if value is None or value == "" else str(value)


def _code(value: str) -> str:
    return value if value == "unset" else f"`{value}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
