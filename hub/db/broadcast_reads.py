"""Committed facts about broadcasts: one connection, read only."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection

from broadcast.domain.broadcasts import Broadcast, BroadcastState
from broadcast.domain.receipts import Coverage, Progress
from broadcast.domain.runs import Run, RunState
from broadcast.domain.templates import Template
from broadcast.domain.zones import Group, Loudspeaker
from broadcast.rows import Address, Recording, Viewer
from hub.db import broadcasts, loudspeakers, runs, templates


class BroadcastReads:
    """Implements broadcast.rows.Reads."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def one(self, broadcast_id: str, viewer: Viewer) -> Broadcast | None:
        """The broadcast, if `viewer` may see it."""
        return broadcasts.read_broadcast(self._conn, broadcast_id, viewer)

    def page(
        self,
        viewer: Viewer,
        after: tuple[int, str] | None,
        limit: int,
        states: Collection[BroadcastState] = broadcasts.NOT_PUT_AWAY,
    ) -> Sequence[Broadcast]:
        """What `viewer` may see in these states, newest first."""
        return broadcasts.read_page(self._conn, viewer, after=after, limit=limit, states=states)

    def runs(
        self, broadcast_ids: Collection[str], newest: int, states: Collection[RunState] = runs.ALL_STATES
    ) -> Sequence[Run]:
        """The newest runs of each in these states, newest first."""
        return runs.read_runs(self._conn, broadcast_ids, newest, states)

    def run(self, run_id: str) -> Run | None:
        """The run, whatever its state."""
        return runs.RunRows(self._conn).get(run_id)

    def addresses(self, run_id: str) -> Sequence[Address]:
        """Where the commands of a run went."""
        return runs.read_addresses(self._conn, run_id)

    def on_air(self, since: int) -> Sequence[tuple[Run, str]]:
        """Runs that loudspeakers have, or had when they were stopped since `since`; each with the area of its
        broadcast."""
        return runs.read_on_air(self._conn, since)

    def coverage(self, run_ids: Collection[str]) -> Mapping[str, Coverage]:
        """Run → how far it has come."""
        return runs.read_coverage(self._conn, run_ids)

    def progress(self, run_id: str, after: str, limit: int) -> Sequence[Progress]:
        """What each loudspeaker says of a run, by id, behind the id `after`."""
        return runs.read_progress(self._conn, run_id, after=after, limit=limit)

    def recording(self, recording_id: str) -> Recording | None:
        """An uploaded recording."""
        return broadcasts.read_recording(self._conn, recording_id)

    def groups(self, prefix: str) -> Sequence[Group]:
        """The groups of these areas, by id."""
        return loudspeakers.read_groups(self._conn, prefix)

    def templates(self) -> Sequence[Template]:
        """The county's templates, those of one category together."""
        return templates.read_templates(self._conn)

    def template(self, template_id: str) -> Template | None:
        """One of them."""
        return templates.TemplateRows(self._conn).get(template_id)

    def loudspeakers(self, area: str) -> Sequence[Loudspeaker]:
        """Those in service that stand in `area` or below it, by id."""
        return loudspeakers.LoudspeakerRows(self._conn).loudspeakers_in(area)

    def to_prepare(self, now: int, limit: int) -> Sequence[Broadcast]:
        """What waits for the studio."""
        return broadcasts.read_to_prepare(self._conn, now, limit)

    def to_plan(self, until: int) -> Sequence[Broadcast]:
        """Rules whose runs are not written down up to `until`."""
        return broadcasts.read_to_plan(self._conn, until)

    def due(self, now: int, limit: int) -> Sequence[Run]:
        """Runs that are to go out by now."""
        return runs.read_due(self._conn, now, limit)

    def next_send(self) -> int | None:
        """When the next run goes out."""
        return runs.read_next_send(self._conn)

    def ended(self, now: int) -> Sequence[str]:
        """Sent runs of which nothing more is to be heard."""
        return runs.read_ended(self._conn, now)
