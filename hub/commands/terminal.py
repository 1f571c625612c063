"""What commands say to whoever sits at the terminal, in the terminal's language."""

import os
from contextlib import suppress
from functools import partial

import click

from hub.domain.errors import HubError
from hub.i18n import LANGUAGES, Phrases
from hub.setting_faults import SettingsWrong


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


def languages(*, both: bool) -> tuple[str, ...]:
    """The terminal's own first; `both`: for who starts the program and may read only one. XIANGYIN_LANG is alone."""
    others = LANGUAGES if both and os.environ.get("XIANGYIN_LANG") not in LANGUAGES else ()
    return tuple(dict.fromkeys((language(), *others)))


def say_in_both(message: str, **params: str | int | float) -> str:
    """As `say`, in both languages."""
    return " / ".join(Phrases().say(lang, message, **params) for lang in languages(both=True))


def say_error(lang: str, error: HubError) -> str:
    """What was wrong, as one sentence; of settings, each mistake with its variable."""
    say, params = partial(Phrases().say, lang), dict(error.params)
    if isinstance(error, SettingsWrong):
        told = (_join(fault.field, say(fault.code, **fault.params)) for fault in error.faults)
        params["mistakes"] = "; ".join(told)
    return say(error.code, **params)


def tell(text: str) -> None:
    """Print; a terminal that has gone away is nobody's fault."""
    with suppress(OSError):
        click.echo(text)


def complain(text: str) -> None:
    """Print one line to stderr."""
    with suppress(OSError):
        click.echo(" ".join(text.split()), err=True)


def _join(variable: str, reason: str) -> str:
    return f"{variable}: {reason}" if variable else reason
