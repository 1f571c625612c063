"""Which texts may become a broadcast at all."""

import unicodedata
from typing import Final

from broadcast.domain.spoken.clean import is_readable
from broadcast.errors import Problem, TextError

LONGEST_TEXT: Final = 2_000
"""Characters an admin may write: about nine minutes, longer than anybody listens to a loudspeaker."""

LONGEST_SPOKEN: Final = 3 * LONGEST_TEXT
"""Characters of the text as it is read, where 12:30 has become 十二点三十分."""


def check_text(text: str) -> None:
    """TextError unless it can be read aloud: some of it words, not too long, no broken character."""
    _check(text, LONGEST_TEXT)


def check_spoken(spoken: str) -> None:
    """The same for a spoken text that an admin has corrected; it may be longer than what it came from."""
    _check(spoken, LONGEST_SPOKEN)


def _check(text: str, limit: int) -> None:
    length = len(text.strip())
    if not length:
        raise TextError(Problem.TEXT_EMPTY)
    if length > limit:
        raise TextError(Problem.TEXT_TOO_LONG, length=length, limit=limit)
    for at, char in enumerate(text):
        if unicodedata.category(char) == "Cs" or char in "\0\ufffd":
            raise TextError(Problem.TEXT_BROKEN, at=at + 1)
    if not any(is_readable(char) for char in text):
        raise TextError(Problem.TEXT_UNREADABLE)
