"""Alembic's entry: runs on the connection that hub.db.migrate hands over."""

from alembic import context

import hub.db.broadcast_tables
import hub.db.case_tables
import hub.db.plan_tables  # noqa: F401 -- as well
from hub.db.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transaction_per_migration=False,
    render_as_batch=True,
)
context.run_migrations()
