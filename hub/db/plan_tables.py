"""The tables of who is called: plans and duty rosters. Times are Unix ms UTC; steps and shifts are JSON in Text."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from hub.db.tables import metadata

# A row is one version of a plan and never changes but for `current`: open calls stand on it. Its area is no key:
# versions outlive an area that is taken out.
policies = Table(
    "policies",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("area", String(32), nullable=False),
    Column("name", String(80), nullable=False),
    Column("steps", Text, nullable=False),
    Column("current", Boolean, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by_id", String(40), nullable=False),
    Column("by_name", String(80), nullable=False),
)
Index(  # one plan in force for each area; what a press asks for
    "uq_policies_area",
    policies.c.area,
    unique=True,
    sqlite_where=policies.c.current,
    postgresql_where=policies.c.current,
)

rosters = Table(
    "rosters",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("place", String(80), nullable=False, unique=True),
    Column("area", ForeignKey("areas.code"), nullable=False, index=True),
    Column("clinic", ForeignKey("clinics.id")),
    Column("name", String(80), nullable=False),
    Column("shifts", Text, nullable=False),
    Column("changes", Text, nullable=False),
)
