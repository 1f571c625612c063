"""Bytes of a file become rows of text, whatever wrote them, or are refused in a word."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from hub.sheets.messages import SheetFormat, WriteJob
from hub.sheets.tables import MAX_COLUMNS, Refused, Row, read_table
from hub.sheets.text import clean, folded
from hub.sheets.writing import write_sheet


def rows(data: bytes) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.number, row.cells) for row in read_table(data)]


def sheet(*lines: list[object]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for line in lines:
        book.active.append(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_is_read_with_any_usual_separator_and_encoding(separator: str, encoding: str) -> None:
    text = f"姓名{separator}住址\r\n\r\n䶮娃{separator}三组\r\n"
    assert rows(text.encode(encoding)) == [(1, ("姓名", "住址")), (3, ("䶮娃", "三组"))]


def test_a_cell_may_hold_line_breaks_and_the_row_bears_its_first_lines_number() -> None:
    assert rows('a,b\n"一\n二",x\ny,z\n'.encode()) == [(1, ("a", "b")), (2, ("一\n二", "x")), (4, ("y", "z"))]


def test_a_spreadsheet_says_what_a_person_typed() -> None:
    data = sheet(["编号", "电话", "生日"], [7, 13900000001.0, datetime(1941, 5, 3)], [None, True, 1.5])  # noqa: DTZ001
    assert rows(data)[1:] == [(2, ("7", "13900000001", "1941-05-03")), (3, ("", "True", "1.5"))]


def test_the_first_sheet_that_is_shown_counts() -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["hidden"])
    book.active.sheet_state = "hidden"
    book.create_sheet().append(["shown"])
    file = io.BytesIO()
    book.save(file)
    assert rows(file.getvalue()) == [(1, ("shown",))]


def bomb() -> bytes:
    """A spreadsheet that unpacks to a gigabyte."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for n in range(16):
            packed.writestr(f"xl/worksheets/sheet{n}.xml", b"\0" * (20 * 1024 * 1024))
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"  \n", "sheet-empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "sheet-old-excel"),
        (b"PK\x03\x04 and then nothing", "sheet-broken"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "sheet-encoding"),
        (b"\xff\xfe\x00", "sheet-encoding"),
        (b'a,b\n"c,d\n', "sheet-quotes"),
        (b"," * (MAX_COLUMNS + 1) + b"x", "sheet-large"),
        (bomb(), "sheet-large"),
    ],
    ids=["blank", "xls", "zip", "png", "half", "quotes", "wide", "bomb"],
)
def test_what_is_no_table_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_table(data)
    assert refused.value.fault.code == code


WORDS = st.text(
    st.characters(exclude_categories=("C", "Z"), include_characters=" \n"), min_size=1, max_size=12
).filter(lambda text: clean(text) == text != "" and not text.startswith("'"))


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=6), st.sampled_from(SheetFormat))
def test_what_is_written_reads_back_as_it_was(lines: list[tuple[str, str]], made_of: SheetFormat) -> None:
    job = WriteJob(format=made_of, name="residents", titles=("姓名", "住址"), rows=tuple(lines))
    found = read_table(write_sheet(job))
    assert found[0] == Row(1, ("姓名", "住址"))
    assert [row.cells for row in found[1:]] == lines


def test_titles_are_compared_as_people_see_them() -> None:
    assert folded(" 姓 名（必填）") != folded("姓名")
    assert folded("\u200b姓　名*") == folded("姓名")
    assert folded("Ｗay-In") == folded("way_in") == folded("WAY IN")
