"""The tables of a case: who was sent, and the links by which it is rated. Times are Unix ms UTC."""

from sqlalchemy import BigInteger, Boolean, Column, Index, String, Table, Text, false

from hub.db.tables import metadata

responders = Table(  # who was asked to go, each on a line of its own
    "responders",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("call", String(40), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("ref", String(40), nullable=False),
    Column("name", String(120), nullable=False),
    Column("phone", String(40), nullable=False),
    Column("spoken", String(120), nullable=False),
    Column("state", String(12), nullable=False),
    Column("note", Text, nullable=False),
    Column("by_plan", Boolean, nullable=False),
    Column("former", Boolean, nullable=False, server_default=false()),
    Column("asked_at", BigInteger, nullable=False),
    Column("promised_at", BigInteger),
    Column("accepted_at", BigInteger),
    Column("declined_at", BigInteger),
    Column("no_answer_at", BigInteger),
    Column("on_the_way_at", BigInteger),
    Column("arrived_at", BigInteger),
    Column("done_at", BigInteger),
    Index("uq_responders_call_kind_ref", "call", "kind", "ref", unique=True),
)

feedback_links = Table(  # the one-time links by which an elder rates; only the token's hash is kept
    "feedback_links",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("call", String(40), nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
    Column("used_at", BigInteger),
    Column("ended_by", String(12)),
)
