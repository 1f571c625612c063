"""A row becomes a draft; what cannot be read is named at its column."""

from __future__ import annotations

import pytest
from msgspec import UNSET

from hub.console.register.titles import FIELDS, REQUIRED, read_job, title
from hub.domain.entries import PersonDraft, ResidentDraft
from hub.domain.residents import Relative
from hub.i18n import LANGUAGES, Phrases
from hub.sheets.cells import Unreadable, value_of
from hub.sheets.messages import ReadJob, SheetKind
from hub.sheets.reading import read_sheet

PHRASES = Phrases()


def job(kind: SheetKind = SheetKind.RESIDENTS) -> ReadJob:
    return read_job(PHRASES, kind)


def test_columns_that_are_not_there_say_nothing_and_empty_cells_say_empty() -> None:
    reading = read_sheet("姓名,村,手机,出生日期\n王二,上坪村,,1941-05-03\n".encode(), job())
    draft = reading.lines[0].draft
    assert isinstance(draft, ResidentDraft)
    assert (draft.name, draft.area, draft.phone, draft.born) == ("王二", "上坪村", "", 1941)
    assert draft.conditions is UNSET
    assert draft.contacts is UNSET


def test_a_short_row_has_empty_cells_and_a_long_one_is_told() -> None:
    reading = read_sheet("姓名,村,电话\n王二\n王三,上坪村,1,多\n".encode(), job())
    assert reading.lines[0].draft == ResidentDraft(name="王二", area="", phone="")
    assert [fault.code for fault in reading.lines[1].faults] == ["entry-outside"]


def test_kinds_and_sexes_are_read_in_both_languages() -> None:
    people = read_sheet(
        "类别,姓名,地区\n家庭医生,何,上坪村\nGrid Worker,李,上坪村\n厨师,王,上坪村\n".encode(),
        job(SheetKind.PEOPLE),
    )
    drafts = [line.draft for line in people.lines]
    assert [d.kind for d in drafts if isinstance(d, PersonDraft)] == ["doctor", "grid_worker", "厨师"]
    read = [value_of("sex", cell, job().words) for cell in ("女", "女性", "F", "male", "男 ", "", "?")]
    assert read == ["女", "女", "女", "男", "男", "", "?"]
    read = [
        value_of("status", cell, job().words) for cell in ("在家", "住院", "Service stopped", "已故", "", "?")
    ]
    assert read == ["home", "hospital", "stopped", "dead", "home", "?"]


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        ("", ()),
        (
            "儿子/彭涛/１３９００００００１１；王嫂 13900000012;",
            (("儿子", "彭涛", "13900000011"), ("", "王嫂", "13900000012")),
        ),
        (
            "女儿，周敏，15401211001\n邻居、彭嫂、15401211002",
            (("女儿", "周敏", "15401211001"), ("邻居", "彭嫂", "15401211002")),
        ),
    ],
)
def test_contacts_are_read_as_people_write_them(cell: str, people: tuple[tuple[str, str, str], ...]) -> None:
    found = tuple(Relative(relation=r, name=n, phone=p) for r, n, p in people)
    assert value_of("contacts", cell, {}) == found


@pytest.mark.parametrize(
    ("field", "cell", "code"),
    [
        ("born", "四十年", "entry-year"),
        ("born", "19410", "entry-year"),
        ("lat", "北纬29", "entry-degrees"),
        ("contacts", "彭涛", "entry-contact"),
        ("contacts", "a/b/c/d", "entry-contact"),
    ],
)
def test_what_cannot_be_read_says_which_sentence_helps(field: str, cell: str, code: str) -> None:
    with pytest.raises(Unreadable) as error:
        value_of(field, cell, {})
    assert error.value.code == code
    assert PHRASES.has(code)


def test_a_header_names_every_column_that_is_wrong() -> None:
    reading = read_sheet("\n姓名,血型,,姓名,\n王二,A,,王三\n".encode(), job())
    assert reading.header_line == 2
    assert [fault.code for fault in reading.header] == [
        "column-unknown", "column-untitled", "column-twice", "column-missing",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", SheetKind)
def test_every_column_has_a_title_of_its_own_in_every_language(kind: SheetKind) -> None:
    names = read_job(PHRASES, kind).titles
    for lang in LANGUAGES:
        titles = [title(PHRASES, lang, kind, field) for field in FIELDS[kind]]
        assert len(set(titles)) == len(titles)
        assert not any(one.startswith("column-") for one in titles)
        reading = read_sheet((",".join(titles) + "\n" + "x," * (len(titles) - 1) + "x\n").encode(), job(kind))
        assert reading.header == ()
    assert set(names.values()) == set(FIELDS[kind])
    assert set(REQUIRED[kind]) <= set(FIELDS[kind])
