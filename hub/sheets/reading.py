"""A file to lines of drafts: the first row names the columns, each other row is one entry."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from hub.domain.entries import AreaDraft, ClinicDraft, DeviceDraft, Draft, PersonDraft, ResidentDraft
from hub.domain.errors import Fault
from hub.sheets.cells import Unreadable, Value, fault_of, value_of
from hub.sheets.messages import Reading, ReadJob, ReadLine, SheetKind
from hub.sheets.tables import Refused, Row, read_table
from hub.sheets.text import folded

DRAFTS: Final[Mapping[SheetKind, type[Draft]]] = {
    SheetKind.RESIDENTS: ResidentDraft,
    SheetKind.AREAS: AreaDraft,
    SheetKind.PEOPLE: PersonDraft,
    SheetKind.CLINICS: ClinicDraft,
    SheetKind.DEVICES: DeviceDraft,
}


def read_sheet(data: bytes, job: ReadJob) -> Reading[Draft]:
    """What `data` says, with everything in it that cannot be read."""
    try:
        first, *rest = read_table(data)
    except Refused as refused:
        return Reading(refused=refused.fault)
    titles = _without_empty_end(first.cells)
    fields = [job.titles.get(folded(title)) for title in titles]
    header = tuple(_header_faults(titles, fields, job))
    if header:
        return Reading(header_line=first.number, header=header)
    if not rest:
        return Reading(refused=Fault("", "sheet-empty"))
    known = [field for field in fields if field is not None]
    return Reading(header_line=first.number, lines=tuple(_line(row, known, job) for row in rest))


def _without_empty_end(titles: Sequence[str]) -> Sequence[str]:
    """Spreadsheets leave columns behind that once held something; a cell there is told with its line."""
    last = max(n for n, title in enumerate(titles, start=1) if title)
    return titles[:last]


def _header_faults(titles: Sequence[str], fields: Sequence[str | None], job: ReadJob) -> Iterator[Fault]:
    for n, (title, field) in enumerate(zip(titles, fields, strict=True)):
        if not title:
            yield Fault("", "column-untitled", {"column": n + 1})
        elif field is None:
            yield Fault("", "column-unknown", {"value": title[:80]})
        elif field in fields[:n]:
            yield Fault(field, "column-twice", {"value": title[:80]})
    for field in job.required:
        if field not in fields:
            yield Fault(field, "column-missing")


def _line(row: Row, fields: Sequence[str], job: ReadJob) -> ReadLine[Draft]:
    said: dict[str, Value] = {}
    faults: list[Fault] = []
    for field, cell in zip(fields, (*row.cells, *[""] * (len(fields) - len(row.cells))), strict=False):
        try:
            said[field] = value_of(field, cell, job.words)
        except Unreadable as error:
            faults.append(fault_of(field, cell, error))
    if any(row.cells[len(fields) :]):
        faults.append(Fault("", "entry-outside", {"column": len(row.cells)}))
    return ReadLine(row.number, msgspec.convert(said, DRAFTS[job.kind]), tuple(faults))
