"""A look into the main database by a process that does not own it: nothing is migrated, nothing written."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from hub.db.engine import READ_ONLY, make_engine
from hub.db.reader import Read
from hub.domain.errors import Unavailable

T = TypeVar("T")
log = logging.getLogger(__name__)


class Onlooker:
    """Reads committed facts; the schema may be older or newer than ours for a while, or not there yet."""

    def __init__(self, url: str) -> None:
        self._file = make_url(url).database if make_url(url).get_backend_name() == "sqlite" else None
        self._engine = make_engine(url, writers=1)

    def read_sync(self, query: Callable[[Read], T]) -> T:
        """What is committed now. Unavailable when the database is away, or not (yet) as this program knows it."""
        if self._file is not None and not Path(self._file).exists():
            raise Unavailable("store-away")  # to connect would make an empty one
        try:
            with self._engine.connect().execution_options(**{READ_ONLY: True}) as conn:
                return query(Read(conn))
        except DBAPIError as error:
            log.info("the main database cannot be read: %s", error.orig)
            raise Unavailable("store-away") from error

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()
