"""What the hub and the child say to each other: one job in, one answer out, both JSON; files travel beside it."""

from enum import StrEnum
from typing import Generic, TypeVar

import msgspec

from hub.domain.errors import Fault

D = TypeVar("D")


class SheetKind(StrEnum):
    """What a file lists."""

    RESIDENTS = "residents"
    AREAS = "areas"
    PEOPLE = "people"
    CLINICS = "clinics"
    DEVICES = "devices"


class SheetFormat(StrEnum):
    """What a file is made of."""

    CSV = "csv"
    XLSX = "xlsx"


class ReadJob(msgspec.Struct, frozen=True, kw_only=True, tag="read"):
    """Read a file. `titles`: what a column may be called → its field; `words`: what a cell may say → its value.

    Titles and words are folded (`hub.sheets.text.folded`).
    """

    kind: SheetKind
    titles: dict[str, str]
    required: tuple[str, ...]
    words: dict[str, str]


class WriteJob(msgspec.Struct, frozen=True, kw_only=True, tag="write"):
    """Write a file of `titles` and `rows`, on a sheet of `name`."""

    format: SheetFormat
    name: str
    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Job = ReadJob | WriteJob


class ReadLine(msgspec.Struct, Generic[D], frozen=True, array_like=True, gc=False):
    """One line: its number in the file, what it says, and what in it could not be read."""

    number: int
    draft: D
    faults: tuple[Fault, ...] = ()


class Reading(msgspec.Struct, Generic[D], frozen=True, kw_only=True):
    """What a file says. `refused`: it is no table at all; `header`: its first line names columns that are none.

    On its way it is a line of JSON without `lines`, then lines of JSON with a few hundred of them each: decoding
    one big text would hold the hub's interpreter for as long.
    """

    lines: tuple[ReadLine[D], ...] = ()
    header_line: int = 1
    header: tuple[Fault, ...] = ()
    refused: Fault | None = None


LINES_AT_A_TIME = 200


def written_down(reading: Reading[D]) -> bytes:
    """`reading` as it travels."""
    starts = range(0, len(reading.lines), LINES_AT_A_TIME)
    parts = (msgspec.json.encode(reading.lines[start : start + LINES_AT_A_TIME]) for start in starts)
    return b"\n".join((msgspec.json.encode(msgspec.structs.replace(reading, lines=())), *parts))


def read_back(answer: bytes, draft: type[D]) -> Reading[D]:
    """What `written_down` made, its lines as `draft`."""
    first, *rest = answer.split(b"\n")
    decoder: msgspec.json.Decoder[tuple[ReadLine[D], ...]]
    decoder = msgspec.json.Decoder(tuple[ReadLine[draft], ...])  # type: ignore[valid-type]
    lines = tuple(line for part in rest for line in decoder.decode(part))
    return msgspec.structs.replace(msgspec.json.decode(first, type=Reading[draft]), lines=lines)  # type: ignore[valid-type]
