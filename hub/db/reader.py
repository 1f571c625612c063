"""Committed facts for pages and the API: one connection, read only."""

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from sqlalchemy import Connection, text

from hub.db import (
    accounts,
    calls,
    device_lines,
    events,
    feedback,
    outbox,
    pages,
    places,
    presses,
    register,
    registrar,
    residents,
    responders,
    timers,
)
from hub.db.broadcast_reads import BroadcastReads
from hub.db.plan_reads import PlanRead
from hub.domain.accounts import Account
from hub.domain.areas import Area
from hub.domain.calls import Call
from hub.domain.events import Event, EventType
from hub.domain.feedback import FeedbackLink
from hub.domain.notices import Notice
from hub.domain.people import Scope, User
from hub.domain.presses import PressLine
from hub.domain.register import (
    AreaCount,
    Clinic,
    Device,
    DeviceCredentials,
    DeviceLine,
    DeviceWish,
    Person,
    Place,
    Wanted,
)
from hub.domain.residents import Caller, Card, ResidentRecord
from hub.domain.responders import Responder
from hub.domain.sessions import ApiToken, Session
from hub.ports import StoredPress, Timer

_SERVER_NOW = text("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")


class Read:
    """Implements hub.ports.Reader; `conn` is there for the aggregates' own queries."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn

    def user(self, user_id: str) -> User | None:
        """The user, unless disabled."""
        return accounts.read_user(self.conn, user_id)

    def session(self, token_hash: str, now: int) -> Session | None:
        """The session or token that lasts at `now`, of a user not disabled."""
        return accounts.read_session(self.conn, token_hash, now)

    def account(self, username: str) -> Account | None:
        """The account that signs in as `username`, disabled or not."""
        return accounts.read_account(self.conn, username)

    def accounts(self) -> Sequence[Account]:
        """Every account, by user name."""
        return accounts.read_accounts(self.conn)

    def tokens(self, user_id: str) -> Sequence[ApiToken]:
        """The user's tokens, newest first."""
        return accounts.read_tokens(self.conn, user_id)

    def areas(self, prefix: str) -> Sequence[Area]:
        """The areas whose code begins with `prefix`."""
        return accounts.read_areas(self.conn, prefix)

    def press(self, device: str, press: str) -> StoredPress | None:
        """The press that (device, id) names."""
        return presses.PressRows(self.conn).find(device, press)

    def call(self, call_id: str, scope: Scope) -> Call | None:
        """The call, if `scope` sees it."""
        return calls.read_call(self.conn, call_id, scope)

    def open_calls(self, scope: Scope) -> Sequence[Call]:
        """What is not closed, oldest first."""
        return calls.read_unclosed(self.conn, scope)

    def call_page(
        self, scope: Scope, *, only_open: bool, after: tuple[int, str] | None, limit: int
    ) -> Sequence[Call]:
        """A page of calls, newest first."""
        return calls.read_page(self.conn, scope, only_open=only_open, after=after, limit=limit)

    def timeline(self, call_id: str) -> Sequence[Event]:
        """All events of the call, in order."""
        return events.read_timeline(self.conn, call_id)

    def responders_of(self, wanted: Collection[str]) -> Mapping[str, Sequence[Responder]]:
        """Call → those who were sent, in the order of asking."""
        return responders.read_responders(self.conn, wanted)

    def merged_into(self, call_id: str) -> Sequence[str]:
        """The calls that became part of this one, oldest first."""
        return calls.read_merged(self.conn, call_id)

    def feedback_link(self, token_hash: str) -> FeedbackLink | None:
        """The one-time link whose token has this hash."""
        return feedback.read_link(self.conn, token_hash)

    def card(self, resident: str) -> Card | None:
        """The caller's card."""
        return register.read_card(self.conn, resident)

    def callers(self, wanted: Collection[str]) -> Mapping[str, Caller]:
        """Resident → what the queue says of them."""
        return pages.read_callers(self.conn, wanted)

    def notices(self, limit: int) -> Sequence[Notice]:
        """The demo's outbox, newest first."""
        return pages.read_notices(self.conn, limit)

    def area_names(self) -> dict[str, str]:
        """Code → name."""
        return register.read_area_names(self.conn)

    def resident(self, resident: str, prefix: str) -> ResidentRecord | None:
        """The resident, unless removed or not in the areas whose code begins with `prefix`."""
        return residents.read_resident(self.conn, resident, prefix)

    def residents(self, prefix: str) -> Sequence[ResidentRecord]:
        """All residents of these areas."""
        return residents.read_residents(self.conn, prefix)

    def resident_page(self, wanted: Wanted, after: Place | None, limit: int) -> Sequence[ResidentRecord]:
        """A page of residents, by area and id."""
        return residents.read_resident_page(self.conn, wanted, after, limit)

    def count_residents(self, wanted: Wanted) -> int:
        """How many residents all pages have."""
        return residents.count_residents(self.conn, wanted)

    def devices_of(self, wanted: Collection[str]) -> Mapping[str, Sequence[str]]:
        """Resident → devices of their household."""
        return residents.read_devices_of(self.conn, wanted)

    def people(self, prefix: str) -> Sequence[Person]:
        """Village doctors and grid workers of these areas, by area and id."""
        return places.read_people(self.conn, prefix)

    def clinics(self, prefix: str) -> Sequence[Clinic]:
        """Clinics of these areas, by area and id."""
        return places.read_clinics(self.conn, prefix)

    def area_counts(self, prefix: str) -> Mapping[str, AreaCount]:
        """Area → how many residents and devices it has itself."""
        return places.read_area_counts(self.conn, prefix)

    def devices(self, prefix: str) -> Sequence[Device]:
        """Devices in service in the areas whose code begins with `prefix`, by id."""
        return registrar.read_devices(self.conn, prefix)

    def device(self, device_id: str, prefix: str) -> Device | None:
        """The device, if it is in service in one of those areas."""
        return registrar.read_device(self.conn, device_id, prefix)

    def device_page(self, prefix: str, after: str, limit: int) -> Sequence[Device]:
        """As `devices`, from behind the id `after`."""
        return registrar.read_device_page(self.conn, prefix, after, limit)

    def device_lines(self, wish: DeviceWish, after: str, limit: int) -> Sequence[DeviceLine]:
        """Devices as `wish` asks, from behind the id `after`."""
        return device_lines.read_lines(self.conn, wish, after, limit)

    def count_devices(self, wish: DeviceWish) -> Mapping[str, int]:
        """Presence ("never": not heard of yet) → how many, whatever presence `wish` asks for."""
        return device_lines.count(self.conn, wish)

    def newest_presses(self, device: str, limit: int) -> Sequence[PressLine]:
        """What the device pressed last, newest first."""
        return presses.read_newest(self.conn, device, limit)

    def device_credentials(self, device: str) -> DeviceCredentials | None:
        """What a device in service proves itself by."""
        return register.read_device_credentials(self.conn, device)

    def ever_devices(self, ids: Collection[str]) -> frozenset[str]:
        """Those of `ids` that were ever a device's."""
        return registrar.read_ever(self.conn, ids)

    def events_after(self, event_id: int, limit: int) -> Sequence[Event]:
        """Events behind `event_id`, in order."""
        return events.read_after(self.conn, event_id, limit)

    def recent_events(
        self, types: Collection[EventType], prefix: str, since: int, limit: int
    ) -> Sequence[Event]:
        """Events of these types in these areas since `since`, newest first."""
        return events.read_recent(self.conn, types, prefix, since, limit)

    def last_event_id(self) -> int:
        """0 when nothing has happened yet."""
        return events.last_id(self.conn)

    def first_event_id(self) -> int:
        """0 when nothing has happened yet."""
        return events.first_id(self.conn)

    def server_now(self) -> int | None:
        """Unix ms by the clock of the database's server; None: there is none, as with a file."""
        return int(self.conn.scalar(_SERVER_NOW)) if self.conn.dialect.name == "postgresql" else None

    def due_timers(self, now: int, limit: int) -> Sequence[Timer]:
        """Timers due by `now`."""
        return timers.read_due(self.conn, now, limit)

    def next_due(self) -> int | None:
        """When the next timer falls due."""
        return timers.read_next_due(self.conn)

    @cached_property
    def plans(self) -> PlanRead:
        """Plans, rosters and coverage; made when asked for."""
        return PlanRead(self.conn)

    @cached_property
    def broadcasts(self) -> BroadcastReads:
        """Broadcasts, their runs and coverage."""
        return BroadcastReads(self.conn)

    def outbox_backlog(self) -> int:
        """How many messages wait to be sent."""
        return outbox.count_waiting(self.conn)
