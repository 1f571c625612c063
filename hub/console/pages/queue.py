"""The queue as the desk shows it: pure functions from calls to rows, what is most urgent first."""

from collections.abc import Sequence

import msgspec

from hub.console.pages.rows import Known, Row, asked_of, is_urgent, row
from hub.domain.calls import HELD, WAITING, Call
from hub.domain.people import NOTHING, User, call_scope, may_handle_calls
from hub.services.casefile import is_guest

SHOWN_AT_MOST = 200
HEAD_START_MS = (
    60_000  # an urgent call stands where one a minute older would: urgency counts, and so does waiting
)


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """What is not closed, in the order in which it wants hands.

    `asked`: calls to which the user's own clinic is asked to go.
    """

    asked: tuple[Row, ...]
    waiting: tuple[Row, ...]
    held: tuple[Row, ...]
    follow_up: tuple[Row, ...]
    hidden: int
    sees_calls: bool
    may_handle: bool


def queue(calls: Sequence[Call], user: User, known: Known, now: int) -> Queue:
    """The rows that `user` sees."""
    ordered = sorted(calls, key=lambda call: (_weight(call, known), call.id))
    asked = [call for call in ordered if asked_of(user, call, known.sent.get(call.id, ())) is not None]
    waiting = [call for call in ordered if call.state in WAITING and not is_guest(user, call)]
    held = [call for call in ordered if call.state in WAITING | HELD and call not in (*asked, *waiting)]
    held.sort(key=lambda call: call.holder is None or call.holder.id != user.id)
    after = [call for call in ordered if call.state not in WAITING | HELD]
    room = max(0, SHOWN_AT_MOST - len(waiting) - len(held))

    def rows(part: Sequence[Call]) -> tuple[Row, ...]:
        return tuple(row(call, user, known, now) for call in part)

    return Queue(
        asked=rows(asked[:SHOWN_AT_MOST]),
        waiting=rows(waiting[:SHOWN_AT_MOST]),
        held=rows(held[:SHOWN_AT_MOST]),
        follow_up=rows(after[:room]),
        hidden=max(0, len(waiting) - SHOWN_AT_MOST) + max(0, len(held) - SHOWN_AT_MOST) + len(after[room:]),
        sees_calls=call_scope(user) != NOTHING,
        may_handle=may_handle_calls(user),
    )


def _weight(call: Call, known: Known) -> int:
    """How long it waits, as the queue counts it; who wanted to cancel can wait a little."""
    start = HEAD_START_MS if is_urgent(call, known.caller(call)) else 0
    return call.raised_at - start + (HEAD_START_MS if call.cancel_asked_at is not None else 0)
