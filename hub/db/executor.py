"""Commands that arrive together share one commit; a bad one among them costs only itself.

1. All commands run in one transaction without savepoints: that is what happens nearly always, and fast.
2. When any of them raises, all is rolled back and run again, each in a savepoint of its own: the one that
   raises again is undone alone, the others are committed.
3. What a command queued may fail only at the end, when it is written: then each runs in a transaction of
   its own.
4. A command that collided with another hub runs again, at once, on what is there now.
5. When the database is away, or the commit fails, nothing happened and every command hears Unavailable.
"""

import secrets
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, Protocol

import msgspec
from sqlalchemy import Connection

from hub.db.engine import trouble
from hub.db.transaction import Collision, Committed, Tx
from hub.domain.errors import HubError, Unavailable
from hub.ports import Outgoing

TRIES = 5
AnyCommand = Callable[[Tx], Any]


class Lender(Protocol):
    """An engine, or what lends its connections."""

    def connect(self) -> AbstractContextManager[Connection]: ...


_MakeTx = Callable[[Connection], Tx]


class Outcome(msgspec.Struct, frozen=True):
    """What one command came to: a value, or the error that undid it."""

    value: object = None
    error: Exception | None = None


class _AgainError(Exception):
    """The database asked for the whole transaction to be tried again (deadlock, serialisation)."""


def execute(
    engine: Lender,
    commands: Sequence[AnyCommand],
    *,
    owner: str,
    now: Callable[[], int],
    random_bits: Callable[[int], int] = secrets.randbits,
) -> tuple[list[Outcome], Committed]:
    """Run `commands` in one durable transaction; outcomes come in their order."""
    return _execute(engine, commands, partial(Tx, owner=owner, random_bits=random_bits), now)


def _execute(
    engine: Lender, commands: Sequence[AnyCommand], make: _MakeTx, now: Callable[[], int]
) -> tuple[list[Outcome], Committed]:
    for attempt in range(TRIES):
        try:
            with engine.connect() as conn:
                if attempt == 0:
                    try:
                        return _together(conn, commands, make, now)
                    except (HubError, Collision):
                        conn.rollback()
                return _one_by_one(conn, commands, make, now)
        except _AgainError:
            continue
        except Exception as error:  # noqa: BLE001 -- whatever a command raises is its outcome
            if _is_away(error):
                return _nobody(commands, error), Committed()
            if attempt == 0:
                continue  # some command is at fault; the next round, one by one, finds which
            if len(commands) == 1:
                return [Outcome(error=error)], Committed()
            return _apart(engine, commands, make, now)
    return _nobody(commands, Unavailable("store-busy")), Committed()


def _together(
    conn: Connection, commands: Sequence[AnyCommand], make: _MakeTx, now: Callable[[], int]
) -> tuple[list[Outcome], Committed]:
    with conn.begin():
        tx = make(conn)
        outcomes = [Outcome(command(tx)) for command in commands]
        committed = tx.flush(now())
    return outcomes, committed


def _one_by_one(
    conn: Connection, commands: Sequence[AnyCommand], make: _MakeTx, now: Callable[[], int]
) -> tuple[list[Outcome], Committed]:
    with conn.begin():
        tx = make(conn)
        outcomes = [_alone(tx, command) for command in commands]
        committed = tx.flush(now())
    return outcomes, committed


def _apart(
    engine: Lender, commands: Sequence[AnyCommand], make: _MakeTx, now: Callable[[], int]
) -> tuple[list[Outcome], Committed]:
    outcomes: list[Outcome] = []
    outgoing: list[Outgoing] = []
    due: list[int] = []
    for command in commands:
        done, committed = _execute(engine, [command], make, now)
        outcomes += done
        outgoing += committed.outgoing
        due += [] if committed.next_due is None else [committed.next_due]
    # other hubs may have committed in between, and the feed takes only events without a gap: it reads these
    return outcomes, Committed((), tuple(outgoing), min(due, default=None))


def _alone(tx: Tx, command: AnyCommand) -> Outcome:
    for _ in range(TRIES):
        mark = tx.mark()
        savepoint = tx.conn.begin_nested()
        try:
            value = command(tx)
            savepoint.commit()
        except Collision:
            savepoint.rollback()
            tx.forget_since(mark)
        except Exception as error:  # noqa: BLE001 -- whatever a command raises is its outcome
            _raise_unless_statement(error)
            savepoint.rollback()
            tx.forget_since(mark)
            return Outcome(error=error)
        else:
            return Outcome(value)
    return Outcome(error=Unavailable("store-busy"))


def _raise_unless_statement(error: Exception) -> None:
    kind = trouble(error)
    if kind == "again":
        raise _AgainError from error
    if kind == "away":
        raise error


def _is_away(error: Exception) -> bool:
    return trouble(error) != "statement" or isinstance(error, Unavailable)


def _nobody(commands: Sequence[AnyCommand], error: Exception) -> list[Outcome]:
    unavailable = error if isinstance(error, HubError) else Unavailable("store-away")
    if unavailable is not error:
        unavailable.__cause__ = error
    return [Outcome(error=unavailable) for _ in commands]
