"""What commands say to whoever sits at the terminal, in the terminal's language."""

import os
from contextlib import suppress

import click

from hub.i18n import LANGUAGES, Phrases


def language() -> str:
    """XIANGYIN_LANG, else the terminal's: Chinese where it says so, English elsewhere."""
    asked = os.environ.get("XIANGYIN_LANG", "")
    if asked in LANGUAGES:
        return asked
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def say(message: str, **params: str | int | float) -> str:
    """A sentence of the catalogues."""
    return Phrases().say(language(), message, **params)


def tell(text: str) -> None:
    """Print; a terminal that has gone away is nobody's fault."""
    with suppress(OSError):
        click.echo(text)


def complain(text: str) -> None:
    """Print one line to stderr."""
    with suppress(OSError):
        click.echo(" ".join(text.split()), err=True)
