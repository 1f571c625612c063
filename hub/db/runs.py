"""Runs, and what each loudspeaker says of them, as rows. (broadcast, slot) is the key that makes a firing one."""

from collections.abc import Collection, Mapping, Sequence

import msgspec
from sqlalchemy import Connection, RowMapping, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from broadcast.domain.receipts import MISSING_SHOWN, Coverage, Progress
from broadcast.domain.runs import Run, RunState
from broadcast.domain.zones import Loudspeaker
from broadcast.rows import Address
from hub.db.broadcast_tables import broadcast_runs as runs
from hub.db.broadcast_tables import broadcasts, commands, run_devices
from hub.db.prepared import Prepared, Value
from hub.db.statements import insert_unless_there

ALL_STATES = frozenset(RunState)
_PROGRESS_COLUMNS = tuple(column.name for column in run_devices.columns)
_PROGRESS = Prepared(
    select(run_devices).where(
        run_devices.c.run == bindparam("run_"), run_devices.c.device == bindparam("device_")
    )
)
_TOLD = tuple(name for name in _PROGRESS_COLUMNS if name not in ("run", "device", "broadcast", "area"))
_REPORT = Prepared(
    update(run_devices)
    .where(
        run_devices.c.run == bindparam("run_"),
        run_devices.c.device == bindparam("device_"),
        # another hub's copy of the receipt may have been first
        func.coalesce(run_devices.c.reported_at, 0) == bindparam("before_"),
        func.coalesce(run_devices.c.state, "") == bindparam("state_before_"),
    )
    .values({name: bindparam(f"new_{name}") for name in _TOLD})
)
_TARGET = Prepared(insert(run_devices), _PROGRESS_COLUMNS)


class RunRows:
    """Implements broadcast.rows.Runs on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def insert(self, run: Run) -> bool:
        """False when this slot of its broadcast is there already."""
        return self._conn.execute(insert_unless_there(self._conn, runs), _row(run)).rowcount == 1

    def get(self, run_id: str) -> Run | None:
        """The run, whatever its state."""
        row = self._conn.execute(select(runs).where(runs.c.id == run_id)).mappings().first()
        return None if row is None else _run(row)

    def of_broadcast(self, broadcast_id: str, states: Collection[RunState]) -> Sequence[Run]:
        """The runs of a broadcast that are in one of `states`, in the order of their starts."""
        wanted = (runs.c.broadcast == broadcast_id) & runs.c.state.in_([state.value for state in states])
        return _runs(self._conn, wanted)

    def sounding(self, now: int) -> Sequence[Run]:
        """What loudspeakers have, or are about to be sent."""
        due = (runs.c.state == RunState.PLANNED.value) & (runs.c.send_at <= now)
        return _runs(self._conn, or_(runs.c.state == RunState.SENT.value, due))

    def swap(self, before: Run, after: Run) -> bool:
        """Write what differs, if the state is still that of `before`; False when somebody was faster. Also when
        nothing differs, as for broadcasts."""
        old, new = _row(before), _row(after)
        changed = {key: value for key, value in new.items() if old[key] != value} or {"state": new["state"]}
        condition = (runs.c.id == before.id) & (runs.c.state == before.state.value)
        return self._conn.execute(update(runs).where(condition).values(**changed)).rowcount == 1

    def forget_planned(self, broadcast_id: str) -> None:
        """What was planned will not be; rehearsals included."""
        planned = (runs.c.broadcast == broadcast_id) & (runs.c.state == RunState.PLANNED.value)
        self._conn.execute(delete(runs).where(planned))

    def target(self, run: Run, loudspeakers: Sequence[Loudspeaker]) -> None:
        """These are to play it."""
        fresh = (
            Progress(run=run.id, device=each.id, broadcast=run.broadcast, area=each.area)
            for each in loudspeakers
        )
        _TARGET.many(self._conn, [_progress_row(progress) for progress in fresh])

    def progress(self, run_id: str, device: str) -> Progress | None:
        """One loudspeaker's part; None when the run is not addressed to it."""
        row = _PROGRESS.one(self._conn, {"run_": run_id, "device_": device})
        return None if row is None else _progress(dict(zip(_PROGRESS_COLUMNS, row, strict=True)))

    def report(self, before: Progress, after: Progress) -> bool:
        """Write one loudspeaker's part; False when another hub was faster."""
        row = _progress_row(after)
        values: dict[str, Value] = {
            "run_": before.run,
            "device_": before.device,
            "before_": before.reported_at or 0,
            "state_before_": "" if before.state is None else before.state.value,
        }
        return _REPORT.count(self._conn, values | {f"new_{name}": row[name] for name in _TOLD}) == 1

    def all_progress(self, run_id: str) -> Sequence[Progress]:
        """Every loudspeaker's part, by id."""
        return read_progress(self._conn, run_id, after="", limit=None)

    def addresses(self, run_id: str) -> Sequence[Address]:
        """Where its commands went."""
        return read_addresses(self._conn, run_id)


def read_due(conn: Connection, now: int, limit: int) -> Sequence[Run]:
    """Runs that are to go out by now, the most overdue first."""
    query = (
        select(runs)
        .where(runs.c.state == RunState.PLANNED.value, runs.c.send_at <= now)
        .order_by(runs.c.send_at, runs.c.id)
        .limit(limit)
    )
    return [_run(row) for row in conn.execute(query).mappings()]


def read_next_send(conn: Connection) -> int | None:
    """When the next run goes out."""
    return conn.execute(
        select(func.min(runs.c.send_at)).where(runs.c.state == RunState.PLANNED.value)
    ).scalar()


def read_ended(conn: Connection, now: int) -> Sequence[str]:
    """Sent runs of which nothing more is to be heard."""
    waiting = select(run_devices.c.run).where(run_devices.c.run == runs.c.id, ~run_devices.c.is_final)
    query = select(runs.c.id).where(
        runs.c.state == RunState.SENT.value, or_(runs.c.over_at <= now, ~waiting.exists())
    )
    return list(conn.execute(query).scalars())


def read_on_air(conn: Connection, since: int) -> Sequence[tuple[Run, str]]:
    """Runs that loudspeakers have, or had when they were stopped since `since`; each with its broadcast's area."""
    stopped = (runs.c.state == RunState.STOPPED.value) & (runs.c.sent_at >= since)
    query = (
        select(runs, broadcasts.c.area.label("of_area"))
        .join(broadcasts, broadcasts.c.id == runs.c.broadcast)
        .where(or_(runs.c.state == RunState.SENT.value, stopped))
    )
    return [(_run(row), row["of_area"]) for row in conn.execute(query).mappings()]


def read_addresses(conn: Connection, run_id: str) -> Sequence[Address]:
    """Where the commands of a run went."""
    query = (
        select(commands.c.address, commands.c.area, commands.c.is_device)
        .where(commands.c.run == run_id, commands.c.type == "play")
        .order_by(commands.c.id)
    )
    return [Address(row.address, row.area, row.is_device) for row in conn.execute(query)]


def read_runs(
    conn: Connection, broadcast_ids: Collection[str], newest: int, states: Collection[RunState] = ALL_STATES
) -> Sequence[Run]:
    """Their runs in these states, newest first, at most `newest` of each broadcast; rehearsals included."""
    place = func.row_number().over(
        partition_by=runs.c.broadcast, order_by=(runs.c.start_at.desc(), runs.c.id)
    )
    wanted = runs.c.broadcast.in_(broadcast_ids) & runs.c.state.in_([state.value for state in states])
    numbered = select(runs.c.id, place.label("place")).where(wanted).subquery()
    query = (
        select(runs)
        .join(numbered, numbered.c.id == runs.c.id)
        .where(numbered.c.place <= newest)
        .order_by(runs.c.start_at.desc(), runs.c.id)
    )
    return [_run(row) for row in conn.execute(query).mappings()]


def read_coverage(conn: Connection, run_ids: Collection[str]) -> Mapping[str, Coverage]:
    """Run → how far it has come, of those that were sent."""
    parts = run_devices.c
    query = (
        select(
            parts.run,
            func.count().label("targeted"),
            func.count(parts.ready_at).label("ready"),
            func.count(parts.playing_at).label("playing"),
            func.count(parts.played_at).label("played"),
            func.count(parts.heard_at).label("heard"),
            func.count().filter(parts.failed_at.is_not(None), parts.played_at.is_(None)).label("failed"),
        )
        .where(parts.run.in_(run_ids))
        .group_by(parts.run)
    )
    missing = _missing(conn, run_ids)
    return {
        row["run"]: Coverage(
            **{name: row[name] for name in Coverage.__struct_fields__ if name != "missing"},
            missing=tuple(missing.get(row["run"], ())),
        )
        for row in conn.execute(query).mappings()
    }


def read_progress(conn: Connection, run_id: str, *, after: str, limit: int | None) -> Sequence[Progress]:
    """What each loudspeaker says of a run, by id, beginning behind the id `after`."""
    query = (
        select(run_devices)
        .where(run_devices.c.run == run_id, run_devices.c.device > after)
        .order_by(run_devices.c.device)
        .limit(limit)
    )
    return [_progress(dict(row)) for row in conn.execute(query).mappings()]


def _missing(conn: Connection, run_ids: Collection[str]) -> dict[str, list[str]]:
    place = func.row_number().over(partition_by=run_devices.c.run, order_by=run_devices.c.device)
    numbered = (
        select(run_devices.c.run, run_devices.c.device, place.label("place"))
        .where(run_devices.c.run.in_(run_ids), ~run_devices.c.is_final)
        .subquery()
    )
    query = select(numbered.c.run, numbered.c.device).where(numbered.c.place <= MISSING_SHOWN)
    found: dict[str, list[str]] = {}
    for run, device in conn.execute(query.order_by(numbered.c.run, numbered.c.device)):
        found.setdefault(run, []).append(device)
    return found


def _runs(conn: Connection, wanted: ColumnElement[bool]) -> Sequence[Run]:
    query = select(runs).where(wanted).order_by(runs.c.start_at, runs.c.id)
    return [_run(row) for row in conn.execute(query).mappings()]


def _row(run: Run) -> dict[str, Value]:
    return msgspec.structs.asdict(run) | {"state": run.state.value}


def _run(row: RowMapping) -> Run:
    return Run(
        **{name: row[name] for name in Run.__struct_fields__ if name != "state"}, state=RunState(row["state"])
    )


def _progress_row(progress: Progress) -> dict[str, Value]:
    row: dict[str, Value] = msgspec.structs.asdict(progress)
    return row | {"state": None if progress.state is None else progress.state.value}


def _progress(row: Mapping[str, Value]) -> Progress:
    told = {str(name): value for name, value in row.items()}
    told["is_final"] = bool(told["is_final"])  # SQLite keeps it as 0 or 1
    return msgspec.convert(told, Progress)
