"""PostgreSQL tells the other hubs that something was committed; SQLite has no others."""

import logging
import threading
from collections.abc import Callable

import psycopg
from sqlalchemy import Engine

CHANNEL = "xiangyin"
RETRY_S = 2.0
WAIT_S = 1.0
log = logging.getLogger(__name__)


class Listener:
    """A thread that calls `heard` whenever any hub has committed events."""

    def __init__(self, engine: Engine, heard: Callable[[], None]) -> None:
        self._conninfo = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._heard = heard
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="store-listen", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for the end."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with psycopg.connect(self._conninfo, autocommit=True, connect_timeout=5) as conn:
                    conn.execute(f"LISTEN {CHANNEL}")
                    self._heard()  # whatever was missed while nobody listened
                    while not self._stopping.is_set():
                        for _ in conn.notifies(timeout=WAIT_S, stop_after=1):
                            self._heard()
            except psycopg.Error as error:
                log.warning("not listening to other hubs: %s", error)
                self._stopping.wait(RETRY_S)
