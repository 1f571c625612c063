"""From the written text to the spoken one: a table of contents of the steps."""

import re
from collections.abc import Callable
from typing import Final

from broadcast.domain.spoken import codes, dates, marks, measures, money, phones, web
from broadcast.domain.spoken.clean import clean, is_readable, tidy_stops
from broadcast.domain.spoken.limits import check_text
from broadcast.domain.spoken.numbers import spell
from broadcast.domain.spoken.rule import Rule
from broadcast.errors import Problem, TextError

Normalise = Callable[[str], str]
"""A general normaliser for what the own rules left in digits: one sentence in, the same sentence out."""

RULES: Final[tuple[Rule, ...]] = (
    *web.RULES,
    *marks.RULES,
    *phones.LINES,
    *codes.NAMED,
    *phones.RULES,
    *dates.RULES,
    *money.RULES,
    *measures.RANGES,
    *codes.RULES,
    *measures.RULES,
)
"""In order: what a rule has said holds no digits any more, so no later rule can misread it."""

_SENTENCE: Final = re.compile(r"[^。！？；\n]*[。！？；\n]*")
_DIGIT: Final = re.compile(r"\d")
_SPACES: Final = re.compile(
    r" *\n *| +(?=[，。！？；：、”’）》】…\n])|(?<=[，。！？；：、“‘（《【\n]) +| {2,}"
)


def to_spoken(text: str, normalise: Normalise) -> str:
    """The text as a voice shall read it; TextError when it cannot be read at all.

    The answer holds no digits and none of the signs that voices spell out; stops and line ends stay, for
    they are the pauses. Reading a spoken text again changes nothing.
    """
    check_text(text)
    spoken = clean(text)
    for each in RULES:
        spoken = each.apply(spoken)
    spoken = "".join(_rest(sentence, normalise) for sentence in _SENTENCE.findall(spoken))
    for each in marks.SIGNS:
        spoken = each.apply(spoken)
    spoken = _SPACES.sub(_space, tidy_stops(spoken)).strip(" \n，、；：")
    if not any(map(is_readable, spoken)):
        raise TextError(Problem.TEXT_UNREADABLE)
    return spoken


def _rest(sentence: str, normalise: Normalise) -> str:
    """Hand on only what needs it, a sentence at a time: the general normaliser is slower than linear."""
    if not _DIGIT.search(sentence):
        return sentence
    body = sentence.strip()
    said = normalise(body)
    start = len(sentence) - len(sentence.lstrip())
    return sentence[:start] + spell(said) + sentence[start + len(body) :]


def _space(found: re.Match[str]) -> str:
    return "\n" if "\n" in found[0] else " " if found[0].isspace() and len(found[0]) > 1 else ""
