"""One rule of reading: where it applies and what is said instead."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

Match = re.Match[str]

NUMBER: Final = r"\d+(?:\.\d+)?"
TO: Final = r"\s*(?P<to>-|–|—{1,2}|~|～|至|到)\s*"
"""What stands between the ends of a range."""


def to(found: Match) -> str:
    """What is said for it: 到, and 至 where that was written."""
    return "至" if found["to"] == "至" else "到"


ALONE: Final = r"(?<![\dA-Za-z.])"
"""Before a number that is not the tail of another one or of a code."""


@dataclass(frozen=True)
class Rule:
    """Wherever `pattern` matches, `say` gives the words; what it leaves in digits later rules may read."""

    pattern: re.Pattern[str]
    say: Callable[[Match], str]

    def apply(self, text: str) -> str:
        """The text with every match said."""
        return self.pattern.sub(self.say, text)


def rule(pattern: str, say: Callable[[Match], str], *, flags: re.RegexFlag = re.NOFLAG) -> Rule:
    """A rule from the source of its pattern."""
    return Rule(re.compile(pattern, flags), say)
