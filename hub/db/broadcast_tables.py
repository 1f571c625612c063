"""The tables of broadcasts. Times are Unix ms UTC; lists and small objects are JSON in Text."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from hub.db.tables import metadata

broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("rev", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("title", String(80), nullable=False),
    Column("text", Text, nullable=False),
    Column("spoken", Text, nullable=False),
    Column("spoken_given", Boolean, nullable=False),
    Column("recording", ForeignKey("recordings.id"), index=True),
    Column("category", String(20), nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("volume", SmallInteger, nullable=False),
    Column("voice", String(20), nullable=False),
    Column("repeat", SmallInteger, nullable=False),
    Column("drill", Boolean, nullable=False),
    Column("zones", Text, nullable=False),
    Column("area", String(32), nullable=False),
    Column("county_wide", Boolean, nullable=False),
    Column("needs_two", Boolean, nullable=False),
    Column("timing", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("edited_by", Text, nullable=False),
    Column("edited_at", BigInteger, nullable=False),
    Column("approved_by", Text),
    Column("approved_at", BigInteger),
    Column("audio", Text),
    Column("failure", Text),
    Column("planned_until", BigInteger),
    # while it is being prepared: no other hub tries before this
    Column("claimed_until", BigInteger, nullable=False),
    Index("ix_broadcasts_created_at_id", "created_at", "id"),
    Index("ix_broadcasts_state", "state"),
)

recordings = Table(
    "recordings",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("ms", Integer, nullable=False),
    Column("created_by", String(40), nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

broadcast_runs = Table(
    "broadcast_runs",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("broadcast", ForeignKey("broadcasts.id"), nullable=False),
    Column("slot", String(64), nullable=False),
    Column("rev", Integer, nullable=False),
    Column("state", String(12), nullable=False),
    Column("start_at", BigInteger, nullable=False),
    Column("send_at", BigInteger, nullable=False),
    Column("drill", Boolean, nullable=False),
    Column("device", String(64)),
    Column("targeted", Integer, nullable=False),
    Column("sent_at", BigInteger),
    Column("over_at", BigInteger),
    Column("ended_at", BigInteger),
    Column("reason", String(20), nullable=False),
    UniqueConstraint("broadcast", "slot"),  # one firing per slot, on any number of hubs
    Index("ix_broadcast_runs_state_send_at", "state", "send_at"),
)

run_devices = Table(
    "run_devices",
    metadata,
    Column("run", ForeignKey("broadcast_runs.id", ondelete="CASCADE"), primary_key=True),
    Column("device", String(64), primary_key=True),
    Column("broadcast", String(40), nullable=False),
    Column("area", String(32), nullable=False),
    Column("state", String(12)),
    Column("ready_at", BigInteger),
    Column("playing_at", BigInteger),
    Column("played_at", BigInteger),
    Column("heard_at", BigInteger),
    Column("failed_at", BigInteger),
    Column("reason", String(64), nullable=False),
    Column("detail", String(200), nullable=False),
    Column("played_ms", BigInteger),
    Column("offset_ms", BigInteger),
    Column("heard_db", Float),
    Column("reported_at", BigInteger),
    Column("is_final", Boolean, nullable=False),
)

commands = Table(  # what was ordered of loudspeakers: where a run went, so that its stop goes there too
    "commands",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("type", String(12), nullable=False),
    Column("address", String(64), nullable=False),
    Column("is_device", Boolean, nullable=False),
    Column("area", String(32), nullable=False),
    Column("run", String(40), index=True),
    Column("created_at", BigInteger, nullable=False, index=True),
)

groups = Table(
    "groups",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("area", ForeignKey("areas.code"), nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
)

group_members = Table(
    "group_members",
    metadata,
    Column("group", ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True),
    Column("device", ForeignKey("devices.id"), primary_key=True, index=True),
)

templates = Table(  # warnings written beforehand, with blanks
    "broadcast_templates",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("category", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("changed_by", String(80), nullable=False),
)
