"""What the pages of broadcasts read of the store; each function runs whole in one read of committed facts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Final

import msgspec

from broadcast.domain.broadcasts import STOPPABLE, Broadcast, BroadcastState
from broadcast.domain.receipts import Coverage, Progress
from broadcast.domain.runs import Run, RunState
from broadcast.domain.zones import is_group
from broadcast.rows import Viewer
from hub.console.pages.broadcasts_places import name_within
from hub.domain.broadcast_views import NOBODY
from hub.ports import Reader

PAGE: Final = 30
OPEN_AT_MOST: Final = 200
RUNS_SHOWN: Final = 10
PARTS_READ: Final = 2000
_OPEN: Final = STOPPABLE
_OVER: Final = frozenset(BroadcastState) - STOPPABLE - {BroadcastState.CANCELLED}
_BEGUN: Final = frozenset(RunState) - {RunState.PLANNED}
_HEARD_OF: Final = frozenset({RunState.SENT, RunState.DONE, RunState.STOPPED})


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One broadcast in the list, with its newest run and how far that has come."""

    broadcast: Broadcast
    places: tuple[str, ...]
    run: Run | None
    coverage: Coverage


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """The list: what sounds now, what waits for a second person, what is coming, and what is over (a page of it).

    `older` is where the next page begins, "" when there is none.
    """

    on_air: tuple[Line, ...]
    waiting: tuple[Line, ...]
    coming: tuple[Line, ...]
    past: tuple[Line, ...]
    older: str


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Loudspeakers of one village, or other place, that share a fate; `place` is its name."""

    place: str
    devices: tuple[Progress, ...]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One run with its coverage; `missing` and `failed` by place, for the newest one that went out alone."""

    run: Run
    coverage: Coverage
    missing: tuple[Part, ...] = ()
    failed: tuple[Part, ...] = ()


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    """One broadcast with everything its page shows; the newest run first."""

    broadcast: Broadcast
    places: tuple[str, ...]
    runs: tuple[Shown, ...]


def read_board(read: Reader, viewer: Viewer, after: str = "") -> Board:
    """The list for `viewer`, its past beginning behind `after`."""
    rows = read.broadcasts
    still = rows.page(viewer, None, OPEN_AT_MOST, _OPEN)
    over = rows.page(viewer, _cursor(after), PAGE + 1, _OVER)
    shown = over[:PAGE]
    lines = _lines(read, (*still, *shown))

    def of(states: Iterable[BroadcastState]) -> tuple[Line, ...]:
        return tuple(lines[each.id] for each in still if each.state in states)

    return Board(
        on_air=of({BroadcastState.RUNNING}),
        waiting=of({BroadcastState.WAITING_APPROVAL}),
        coming=of({BroadcastState.PREPARING, BroadcastState.SCHEDULED}),
        past=tuple(lines[each.id] for each in shown),
        older=f"{shown[-1].created_at}.{shown[-1].id}" if len(over) > PAGE else "",
    )


def soonest_first(board: Board, firsts: Mapping[str, Sequence[int]]) -> Board:
    """What is coming in the order in which it sounds; `firsts`: each one's next moment, empty: at once."""
    coming = sorted(board.coming, key=lambda line: tuple(firsts[line.broadcast.id]))
    return msgspec.structs.replace(board, coming=tuple(coming))


def read_whole(read: Reader, broadcast_id: str, viewer: Viewer) -> Whole | None:
    """The broadcast and its runs; None when `viewer` may not see it."""
    broadcast = read.broadcasts.one(broadcast_id, viewer)
    if broadcast is None:
        return None
    names = _zone_names(read, [broadcast])
    runs = read.broadcasts.runs([broadcast_id], RUNS_SHOWN, _BEGUN)
    coverage = read.broadcasts.coverage([run.id for run in runs])
    newest = next((run.id for run in runs if run.state in _HEARD_OF and run.device is None), "")
    shown = (
        _with_parts(read, run, coverage[run.id], partial(name_within, names, broadcast.area), viewer)
        if run.id == newest or run.state is RunState.SENT
        else Shown(run=run, coverage=coverage.get(run.id, NOBODY))
        for run in runs
    )
    return Whole(broadcast=broadcast, places=_places(broadcast, names), runs=tuple(shown))


def _lines(read: Reader, broadcasts: Sequence[Broadcast]) -> Mapping[str, Line]:
    names = _zone_names(read, broadcasts)
    newest = read.broadcasts.runs([each.id for each in broadcasts], RUNS_SHOWN, _BEGUN)
    runs = {run.broadcast: run for run in reversed(newest) if run.device is None}
    coverage = read.broadcasts.coverage([run.id for run in runs.values()])
    return {
        each.id: Line(
            broadcast=each,
            places=_places(each, names),
            run=runs.get(each.id),
            coverage=coverage.get(runs[each.id].id, NOBODY) if each.id in runs else NOBODY,
        )
        for each in broadcasts
    }


def _with_parts(
    read: Reader, run: Run, coverage: Coverage, name: Callable[[str], str], viewer: Viewer
) -> Shown:
    """A village sees the names of its own loudspeakers alone, though the run went to the whole county."""
    parts = [
        part
        for part in read.broadcasts.progress(run.id, "", PARTS_READ)
        if part.area.startswith(viewer.prefix)
    ]
    failed = [part for part in parts if part.failed_at is not None and part.played_at is None]
    missing = [part for part in parts if not part.is_final]
    return Shown(
        run=run,
        coverage=coverage,
        missing=_by_place(missing, name),
        failed=_by_place(failed, name),
    )


def _by_place(parts: Sequence[Progress], name: Callable[[str], str]) -> tuple[Part, ...]:
    found: dict[str, list[Progress]] = {}
    for part in parts:
        found.setdefault(name(part.area), []).append(part)
    return tuple(Part(place=where, devices=tuple(devices)) for where, devices in sorted(found.items()))


def _zone_names(read: Reader, broadcasts: Iterable[Broadcast]) -> dict[str, str]:
    """Areas, and groups where a broadcast goes to one, by name."""
    names = dict(read.area_names())
    if any(is_group(zone) for each in broadcasts for zone in each.zones):
        names |= {group.id: group.name for group in read.broadcasts.groups("")}
    return names


def _places(broadcast: Broadcast, names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(names.get(zone, zone) for zone in broadcast.zones)


def _cursor(after: str) -> tuple[int, str] | None:
    at, _, last = after.partition(".")
    return (int(at), last) if at.isdecimal() and len(at) < 19 else None
