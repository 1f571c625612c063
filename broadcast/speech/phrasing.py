"""A spoken text cut into phrases that a voice can take, with the pauses people need to follow."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from broadcast.domain.spoken.clean import is_readable

_SENTENCE: Final = re.compile(r"[^。！？；…\n]*(?:[。！？；…\n”’）】》]+|$)")
_CLAUSE: Final = re.compile(r"[^，、：, ]*(?:[，、：, ]+|$)")
_PAUSES_MS: Final = (("\n", 900), ("。！？…", 650), ("；", 500), ("，、：", 300))
_NO_STOP_MS: Final = 120
_SPELLED: Final = re.compile(
    r"(?<![点零幺一二三四五六七八九十百千万亿])[零幺一二三四五六七八九]{7,}(?![十百千万亿年])"
)
# How people group what they dictate, by length; telephones in villages have areas of three or four digits.
_GROUPS: Final = {7: (3, 4), 8: (4, 4), 10: (3, 3, 4), 11: (3, 4, 4), 12: (4, 4, 4), 18: (6, 4, 4, 4)}
_SHORT_AREA: Final = ("零幺", "零一", "零二")


@dataclass(frozen=True)
class Phrase:
    """Some words and the silence that follows them."""

    text: str
    pause_ms: int


def phrases(spoken: str, longest: int) -> tuple[Phrase, ...]:
    """Sentences of at most `longest` characters; longer ones are cut at commas, and only then anywhere."""
    pieces = (piece for sentence in _SENTENCE.findall(spoken) for piece in _fitting(sentence, longest))
    return tuple(Phrase(piece.strip(), _pause_ms(piece)) for piece in pieces if any(map(is_readable, piece)))


def joined(parts: tuple[Phrase, ...], longest: int) -> tuple[Phrase, ...]:
    """Neighbouring phrases together as long as they fit, for voices that pause well by themselves."""
    grouped: list[Phrase] = []
    for part in parts:
        if grouped and len(grouped[-1].text) + len(part.text) <= longest:
            grouped[-1] = Phrase(grouped[-1].text + part.text, part.pause_ms)
        else:
            grouped.append(part)
    return tuple(grouped)


def _fitting(sentence: str, longest: int) -> Iterator[str]:
    if len(sentence) <= longest:
        yield sentence
        return
    piece = ""
    for clause in _CLAUSE.findall(sentence):
        if piece and len(piece) + len(clause) > longest:
            yield piece
            piece = ""
        piece += clause
        while len(piece) > longest:
            yield piece[:longest]
            piece = piece[longest:]
    yield piece


def _pause_ms(piece: str) -> int:
    tail = piece.rstrip(" ”’）】》")[-1:]
    return next((pause for stops, pause in _PAUSES_MS if tail and tail in stops), _NO_STOP_MS)


def dictate(spoken: str) -> str:
    """The same with long strings of digits in groups, so that a listener can write them down."""
    return _SPELLED.sub(lambda found: _grouped(found[0]), spoken)


def _grouped(digits: str) -> str:
    sizes = _GROUPS.get(len(digits))
    if len(digits) == 11 and digits[0] == "零" and not digits.startswith(_SHORT_AREA):
        sizes = (4, 3, 4)
    if sizes is None:
        return "，".join(digits[at : at + 4] for at in range(0, len(digits), 4))
    groups, at = [], 0
    for size in sizes:
        groups.append(digits[at : at + size])
        at += size
    return "，".join(groups)
