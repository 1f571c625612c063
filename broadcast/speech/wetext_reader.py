"""The general normaliser: wetext's finite-state grammars for what our own rules left in digits."""

import threading
from functools import cache
from typing import TYPE_CHECKING, Final

from broadcast.domain.spoken import to_spoken

if TYPE_CHECKING:
    from wetext import Normalizer

_LOCK: Final = threading.Lock()
# 0.1.8 hands quotes and backslashes back escaped, as they stand inside its own token format.
_ESCAPED: Final = (('\\"', '"'), ("\\\\", "\\"))


@cache
def _normaliser() -> "Normalizer":
    # Loads 14 grammars from the wheel: a quarter of a second and 50 MB, so only where texts are read.
    from wetext import Normalizer

    return Normalizer(lang="zh", operator="tn")  # type: ignore[no-untyped-call]


def normalise(sentence: str) -> str:
    """One sentence with its numbers in words; from any thread."""
    with _LOCK:  # the grammars make no promise about threads
        said: str = _normaliser().normalize(sentence)
    for escaped, plain in _ESCAPED:
        said = said.replace(escaped, plain)
    return said


def read_aloud(text: str) -> str:
    """How this text will be read aloud: our own rules, then wetext. TextError when it cannot be read."""
    return to_spoken(text, normalise)
