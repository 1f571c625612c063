"""Rows to the bytes of a file that county offices open with a double click, and that can be taken in again."""

import csv
import io
from collections.abc import Sequence
from typing import Final

from hub.sheets.messages import SheetFormat, WriteJob

_FORMULA: Final = tuple("=+-@\t\r")  # a cell that begins so is run, not shown (OWASP, CSV injection)
_BOM: Final = "\ufeff"  # Excel reads UTF-8 only with it
_WIDEST: Final = 40
_LOOKED_AT: Final = 200


def write_sheet(job: WriteJob) -> bytes:
    """The file."""
    return _csv(job) if job.format is SheetFormat.CSV else _xlsx(job)


def _csv(job: WriteJob) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(job.titles)
    writer.writerows([_guarded(cell) for cell in row] for row in job.rows)
    return (_BOM + file.getvalue()).encode()


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _xlsx(job: WriteJob) -> bytes:
    """Every cell is text: a code of twelve digits stays one, and nothing is a formula."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(job.name[:31])
    sheet.freeze_panes = "A2"

    def text_cell(text: str) -> Cell | str:
        text = ILLEGAL_CHARACTERS_RE.sub("", text)
        if not text.startswith("="):
            return text
        cell = WriteOnlyCell(sheet, text)
        cell.data_type = "s"
        return cell

    head = [WriteOnlyCell(sheet, title) for title in job.titles]
    for n, cell in enumerate(head):
        cell.font = Font(bold=True)
        column = sheet.column_dimensions[get_column_letter(n + 1)]
        column.width = _width(job.titles[n], [row[n] for row in job.rows[:_LOOKED_AT]])
        column.number_format = "@"
    sheet.append(head)
    for row in job.rows:
        sheet.append([text_cell(text) for text in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _width(title: str, texts: Sequence[str]) -> int:
    """In characters of a spreadsheet; a Chinese one is two of them."""
    widest = max(
        (sum(2 if ord(char) > 0x2E7F else 1 for char in text) for text in (title, *texts)), default=0
    )
    return min(_WIDEST, widest + 2)
