"""Cells to values of the register. What cannot be read is a fault with the sentence that says what to write."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from hub.domain.entries import FEMALE, MALE
from hub.domain.errors import Fault
from hub.domain.residents import Relative, Whereabouts
from hub.sheets.text import clean, folded, narrow

Value = str | int | float | tuple[Relative, ...] | None
SHOWN: Final = 80
_YEAR: Final = re.compile(r"(\d{4})(?:[-./\u5e74].*)?")
_SEXES: Final = {"f": FEMALE, "female": FEMALE, "m": MALE, "male": MALE}
_BETWEEN_PEOPLE: Final = re.compile(r"[;\uff1b\n]+")
_BETWEEN_WORDS: Final = re.compile(r"[/\uff0f,\uff0c\u3001\s]+")


class Unreadable(Exception):
    """A cell does not hold what its column asks for; `code` is the sentence."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def value_of(field: str, cell: str, words: Mapping[str, str]) -> Value:
    """What `cell` says in the column `field`. Unreadable."""
    return _READERS.get(field, _plain)(cell, words)


def fault_of(field: str, cell: str, error: Unreadable) -> Fault:
    """The fault of an unreadable cell."""
    return Fault(field, error.code, {"value": cell[:SHOWN]})


def _plain(cell: str, _words: Mapping[str, str]) -> str:
    return clean(cell)


def _narrow(cell: str, _words: Mapping[str, str]) -> str:
    return narrow(cell)


def _reference(cell: str, _words: Mapping[str, str]) -> str | None:
    return clean(cell) or None


def _word(cell: str, words: Mapping[str, str]) -> str:
    return words.get(folded(cell), clean(cell))


def _sex(cell: str, words: Mapping[str, str]) -> str:
    said = folded(cell)
    return _SEXES.get(said) or words.get(said, clean(cell))


def _status(cell: str, words: Mapping[str, str]) -> str:
    return words.get(folded(cell), clean(cell)) or Whereabouts.HOME.value


def _year(cell: str, _words: Mapping[str, str]) -> int | None:
    said = narrow(cell)
    if not said:
        return None
    match = _YEAR.fullmatch(said)
    if match is None:
        raise Unreadable("entry-year")
    return int(match[1])


def _degrees(cell: str, _words: Mapping[str, str]) -> float | None:
    said = narrow(cell)
    try:
        return float(said) if said else None
    except ValueError as error:
        raise Unreadable("entry-degrees") from error


def _contacts(cell: str, _words: Mapping[str, str]) -> tuple[Relative, ...]:
    """`relation/name/telephone; …`, or `name/telephone` without the relation."""
    return tuple(_relative(said) for said in _BETWEEN_PEOPLE.split(cell) if said.strip())


def _relative(said: str) -> Relative:
    words = _BETWEEN_WORDS.split(clean(said))
    if len(words) not in (2, 3):
        raise Unreadable("entry-contact")
    return Relative(relation=words[0] if len(words) == 3 else "", name=words[-2], phone=narrow(words[-1]))


_READERS: Final[Mapping[str, Callable[[str, Mapping[str, str]], Value]]] = {
    "id": _narrow,
    "code": _narrow,
    "phone": _narrow,
    "sex": _sex,
    "kind": _word,
    "status": _status,
    "born": _year,
    "lat": _degrees,
    "lon": _degrees,
    "contacts": _contacts,
    "clinic": _reference,
    "doctor": _reference,
    "grid_worker": _reference,
    "resident": _reference,
}
