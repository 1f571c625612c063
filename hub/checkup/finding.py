"""What a check found."""

from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    """How a part is. `warn`: it works, and somebody should look."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One part's state; `message` names the sentence that says what was found and what to do."""

    part: str
    state: State
    message: str
    params: dict[str, str | int] = field(default_factory=dict)


def fine(part: str, message: str, **params: str | int) -> Finding:
    """Nothing to do."""
    return Finding(part, State.OK, message, params)


def doubtful(part: str, message: str, **params: str | int) -> Finding:
    """It works; the sentence says what to look at."""
    return Finding(part, State.WARN, message, params)


def broken(part: str, message: str, **params: str | int) -> Finding:
    """The sentence says what to do."""
    return Finding(part, State.BAD, message, params)
