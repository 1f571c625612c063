"""Templates: warnings that the county has written beforehand, with blanks such as {地点} to be filled in."""

import re
from collections.abc import Mapping
from typing import Final

import msgspec

from broadcast.domain.priorities import Category
from broadcast.domain.spoken import check_text
from broadcast.errors import Problem, RequestError

NAME_LIMIT: Final = 40
BLANK_LIMIT: Final = 20
FILLED_LIMIT: Final = 200
MOST_BLANKS: Final = 20
_BLANK: Final = re.compile(r"\{([^{}]*)\}")
_WIDE: Final = str.maketrans("｛｝", "{}")


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """One warning as the county keeps it. `text` holds its blanks in braces, each as often as it is said."""

    id: str
    name: str
    category: Category
    text: str
    changed_at: int = 0
    changed_by: str = ""

    @property
    def blanks(self) -> tuple[str, ...]:
        """What is to be filled in, in the order in which it is said."""
        return tuple(dict.fromkeys(_BLANK.findall(self.text)))


def checked(template: Template) -> Template:
    """`template` as it can be kept. TextError, RequestError: what is wrong with its name, text or blanks."""
    name, text = template.name.strip(), template.text.translate(_WIDE).strip()
    if not name or len(name) > NAME_LIMIT or not name.isprintable():
        raise RequestError(Problem.TEMPLATE_NAME, field="name", limit=NAME_LIMIT)
    check_text(text)
    sound = msgspec.structs.replace(template, name=name, text=_BLANK.sub(_trimmed, text))
    wrong = next((blank for blank in sound.blanks if not _is_blank(blank)), None)
    if wrong is not None or set(_BLANK.sub("", sound.text)) & {"{", "}"} or len(sound.blanks) > MOST_BLANKS:
        raise RequestError(
            Problem.TEMPLATE_BLANK, field="text", blank=wrong or "", limit=BLANK_LIMIT, most=MOST_BLANKS
        )
    return sound


def fill(template: Template, values: Mapping[str, str]) -> str:
    """The text with every blank filled in. RequestError: a blank left empty, a value for none of them, one too long."""
    given = {name.strip(): " ".join(value.split()) for name, value in values.items()}
    unknown = [name for name in given if name not in template.blanks]
    if unknown:
        raise RequestError(
            Problem.TEMPLATE_UNASKED, field="vars", unasked=_listed(unknown), blanks=_listed(template.blanks)
        )
    missing = [name for name in template.blanks if not given.get(name)]
    if missing:
        raise RequestError(Problem.TEMPLATE_UNFILLED, field="vars", unfilled=_listed(missing))
    for name, value in given.items():
        if len(value) > FILLED_LIMIT:
            raise RequestError(Problem.TEMPLATE_VALUE, field="vars", blank=name, limit=FILLED_LIMIT)
    return _BLANK.sub(lambda found: given[found[1]], template.text)


def check_filled(text: str) -> None:
    """RequestError while `text`, which was written from a template, still holds a blank."""
    left = list(dict.fromkeys(_BLANK.findall(text)))
    if left:
        raise RequestError(Problem.TEMPLATE_UNFILLED, field="text", unfilled=_listed(left))


def _is_blank(name: str) -> bool:
    return 0 < len(name) <= BLANK_LIMIT and name.isprintable()


def _trimmed(found: re.Match[str]) -> str:
    return f"{{{found[1].strip()}}}"


def _listed(names: tuple[str, ...] | list[str]) -> str:
    return "、".join(name[:BLANK_LIMIT] for name in names[:MOST_BLANKS]) or "—"
