"""Thousands of new residents, written so that no press waits for them and still all at once.

One transaction of twenty thousand rows would keep the writer for half a second. So new residents are written in
small ones first, hidden under a mark that says nobody is there (`removed_at` below zero); the last transaction shows
them all. What a hub that died left hidden is forgotten by the next import.
"""

from collections.abc import Sequence
from typing import Final

from hub.domain.residents import ResidentRecord
from hub.ports import Transaction
from hub.services.import_kinds import require_known, require_new, with_ids

AT_A_TIME: Final = 250
WORTH_STAGING: Final = 500
FORGOTTEN_MS: Final = 3_600_000


def mark_of(now: int, nonce: int) -> int:
    """A mark of its own for an import at `now` (Unix ms); `nonce` below 1,000 tells two of one instant apart."""
    return -(now * 1_000 + nonce)


def forget_abandoned(tx: Transaction, now: int) -> None:
    """Drop what imports of more than an hour ago never showed."""
    tx.residents.drop_staged(mark_of(now - FORGOTTEN_MS, 0), -1)


def kept_ids(tx: Transaction, records: Sequence[ResidentRecord]) -> frozenset[str]:
    """The ids among `records` that were a removed resident's: their rows are there, and are not hidden first."""
    require_new(tx, records)
    return frozenset(tx.residents.kept([one.id for one in records if one.id]))


def stage(tx: Transaction, records: Sequence[ResidentRecord], mark: int, now: int) -> int:
    """Write some of the new residents, hidden; how many. Conflict import-stale."""
    require_known(tx, records)
    tx.residents.stage(list(with_ids(tx, records, "r", now)), mark)
    return len(records)


def drop(tx: Transaction, mark: int) -> None:
    """Forget what is still hidden under `mark`."""
    tx.residents.drop_staged(mark, mark)
