"""What the pages of broadcasts read of the store; each function runs whole in one read of committed facts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Final

import msgspec

from broadcast.domain import priorities
from broadcast.domain.broadcasts import STOPPABLE, Broadcast, BroadcastState
from broadcast.domain.priorities import PRIORITIES, Category
from broadcast.domain.receipts import Coverage, Progress
from broadcast.domain.runs import Run, RunState
from broadcast.domain.zones import Group, Loudspeaker, covers, is_county_wide
from broadcast.rows import Viewer
from devices.errors import IdError
from devices.ids import area_level, county_of
from devices.topics import DeviceKind
from hub.console.pages.queue import place
from hub.domain.areas import Area, area_prefix
from hub.domain.broadcast_views import NOBODY
from hub.domain.people import User
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


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """An area that can be chosen, how many loudspeakers it has with all below it, and what lies in it."""

    code: str
    name: str
    loudspeakers: int
    below: "tuple[Spot, ...]"


class Picker(msgspec.Struct, frozen=True, kw_only=True):
    """Where the user may broadcast."""

    areas: tuple[Spot, ...]
    groups: tuple[Group, ...]


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """How many loudspeakers the chosen places have, and whether a second person has to agree to it."""

    loudspeakers: int
    needs_two: bool


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A loudspeaker and the name of the place where it stands."""

    id: str
    place: str


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


def read_picker(read: Reader, user: User) -> Picker:
    """The areas and groups that `user` may broadcast to."""
    prefix = area_prefix(user.area)
    areas = read.areas(prefix)
    standing = [each.area for each in _loudspeakers(read, prefix)]
    top = [area for area in areas if area.code == user.area]
    return Picker(
        areas=tuple(_spot(area, areas, standing) for area in top),
        groups=tuple(group for group in read.broadcasts.groups(prefix) if group.members),
    )


def read_reach(read: Reader, user: User, zones: Sequence[str], category: Category) -> Reach:
    """Whom a broadcast to `zones` would reach; places that are not the user's count for nothing."""
    prefix = area_prefix(user.area)
    everyone = _loudspeakers(read, area_prefix(county_of(user.area)))
    mine = {each.id: each for each in everyone if each.area.startswith(prefix)}
    groups = {group.id: group.members for group in read.broadcasts.groups(prefix)}
    reached: dict[str, Loudspeaker] = {}
    for zone in zones:
        members = groups.get(zone)
        inside = (each for each in mine.values() if _stands_in(each, zone))
        found = inside if members is None else (mine[name] for name in members if name in mine)
        reached |= {each.id: each for each in found}
    own = [zone for zone in zones if zone in groups or _is_area(zone)]
    county_wide = bool(reached) and is_county_wide(own, list(reached.values()), everyone)
    return Reach(
        loudspeakers=len(reached),
        needs_two=priorities.needs_two(PRIORITIES[category], county_wide=county_wide),
    )


def read_loudspeakers(read: Reader, user: User) -> Sequence[Standing]:
    """The user's loudspeakers, by place."""
    names = read.area_names()
    found = (
        Standing(id=each.id, place=name_within(names, user.area, each.area))
        for each in _loudspeakers(read, area_prefix(user.area))
    )
    return sorted(found, key=lambda each: (each.place, each.id))


def read_whole(read: Reader, broadcast_id: str, viewer: Viewer) -> Whole | None:
    """The broadcast and its runs; None when `viewer` may not see it."""
    broadcast = read.broadcasts.one(broadcast_id, viewer)
    if broadcast is None:
        return None
    names = read.area_names()
    runs = read.broadcasts.runs([broadcast_id], RUNS_SHOWN, _BEGUN)
    coverage = read.broadcasts.coverage([run.id for run in runs])
    newest = next((run.id for run in runs if run.state in _HEARD_OF and run.device is None), "")
    shown = (
        _with_parts(read, run, coverage[run.id], partial(name_within, names, broadcast.area), viewer)
        if run.id == newest or run.state is RunState.SENT
        else Shown(run=run, coverage=coverage.get(run.id, NOBODY))
        for run in runs
    )
    return Whole(broadcast=broadcast, places=_places(read, broadcast, names), runs=tuple(shown))


def _lines(read: Reader, broadcasts: Sequence[Broadcast]) -> Mapping[str, Line]:
    names = read.area_names()
    newest = read.broadcasts.runs([each.id for each in broadcasts], RUNS_SHOWN, _BEGUN)
    runs = {run.broadcast: run for run in reversed(newest) if run.device is None}
    coverage = read.broadcasts.coverage([run.id for run in runs.values()])
    return {
        each.id: Line(
            broadcast=each,
            places=_places(read, each, names),
            run=runs.get(each.id),
            coverage=coverage.get(runs[each.id].id, NOBODY) if each.id in runs else NOBODY,
        )
        for each in broadcasts
    }


def name_within(names: Mapping[str, str], home: str, area: str) -> str:
    """The name of `area`, without what goes without saying in the area `home`."""
    return place(area, names).removeprefix(place(home, names)).strip() or names.get(area, area)


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


def _places(read: Reader, broadcast: Broadcast, names: Mapping[str, str]) -> tuple[str, ...]:
    groups = {group.id: group.name for group in read.broadcasts.groups(area_prefix(broadcast.area))}
    return tuple(groups.get(zone) or names.get(zone, zone) for zone in broadcast.zones)


def _loudspeakers(read: Reader, prefix: str) -> list[Loudspeaker]:
    return [
        Loudspeaker(device.id, device.area)
        for device in read.devices(prefix)
        if device.kind is DeviceKind.LOUDSPEAKER and device.area is not None
    ]


def _stands_in(loudspeaker: Loudspeaker, zone: str) -> bool:
    return _is_area(zone) and covers(zone, loudspeaker.area)


def _is_area(zone: str) -> bool:
    try:
        area_level(zone)
    except IdError:
        return False
    return True


def _spot(area: Area, areas: Sequence[Area], standing: Sequence[str]) -> Spot:
    prefix = area_prefix(area.code)
    return Spot(
        code=area.code,
        name=area.name,
        loudspeakers=sum(code.startswith(prefix) for code in standing),
        below=tuple(_spot(each, areas, standing) for each in areas if each.parent == area.code),
    )


def _cursor(after: str) -> tuple[int, str] | None:
    at, _, last = after.partition(".")
    return (int(at), last) if at.isdecimal() and len(at) < 19 else None
