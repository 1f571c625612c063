"""Bytes of a file to rows of text: CSV in UTF-8, UTF-16 or GB18030 with any usual separator, or XLSX."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Final
from xml.etree.ElementTree import ParseError

import msgspec

from hub.domain.errors import Fault
from hub.sheets.text import clean

MAX_ROWS: Final = 50_000
MAX_COLUMNS: Final = 100
MAX_UNPACKED_BYTES: Final = 300 * 1024 * 1024
SEPARATORS: Final = ",\t;"
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_NOT_TEXT: Final = re.compile("[\x00-\x08\x0e-\x1f]")


class Refused(Exception):
    """The file is no table; `fault` says why and what to do."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.fault = Fault("", code, dict(params))


class Row(msgspec.Struct, frozen=True, array_like=True):
    """One row with something in it; `number` is its line, or its row in the sheet, from 1."""

    number: int
    cells: tuple[str, ...]


def read_table(data: bytes) -> list[Row]:
    """The rows of a file that hold anything. Refused when it is no table, or too long a one."""
    if not data.strip():
        raise Refused("sheet-empty")
    if data.startswith(_OLD_EXCEL):
        raise Refused("sheet-old-excel")
    numbered = _sheet(data) if data.startswith(_ZIP) else _text(_decoded(data))
    rows: list[Row] = []
    for number, cells in numbered:
        row = Row(number, tuple(map(clean, cells)))
        if not any(row.cells):
            continue
        if len(rows) > MAX_ROWS or len(row.cells) > MAX_COLUMNS:
            raise Refused("sheet-large", rows=MAX_ROWS, columns=MAX_COLUMNS)
        rows.append(row)
    if not rows:
        raise Refused("sheet-empty")
    return rows


def _decoded(data: bytes) -> str:
    marks = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
    marked = [name for mark, name in marks if data.startswith(mark)]
    for encoding in marked or ["utf-8", "gb18030"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _NOT_TEXT.search(text):
            return text
    raise Refused("sheet-encoding")


def _text(text: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Lines of CSV; a cell may hold line breaks, and its row then bears the number of its first line."""
    head = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Refused("sheet-quotes", line=number) from error
        yield number, [_unguarded(cell) for cell in row]


def _unguarded(cell: str) -> str:
    """Without the mark that keeps a spreadsheet from taking a word for a formula (`hub.sheets.writing`)."""
    return cell[1:] if cell.startswith("'") and cell[1:2] in tuple("=+-@\t\r") else cell


def _sheet(data: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    """Rows of the first sheet that is shown."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED_BYTES:
                raise Refused("sheet-large", rows=MAX_ROWS, columns=MAX_COLUMNS)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
        if sheet is None:
            raise Refused("sheet-empty")
        sheet.reset_dimensions()  # some programs write a wrong size, and rows beyond it would be lost
        yield from _numbered(sheet.iter_rows(values_only=True))
    except (zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, OSError) as error:
        raise Refused("sheet-broken") from error


def _numbered(rows: Iterable[Sequence[object]]) -> Iterator[tuple[int, Sequence[str]]]:
    for number, row in enumerate(rows, start=1):
        last = max((n for n, value in enumerate(row, start=1) if value is not None), default=0)
        yield number, [_said(value) for value in row[:last]]


def _said(value: object) -> str:
    """A cell's value as a person would type it: no .0 behind a telephone number, a date without midnight."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
