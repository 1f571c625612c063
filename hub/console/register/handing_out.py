"""The register on its way out: rows of words that the same hub takes in again, as a file made in a child."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from hub.console.context import ConsoleContext
from hub.console.register.taking_in import known
from hub.console.register.titles import FIELDS, title
from hub.domain.entries import Entry
from hub.domain.errors import NotFound
from hub.domain.people import User, register_scope, sees_medical_notes
from hub.domain.residents import Relative
from hub.i18n import Phrases
from hub.ports import Reader
from hub.services.import_names import Spelling
from hub.sheets.messages import SheetFormat, SheetKind, WriteJob

MEDIA_TYPES: Final = {
    SheetFormat.CSV: "text/csv; charset=utf-8",
    SheetFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_ENTRIES: Final[Mapping[SheetKind, Callable[[Reader, str], Sequence[Entry]]]] = {
    SheetKind.RESIDENTS: lambda read, prefix: read.residents(prefix),
    SheetKind.AREAS: lambda read, prefix: read.areas(prefix),
    SheetKind.PEOPLE: lambda read, prefix: read.people(prefix),
    SheetKind.CLINICS: lambda read, prefix: read.clinics(prefix),
}


async def hand_out(
    context: ConsoleContext,
    kind: SheetKind,
    made_of: SheetFormat,
    user: User,
    lang: str,
    *,
    empty: bool = False,
) -> bytes:
    """A file of all that the user may see, or of the titles alone when `empty`. NotFound, Unavailable.

    Those who need no medical notes get none.
    """
    prefix = register_scope(user).area_prefix
    if prefix is None:
        raise NotFound("register-not-yours")
    phrases = context.phrases
    fields = tuple(f for f in FIELDS[kind] if f != "conditions" or sees_medical_notes(user))

    def collect(read: Reader) -> WriteJob:
        spelling = Spelling(known(read, user))
        return WriteJob(
            format=made_of,
            name=phrases.say(lang, f"nav-{kind.value}"),
            titles=tuple(title(phrases, lang, kind, field) for field in fields),
            rows=tuple(
                tuple(said(one, field, spelling, phrases, lang) for field in fields)
                for one in (() if empty else _ENTRIES[kind](read, prefix))
            ),
        )

    return await context.sheets.write(await context.store.read(collect))


def said(entry: Entry, field: str, spelling: Spelling, phrases: Phrases, lang: str) -> str:
    """What a field of `entry` says, in words that the register takes back."""
    value = getattr(entry, field)
    match field:
        case "area":
            return spelling.area(value)
        case "clinic":
            return spelling.clinic(value)
        case "doctor" | "grid_worker":
            return spelling.helper(value)
        case "kind" | "status":
            sentence = "person-kind" if field == "kind" else field
            return phrases.say(lang, f"{sentence}-{value.replace('_', '-')}")
        case "contacts":
            return ";".join(map(_relative, value))
        case _:
            return "" if value is None else str(value)


def _relative(who: Relative) -> str:
    return "/".join(word for word in (who.relation, who.name, who.phone) if word)
