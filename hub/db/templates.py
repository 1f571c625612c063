"""The county's templates of broadcasts as rows."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, RowMapping, delete, select, update

from broadcast.domain.priorities import Category
from broadcast.domain.templates import Template
from hub.db.broadcast_tables import templates
from hub.db.statements import insert_unless_there


class TemplateRows:
    """Implements broadcast.rows.Templates on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def get(self, template_id: str) -> Template | None:
        """The template, if there is one of that id."""
        row = self._conn.execute(select(templates).where(templates.c.id == template_id)).mappings().first()
        return None if row is None else _template(row)

    def put(self, template: Template) -> None:
        """The template as it is from now on."""
        row = msgspec.structs.asdict(template) | {"category": template.category.value}
        if self._conn.execute(insert_unless_there(self._conn, templates), row).rowcount == 0:
            self._conn.execute(update(templates).where(templates.c.id == template.id).values(row))

    def remove(self, template_id: str) -> bool:
        """There is no such template any more; False when there was none."""
        return self._conn.execute(delete(templates).where(templates.c.id == template_id)).rowcount == 1


def read_templates(conn: Connection) -> Sequence[Template]:
    """All of them: those of one category together, by id."""
    query = select(templates).order_by(templates.c.category, templates.c.id)
    return [_template(row) for row in conn.execute(query).mappings()]


def _template(row: RowMapping) -> Template:
    return Template(**{**row, "category": Category(row["category"])})
