"""Every table of the main database. Times are Unix ms UTC (BigInteger); ids are strings unless they order things."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    false,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts rows by itself only in an INTEGER primary key; PostgreSQL wants eight bytes.
RowId = BigInteger().with_variant(Integer, "sqlite")

# --- the register: who and what there is --------------------------------------------------------

areas = Table(
    "areas",
    metadata,
    Column("code", String(32), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("level", String(8), nullable=False),
    Column("parent", ForeignKey("areas.code"), index=True),
    Column("lat", Float),
    Column("lon", Float),
)

clinics = Table(
    "clinics",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("area", ForeignKey("areas.code"), nullable=False, index=True),
    Column("phone", String(40), nullable=False, default=""),
)

people = Table(  # people of the county who do not sign in: village doctors, grid workers
    "people",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("name", String(80), nullable=False),
    Column("area", ForeignKey("areas.code"), nullable=False, index=True),
    Column("phone", String(40), nullable=False, default=""),
)

residents = Table(
    "residents",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("area", ForeignKey("areas.code"), nullable=False, index=True),
    Column("address", String(200), nullable=False, default=""),
    Column("phone", String(40), nullable=False, default=""),
    Column("way_in", Text, nullable=False, default=""),
    Column("landmark", String(200), nullable=False, default=""),
    Column("born", SmallInteger),
    Column("sex", String(8), nullable=False, default=""),
    Column("conditions", Text, nullable=False, default=""),
    Column("meets_ambulance", String(200), nullable=False, default=""),
    Column("clinic", ForeignKey("clinics.id"), index=True),
    Column("doctor", ForeignKey("people.id")),
    Column("grid_worker", ForeignKey("people.id")),
    Column("lat", Float),
    Column("lon", Float),
    Column("status", String(16), nullable=False, server_default="home"),
    Column("removed_at", BigInteger),
)

contacts = Table(  # emergency contacts, in the order in which they are to be called
    "contacts",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("resident", ForeignKey("residents.id"), nullable=False, index=True),
    Column("position", SmallInteger, nullable=False),
    Column("name", String(80), nullable=False),
    Column("relation", String(40), nullable=False, default=""),
    Column("phone", String(40), nullable=False),
)

devices = Table(  # rows are never deleted: an id is never used again
    "devices",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("model", String(80), nullable=False, default=""),
    Column("area", ForeignKey("areas.code"), index=True),
    Column("password_hash", String(200), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("removed_at", BigInteger),
    Column("settings", Text, nullable=False, default="{}"),
)

assignments = Table(  # which household held a device when: a late press rings where it was pressed
    "assignments",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("device", ForeignKey("devices.id"), nullable=False),
    Column("resident", ForeignKey("residents.id"), nullable=False, index=True),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger),
    Index("ix_assignments_device_since", "device", "since"),
)

device_presence = Table(
    "device_presence",
    metadata,
    Column("device", ForeignKey("devices.id"), primary_key=True),
    Column("presence", String(8), nullable=False),
    Column("since", BigInteger, nullable=False),
)

# --- who signs in -------------------------------------------------------------------------------

users = Table(
    "users",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("username", String(64), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    Column("spoken_name", String(80), nullable=False),
    Column("role", String(20), nullable=False),
    Column("area", ForeignKey("areas.code"), nullable=False),
    Column("clinic", ForeignKey("clinics.id")),
    Column("password_hash", String(200), nullable=False),
    Column("disabled_at", BigInteger),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user", ForeignKey("users.id"), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("user", ForeignKey("users.id"), nullable=False, index=True),
    Column("name", String(80), nullable=False),
    Column("scopes", String(200), nullable=False, default=""),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("owner", String(80), primary_key=True),
    Column("key", String(128), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False, index=True),
)

# --- calls --------------------------------------------------------------------------------------

calls = Table(
    "calls",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("state", String(12), nullable=False),
    Column("subject", String(80), nullable=False, index=True),
    # the subject while a press may join this call, NULL afterwards: one open call per household
    Column("open_key", String(80), unique=True),
    Column("device", String(64), nullable=False),
    Column("resident", String(40), index=True),
    Column("resident_name", String(80)),
    Column("area", String(32), nullable=False),
    Column("clinic", String(40)),
    Column("raised_at", BigInteger, nullable=False),
    Column("pressed_at", BigInteger, nullable=False),
    Column("presses", Integer, nullable=False),
    Column("rev", Integer, nullable=False),
    Column("holder_id", String(40)),
    Column("holder_name", String(80)),
    Column("holder_spoken_name", String(80)),
    Column("holder_since", BigInteger),
    Column("rung", Text, nullable=False),
    Column("decoded", Boolean, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("drill", Boolean, nullable=False),
    Column("test", Boolean, nullable=False),
    Column("outcome", String(20)),
    Column("resolved_at", BigInteger),
    Column("closed_at", BigInteger),
    Column("rating", SmallInteger),
    Column("cancel_asked_at", BigInteger),
    Column("linked", String(40)),
    Column("plan", String(60)),
    Column("begun_at", BigInteger, nullable=False, server_default="0"),
    Column("loud", Boolean, nullable=False, server_default=false()),
    Column("guests", Text, nullable=False, server_default="[]"),
    Column("family_told", String(60), nullable=False, server_default=""),
    Column("family_told_at", BigInteger),
    Column("answered_at", BigInteger),
    Column("lapses_at", BigInteger),
    Column("scene_due_at", BigInteger),
    Column("coming", String(80)),
    Column("feedback_by", String(16)),
    Column("merged_into", String(40), index=True),
    Index("ix_calls_raised_at_id", "raised_at", "id"),
)
# the desk's question, on an index that holds only what is not closed
Index(
    "ix_calls_unclosed",
    calls.c.raised_at,
    sqlite_where=calls.c.closed_at.is_(None),
    postgresql_where=calls.c.closed_at.is_(None),
)

presses = Table(
    "presses",
    metadata,
    Column("device", String(64), primary_key=True),
    Column("id", String(80), primary_key=True),
    Column("digest", String(40)),  # of bytes that could not be read; their copies are one for 60 s
    Column("kind", String(16), nullable=False),
    Column("call", String(40), index=True),
    Column("received_at", BigInteger, nullable=False, index=True),
    Column("at", BigInteger),
    Column("via", String(8), nullable=False),
    Column("decoded", Boolean, nullable=False),
    Column("late", Boolean, nullable=False),
    Index("ix_presses_device_received_at", "device", "received_at"),
)

timers = Table(
    "timers",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("call", String(40), nullable=False, index=True),
    Column("step", String(40), nullable=False),
    Column("due_at", BigInteger, nullable=False, index=True),
    Column("attempts", Integer, nullable=False, default=0),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("kind", String(12), nullable=False),
    Column("address", String(120), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("owner", String(40), nullable=False),
    Column("lease_until", BigInteger, nullable=False, index=True),
    Column("attempts", Integer, nullable=False, default=0),
    sqlite_autoincrement=True,
)

notices = Table(  # the demo's outbox page: what would have gone to people
    "notices",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("address", String(120), nullable=False),
    Column("body", Text, nullable=False),
    Column("key", String(200)),  # a notice that comes twice is one
    Index("uq_notices_key", "key", unique=True),
)

desks = Table(
    "desks",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("user", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("audible", Boolean, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)

desk_targets = Table(
    "desk_targets",
    metadata,
    Column("target", String(80), primary_key=True),
    Column("desk", ForeignKey("desks.id", ondelete="CASCADE"), primary_key=True, index=True),
)

# --- the tale -----------------------------------------------------------------------------------

events = Table(  # ids are consecutive and grow in commit order; see hub/db/events.py
    "events",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("type", String(40), nullable=False),
    Column("at", BigInteger, nullable=False, index=True),
    Column("call", String(40), index=True),
    Column("area", String(32), nullable=False),
    Column("clinic", String(40)),
    Column("guests", Text),  # JSON list of the clinics that see it besides
    Column("by_id", String(40)),
    Column("data", LargeBinary, nullable=False),
)
