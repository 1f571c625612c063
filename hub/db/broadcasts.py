"""Broadcasts as rows. A state changes only by `swap`, which compares what was read with what is there."""

from collections.abc import Collection, Sequence
from typing import TypeVar

import msgspec
from sqlalchemy import Connection, RowMapping, delete, insert, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from broadcast.domain.broadcasts import FIRING, Audio, Broadcast, BroadcastState, Failure, VoiceChoice
from broadcast.domain.people import By
from broadcast.domain.priorities import Category
from broadcast.domain.schedule import Timing
from broadcast.rows import Recording, Viewer
from hub.db.broadcast_tables import broadcast_runs, broadcasts, commands, recordings
from hub.db.prepared import Value

S = TypeVar("S", bound=msgspec.Struct)
_PLAIN = (
    "id", "rev", "title", "text", "spoken", "spoken_given", "recording", "priority", "volume", "repeat", "drill",
    "area", "county_wide", "needs_two", "created_at", "edited_at", "approved_at", "planned_until",
)  # fmt: skip
NOT_PUT_AWAY = frozenset(BroadcastState) - {BroadcastState.CANCELLED}
_zones = msgspec.json.Decoder(tuple[str, ...])


class BroadcastRows:
    """Implements broadcast.rows.Broadcasts on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def insert(self, broadcast: Broadcast) -> None:
        """A new one, to be prepared at once."""
        self._conn.execute(insert(broadcasts), {**_row(broadcast), "claimed_until": 0})

    def get(self, broadcast_id: str) -> Broadcast | None:
        """The broadcast, whatever its state."""
        query = select(broadcasts).where(broadcasts.c.id == broadcast_id)
        row = self._conn.execute(query).mappings().first()
        return None if row is None else _broadcast(row)

    def swap(self, before: Broadcast, after: Broadcast) -> bool:
        """Write what differs, if state and rev are still those of `before`; False when somebody was faster.

        Also when nothing differs: then nobody else changes it before this transaction is over.
        """
        old, new = _row(before), _row(after)
        changed = {key: value for key, value in new.items() if old[key] != value} or {"state": new["state"]}
        if after.rev != before.rev:
            changed["claimed_until"] = 0
        condition = (
            (broadcasts.c.id == before.id)
            & (broadcasts.c.state == before.state.value)
            & (broadcasts.c.rev == before.rev)
        )
        return self._conn.execute(update(broadcasts).where(condition).values(**changed)).rowcount == 1

    def claim(self, broadcast_id: str, rev: int, due_before: int, until: int) -> bool:
        """Take it for preparing until `until`; False when it is taken beyond `due_before`, or was changed."""
        condition = (
            (broadcasts.c.id == broadcast_id)
            & (broadcasts.c.rev == rev)
            & (broadcasts.c.state == BroadcastState.PREPARING.value)
            & (broadcasts.c.claimed_until <= due_before)
        )
        return (
            self._conn.execute(update(broadcasts).where(condition).values(claimed_until=until)).rowcount == 1
        )

    def recording(self, recording_id: str) -> Recording | None:
        """An uploaded recording."""
        row = self._conn.execute(select(recordings).where(recordings.c.id == recording_id)).mappings().first()
        return None if row is None else Recording(**row)

    def add_recording(self, recording: Recording) -> None:
        """Keep what was uploaded."""
        self._conn.execute(insert(recordings), msgspec.structs.asdict(recording))


def read_to_prepare(conn: Connection, now: int, limit: int) -> Sequence[Broadcast]:
    """What waits for the studio and nobody has taken: the most urgent first, then the oldest."""
    query = (
        select(broadcasts)
        .where(broadcasts.c.state == BroadcastState.PREPARING.value, broadcasts.c.claimed_until <= now)
        .order_by(broadcasts.c.priority.desc(), broadcasts.c.edited_at, broadcasts.c.id)
        .limit(limit)
    )
    return [_broadcast(row) for row in conn.execute(query).mappings()]


def read_to_plan(conn: Connection, until: int) -> Sequence[Broadcast]:
    """Broadcasts with a rule whose runs are not written down up to `until`."""
    query = select(broadcasts).where(
        broadcasts.c.state.in_([state.value for state in FIRING]),
        or_(broadcasts.c.planned_until.is_(None), broadcasts.c.planned_until < until),
    )
    found = [_broadcast(row) for row in conn.execute(query).mappings()]
    return [broadcast for broadcast in found if broadcast.timing.rrule is not None]


def read_broadcast(conn: Connection, broadcast_id: str, viewer: Viewer) -> Broadcast | None:
    """The broadcast, if `viewer` may see it."""
    query = select(broadcasts).where(broadcasts.c.id == broadcast_id, _visible(viewer))
    row = conn.execute(query).mappings().first()
    return None if row is None else _broadcast(row)


def read_page(
    conn: Connection,
    viewer: Viewer,
    *,
    after: tuple[int, str] | None,
    limit: int,
    states: Collection[BroadcastState] = NOT_PUT_AWAY,
) -> Sequence[Broadcast]:
    """A page, newest first, beginning behind `after` (created_at, id): stable while rows come."""
    query = (
        select(broadcasts)
        .where(_visible(viewer), broadcasts.c.state.in_([state.value for state in states]))
        .order_by(broadcasts.c.created_at.desc(), broadcasts.c.id.desc())
        .limit(limit)
    )
    if after is not None:
        at, last = after
        older = (broadcasts.c.created_at == at) & (broadcasts.c.id < last)
        query = query.where(or_(broadcasts.c.created_at < at, older))
    return [_broadcast(row) for row in conn.execute(query).mappings()]


def read_recording(conn: Connection, recording_id: str) -> Recording | None:
    """An uploaded recording."""
    return BroadcastRows(conn).recording(recording_id)


def read_audio_in_use(conn: Connection, since: int) -> frozenset[str]:
    """The hashes of audio that may still sound, or sounded since `since` (Unix ms)."""
    ran = select(broadcast_runs.c.broadcast).where(broadcast_runs.c.start_at >= since)
    query = select(broadcasts.c.audio).where(
        broadcasts.c.audio.is_not(None),
        or_(
            broadcasts.c.edited_at >= since,
            broadcasts.c.id.in_(ran),
            broadcasts.c.state.in_([state.value for state in (*FIRING, BroadcastState.WAITING_APPROVAL)]),
        ),
    )
    return frozenset(msgspec.json.decode(row.audio, type=Audio).sha256 for row in conn.execute(query))


def remove_old(conn: Connection, commands_before: int, recordings_before: int) -> None:
    """Forget commands from before `commands_before` (Unix ms), and recordings that no broadcast took."""
    conn.execute(delete(commands).where(commands.c.created_at < commands_before))
    taken = select(broadcasts.c.recording).where(broadcasts.c.recording == recordings.c.id)
    conn.execute(delete(recordings).where(recordings.c.created_at < recordings_before, ~taken.exists()))


def read_recordings_kept(conn: Connection) -> frozenset[str]:
    """The hashes of all recordings that are known."""
    return frozenset(conn.execute(select(recordings.c.sha256)).scalars())


def _visible(viewer: Viewer) -> ColumnElement[bool]:
    inside = broadcasts.c.area.startswith(viewer.prefix, autoescape=True)
    return or_(inside, broadcasts.c.area.in_(viewer.around))


def _row(broadcast: Broadcast) -> dict[str, Value]:
    row: dict[str, Value] = {name: getattr(broadcast, name) for name in _PLAIN}
    return row | {
        "state": broadcast.state.value,
        "category": broadcast.category.value,
        "voice": broadcast.voice.value,
        "zones": _text(broadcast.zones),
        "timing": _text(broadcast.timing),
        "created_by": _text(broadcast.created_by),
        "edited_by": _text(broadcast.edited_by),
        "approved_by": _text_or_none(broadcast.approved_by),
        "audio": _text_or_none(broadcast.audio),
        "failure": _text_or_none(broadcast.failure),
    }


def _broadcast(row: RowMapping) -> Broadcast:
    return Broadcast(
        **{name: row[name] for name in _PLAIN},
        state=BroadcastState(row["state"]),
        category=Category(row["category"]),
        voice=VoiceChoice(row["voice"]),
        zones=_zones.decode(row["zones"]),
        timing=msgspec.json.decode(row["timing"], type=Timing),
        created_by=msgspec.json.decode(row["created_by"], type=By),
        edited_by=msgspec.json.decode(row["edited_by"], type=By),
        approved_by=_struct_or_none(row["approved_by"], By),
        audio=_struct_or_none(row["audio"], Audio),
        failure=_struct_or_none(row["failure"], Failure),
    )


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _text_or_none(value: msgspec.Struct | None) -> str | None:
    return None if value is None else _text(value)


def _struct_or_none(text: str | None, kind: type[S]) -> S | None:
    return None if text is None else msgspec.json.decode(text, type=kind)
