"""What the use cases need to be kept: broadcasts, their runs, and where loudspeakers stand; all in one transaction."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Protocol

import msgspec

from broadcast.domain.broadcasts import Broadcast, BroadcastState
from broadcast.domain.people import By
from broadcast.domain.receipts import Coverage, Progress
from broadcast.domain.runs import Run, RunState
from broadcast.domain.templates import Template
from broadcast.domain.zones import Group, Loudspeaker


class Told(StrEnum):
    """What happens to broadcasts, as the stream of events names it."""

    CREATED = "broadcast.created"
    CHANGED = "broadcast.changed"
    PREPARED = "broadcast.prepared"
    FAILED = "broadcast.failed"
    APPROVED = "broadcast.approved"
    REJECTED = "broadcast.rejected"
    STOPPED = "broadcast.stopped"
    CANCELLED = "broadcast.cancelled"
    ENDED = "broadcast.ended"
    AREAS_STOPPED = "broadcast.areas_stopped"
    RUN_SENT = "broadcast.run.sent"
    RUN_RECEIPT = "broadcast.run.receipt"
    RUN_SKIPPED = "broadcast.run.skipped"
    RUN_STOPPED = "broadcast.run.stopped"
    RUN_ENDED = "broadcast.run.ended"


class Address(msgspec.Struct, frozen=True):
    """Where a command is published: a zone, or one device. `area` holds whoever hears it."""

    name: str
    area: str
    is_device: bool = False


class Tale(msgspec.Struct, frozen=True, kw_only=True):
    """One event, told to those who may see `area`; only what belongs to it is set.

    `progress` belongs to a receipt, `addresses` to a run that was sent, `coverage` to its end.
    """

    told: Told
    at: int
    area: str
    broadcast: Broadcast | None = None
    run: Run | None = None
    by: By | None = None
    progress: Progress | None = None
    coverage: Coverage | None = None
    addresses: tuple[Address, ...] = ()
    areas: tuple[str, ...] = ()
    note: str = ""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A command to be signed and sent: JSON without id, for, seq, iat, nbf and exp.

    It lives `life_s` seconds from its own `start_at`, or else from its signature. `created_by` and
    `approved_by` are people's ids.
    """

    id: str
    type: str
    address: Address
    run: str | None
    command: bytes
    life_s: int
    created_by: str
    approved_by: str | None = None


class Recording(msgspec.Struct, frozen=True, kw_only=True):
    """An uploaded recording: a file in the data folder, named by its hash."""

    id: str
    sha256: str
    bytes: int
    ms: int
    created_by: str
    created_at: int


class Broadcasts(Protocol):
    """Broadcasts themselves; `swap` is the one way to change a state."""

    def insert(self, broadcast: Broadcast) -> None: ...
    def get(self, broadcast_id: str) -> Broadcast | None: ...
    def swap(self, before: Broadcast, after: Broadcast) -> bool: ...
    def claim(self, broadcast_id: str, rev: int, due_before: int, until: int) -> bool: ...
    def recording(self, recording_id: str) -> Recording | None: ...
    def add_recording(self, recording: Recording) -> None: ...


class Runs(Protocol):
    """Runs, and what each loudspeaker says of them."""

    def insert(self, run: Run) -> bool: ...
    def get(self, run_id: str) -> Run | None: ...
    def of_broadcast(self, broadcast_id: str, states: Collection[RunState]) -> Sequence[Run]: ...
    def sounding(self, now: int) -> Sequence[Run]: ...
    def swap(self, before: Run, after: Run) -> bool: ...
    def forget_planned(self, broadcast_id: str) -> None: ...
    def target(self, run: Run, loudspeakers: Sequence[Loudspeaker]) -> None: ...
    def progress(self, run_id: str, device: str) -> Progress | None: ...
    def report(self, before: Progress, after: Progress) -> bool: ...
    def all_progress(self, run_id: str) -> Sequence[Progress]: ...
    def addresses(self, run_id: str) -> Sequence[Address]: ...


class Places(Protocol):
    """The register, as broadcasts need it."""

    def area_name(self, code: str) -> str | None: ...
    def group(self, group_id: str) -> Group | None: ...
    def loudspeakers_in(self, area: str) -> Sequence[Loudspeaker]: ...
    def loudspeakers_of(self, group_id: str) -> Sequence[Loudspeaker]: ...
    def loudspeaker(self, device_id: str) -> Loudspeaker | None: ...
    def put_group(self, group: Group, now: int) -> None: ...
    def remove_group(self, group_id: str) -> None: ...


class Templates(Protocol):
    """What the county has written beforehand."""

    def get(self, template_id: str) -> Template | None: ...
    def put(self, template: Template) -> None: ...
    def remove(self, template_id: str) -> bool: ...


class Work(Protocol):
    """One atomic change: all of it is committed, or none."""

    @property
    def broadcasts(self) -> Broadcasts: ...
    @property
    def runs(self) -> Runs: ...
    @property
    def places(self) -> Places: ...
    @property
    def templates(self) -> Templates: ...
    def tell(self, tale: Tale) -> None: ...
    def order(self, order: Order, now: int, *, sent: bool = False) -> bool: ...
    def new_id(self, prefix: str, now: int) -> str: ...
    def collide(self) -> Exception: ...


class Viewer(msgspec.Struct, frozen=True):
    """Who looks: at what lies in their area (its digits in `prefix`), and at what `around` it includes them."""

    prefix: str
    around: tuple[str, ...]


class Reads(Protocol):
    """Committed facts, for pages, the API and workers."""

    def one(self, broadcast_id: str, viewer: Viewer) -> Broadcast | None: ...
    def page(
        self,
        viewer: Viewer,
        after: tuple[int, str] | None,
        limit: int,
        states: Collection[BroadcastState] = ...,
    ) -> Sequence[Broadcast]: ...
    def runs(
        self, broadcast_ids: Collection[str], newest: int, states: Collection[RunState] = ...
    ) -> Sequence[Run]: ...
    def run(self, run_id: str) -> Run | None: ...
    def addresses(self, run_id: str) -> Sequence[Address]: ...
    def on_air(self, since: int) -> Sequence[tuple[Run, str]]: ...
    def coverage(self, run_ids: Collection[str]) -> Mapping[str, Coverage]: ...
    def progress(self, run_id: str, after: str, limit: int) -> Sequence[Progress]: ...
    def recording(self, recording_id: str) -> Recording | None: ...
    def groups(self, prefix: str) -> Sequence[Group]: ...
    def templates(self) -> Sequence[Template]: ...
    def template(self, template_id: str) -> Template | None: ...
    def loudspeakers(self, area: str) -> Sequence[Loudspeaker]: ...
    def to_prepare(self, now: int, limit: int) -> Sequence[Broadcast]: ...
    def to_plan(self, until: int) -> Sequence[Broadcast]: ...
    def due(self, now: int, limit: int) -> Sequence[Run]: ...
    def next_send(self) -> int | None: ...
    def ended(self, now: int) -> Sequence[str]: ...
