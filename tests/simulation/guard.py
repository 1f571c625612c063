"""Where a hub process may die, and where its disk may fail: every statement, commit, listener, answer and send."""

import sqlite3
from collections import Counter
from collections.abc import Callable
from random import Random

FULL, IOERR, CANTOPEN = sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_CANTOPEN
POINTS = (
    "at a statement",
    "before a commit",
    "after a commit, before anybody hears of it",
    "between commit and answers",
    "before a PUBACK",
    "before a send",
    "after a send, before it is noted",
    "while it starts",
)


class Crash(BaseException):
    """The process is gone. No `except Exception` may hold it up."""


class ProcessGuard:
    """The guard of one life of one hub (`hub.db` side and world side)."""

    def __init__(
        self,
        dice: Random,
        *,
        races: bool,
        die: Callable[[str], None],
        interleave: Callable[[], None],
        disk_is_away: Callable[[], bool],
    ) -> None:
        self.races = races
        self._dice = dice
        self._die = die
        self._interleave = interleave
        self._disk_is_away = disk_is_away
        self._crash_at = ""
        self._crash_in = 0
        self._fault_at = ""
        self._fault_in = 0
        self.writing = False
        self.passed: Counter[str] = Counter()

    def arm_crash(self) -> None:
        """Die soon, at a point of a kind that the dice choose."""
        self._crash_at = self._dice.choice((*POINTS[:-1], "anywhere"))
        self._crash_in = self._dice.randrange(1, 40 if self._crash_at in (POINTS[0], "anywhere") else 6)

    def arm_fault(self) -> None:
        """Let the disk fail soon: at a statement, at a commit, or just after one."""
        self._fault_at = self._dice.choice(POINTS[:3])
        self._fault_in = self._dice.randrange(1, 40 if self._fault_at == POINTS[0] else 6)

    def point(self, kind: str) -> bool:
        """True when the process has just died here; whoever asks must do nothing more."""
        self.passed[kind] += 1
        if self._crash_in and self._crash_at in (kind, "anywhere"):
            self._crash_in -= 1
            if not self._crash_in:
                self._die(kind)
                return True
        return False

    def connecting(self) -> None:
        """See `database.Guard`."""
        if self._disk_is_away():
            raise _sqlite_error(CANTOPEN, "unable to open database file")

    def statement(self, sql: str) -> None:
        """See `database.Guard`."""
        if self._disk_is_away():
            raise _sqlite_error(IOERR, "disk I/O error")
        if self.writing and not sql.startswith("BEGIN"):
            self._pass(POINTS[0])

    def interleave(self) -> None:
        """See `database.Guard`. Not each time: whoever is let in before the first look is no longer there before the
        step."""
        if self._dice.random() < 0.5:
            self._interleave()

    def before_commit(self) -> None:
        """See `database.Guard`."""
        if self.writing:
            self._pass(POINTS[1])

    def after_commit(self) -> None:
        """See `database.Guard`."""
        if self.writing:
            self._pass(POINTS[2])

    def _pass(self, kind: str) -> None:
        if self.point(kind):
            raise Crash
        if self._fault_in and self._fault_at == kind:
            self._fault_in -= 1
            if not self._fault_in:
                raise _sqlite_error(
                    *self._dice.choice(((FULL, "database or disk is full"), (IOERR, "disk I/O error")))
                )


def _sqlite_error(code: int, text: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode = code
    return error
