"""One-time links for feedback, as rows."""

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from hub.db.case_tables import feedback_links as links
from hub.domain.feedback import EndedBy, FeedbackLink


class FeedbackRows:
    """Implements hub.ports.FeedbackLinks on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def add(self, link: FeedbackLink) -> None:
        """A new link; those sent before for the same call end."""
        self.end(link.call, EndedBy.NEWER)
        row = {name: getattr(link, name) for name in link.__struct_fields__}
        self._conn.execute(insert(links).values(**row))

    def end(self, call: str, by: EndedBy) -> None:
        """What was sent for `call` rates no more; what ended before says so as it did. Used links say that they are
        used, but for a reopening."""
        which = (links.c.call == call) & links.c.ended_by.is_(None)
        if by is not EndedBy.REOPENING:
            which &= links.c.used_at.is_(None)
        self._conn.execute(update(links).where(which).values(ended_by=by.value))

    def find(self, token_hash: str) -> FeedbackLink | None:
        """The link whose token has this hash, whatever became of it."""
        return read_link(self._conn, token_hash)

    def use(self, token_hash: str, now: int) -> bool:
        """Use the link up; False when it was used this instant."""
        unused = (links.c.token_hash == token_hash) & links.c.used_at.is_(None) & links.c.ended_by.is_(None)
        return self._conn.execute(update(links).where(unused).values(used_at=now)).rowcount == 1


def read_link(conn: Connection, token_hash: str) -> FeedbackLink | None:
    """The link whose token has this hash."""
    row = conn.execute(select(links).where(links.c.token_hash == token_hash)).mappings().first()
    return (
        None
        if row is None
        else msgspec.convert({str(name): value for name, value in row.items()}, FeedbackLink)
    )


def remove_old(conn: Connection, before: int) -> None:
    """Forget links that ended before `before` (Unix ms)."""
    conn.execute(delete(links).where(links.c.expires_at < before))
