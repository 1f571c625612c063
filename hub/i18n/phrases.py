"""Sentences by id, from the Fluent catalogues beside this file."""

import logging
from functools import cache
from pathlib import Path
from typing import Final

from fluent.runtime import FluentBundle, FluentResource

from hub.i18n.program import program

log = logging.getLogger(__name__)

FOLDER = Path(__file__).parent
LANGUAGES: Final = ("zh", "en")
Param = str | int | float


class Phrases:
    """The catalogues. `lang` is `zh` or `en`; any other language reads Chinese.

    A page or a spoken reply never fails for the want of a sentence: a missing id is said as the id itself and
    a missing parameter as its name, both logged. Tests hold the catalogues whole, so that neither happens.
    """

    def __init__(self) -> None:
        self._bundles = {lang: _bundle(lang) for lang in LANGUAGES}

    def say(self, lang: str, message: str, /, **params: Param | None) -> str:
        """The sentence `message` in `lang`, its `{ $variables }` filled from `params`; None: there is none.

        Every sentence may name this program as `{ $xiangyin }`.
        """
        for name in (lang, *LANGUAGES):
            bundle = self._bundles.get(name)
            if bundle is None or not bundle.has_message(message):
                continue
            pattern = bundle.get_message(message).value
            if pattern is None:
                continue
            text, faults = bundle.format_pattern(pattern, {"xiangyin": program(), **params})
            if faults:
                log.warning("sentence %s in %s: %s", message, name, faults)
            return str(text)
        log.error("no sentence %s in any catalogue", message)
        return message

    def has(self, message: str) -> bool:
        """Whether every language knows the sentence."""
        return all(bundle.has_message(message) for bundle in self._bundles.values())


@cache
def _bundle(lang: str) -> FluentBundle:
    """Parsed once a process: the catalogues do not change while it runs."""
    bundle = FluentBundle([lang], use_isolating=False)
    bundle.add_resource(FluentResource((FOLDER / f"{lang}.ftl").read_text(encoding="utf-8")))
    return bundle
