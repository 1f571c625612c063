"""Names of columns: fields of the register as people write them above a table, in every language at once."""

from collections.abc import Iterator, Mapping
from typing import Final

from hub.domain.entries import (
    DEVICE_KINDS,
    FEMALE,
    MALE,
    PERSON_KINDS,
    STATUSES,
    AreaDraft,
    ClinicDraft,
    DeviceDraft,
    PersonDraft,
    ResidentDraft,
)
from hub.i18n import LANGUAGES, Phrases
from hub.sheets.messages import ReadJob, SheetKind
from hub.sheets.text import folded

FIELDS: Final[Mapping[SheetKind, tuple[str, ...]]] = {
    SheetKind.RESIDENTS: ResidentDraft.__struct_fields__,
    SheetKind.AREAS: AreaDraft.__struct_fields__,
    SheetKind.PEOPLE: PersonDraft.__struct_fields__,
    SheetKind.CLINICS: ClinicDraft.__struct_fields__,
    SheetKind.DEVICES: DeviceDraft.__struct_fields__,
}
REQUIRED: Final[Mapping[SheetKind, tuple[str, ...]]] = {
    SheetKind.RESIDENTS: ("name", "area"),
    SheetKind.AREAS: ("code", "name"),
    SheetKind.PEOPLE: ("kind", "name", "area"),
    SheetKind.CLINICS: ("name", "area"),
    SheetKind.DEVICES: ("id", "kind"),
}


def title(phrases: Phrases, lang: str, kind: SheetKind, field: str) -> str:
    """What the column `field` is called; the name of an area is not that of a person."""
    own = f"column-{kind.value}-{field.replace('_', '-')}"
    return phrases.say(lang, own if phrases.has(own) else f"column-{field.replace('_', '-')}")


def read_job(phrases: Phrases, kind: SheetKind) -> ReadJob:
    """How a file of `kind` is to be read: whatever language, and the names that registers use besides."""
    titles = {folded(field): field for field in FIELDS[kind]}
    for field in FIELDS[kind]:
        for lang in LANGUAGES:
            titles |= {folded(name): field for name in _names(phrases, lang, kind, field)}
    return ReadJob(kind=kind, titles=titles, required=REQUIRED[kind], words=read_words(phrases))


def _names(phrases: Phrases, lang: str, kind: SheetKind, field: str) -> Iterator[str]:
    yield title(phrases, lang, kind, field)
    also = f"column-also-{field.replace('_', '-')}"
    if phrases.has(also):
        yield from phrases.say(lang, also).split(";")


def read_words(phrases: Phrases) -> dict[str, str]:
    """What a cell may say → what the register keeps."""
    return dict(_words(phrases))


def _words(phrases: Phrases) -> Iterator[tuple[str, str]]:
    values = {"sex-words-female": FEMALE, "sex-words-male": MALE}
    values |= {f"person-words-{kind.replace('_', '-')}": kind for kind in PERSON_KINDS}
    values |= {f"device-words-{kind}": kind for kind in DEVICE_KINDS}
    values |= {f"status-words-{status}": status for status in STATUSES}
    for message, value in values.items():
        yield folded(value), value
        for lang in LANGUAGES:
            for word in phrases.say(lang, message).split(";"):
                yield folded(word), value
