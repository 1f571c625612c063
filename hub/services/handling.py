"""What people do with a call: answer, release, hand over, prolong, note, call back, resolve, cancel, reopen."""

from collections.abc import Callable

from hub.domain import cases
from hub.domain.calls import Call, Outcome
from hub.domain.cases import Deed
from hub.domain.errors import Conflict, Invalid
from hub.domain.events import Detail, EventType
from hub.domain.feedback import EndedBy
from hub.domain.people import User
from hub.ports import Transaction
from hub.services import dispatching, duty, informing
from hub.services.casefile import may_work, prolonged, tell, tell_elder, visible, words, write
from hub.services.holding import give_back, taken

CALLED_BACK = ("spoke", "no_answer", "busy", "wrong_number")


def answer(tx: Transaction, call_id: str, by: User, now: int) -> Call:
    """Take the call. Conflict call-held (holder) when somebody was first, call-closed when it is over."""
    before = visible(tx, call_id, by)
    after = cases.answer(before, by, now, tx.responders.of_call(call_id))
    if after is before:
        return before
    write(tx, before, after)
    taken(tx, after, now)
    tell(tx, EventType.CALL_ANSWERED, after, by, now)
    tell_elder(tx, before, after, now)
    informing.keep_up(tx, after, now)
    return after


def release(tx: Transaction, call_id: str, by: User, now: int) -> Call:
    """Give the call back: it rings again, as its plan says."""
    before = visible(tx, call_id, by)
    return give_back(tx, before, cases.release(before, by), EventType.CALL_RELEASED, by, now)


def release_all(tx: Transaction, holder: User, stays: User | None, by: User, now: int) -> None:
    """`by` has changed `holder` into `stays` (None: they may no longer sign in): calls that they can work on no
    more ring again, for nobody else could take them."""
    for call in tx.calls.held_by(holder.id):
        if stays is None or not may_work(stays, call):
            give_back(tx, call, cases.release(call, holder), EventType.CALL_RELEASED, by, now)


def hand_over(tx: Transaction, call_id: str, by: User, to: str, note: str, now: int) -> Call:
    """Give the call, and its follow-up, to the user `to`. Invalid: nobody who could take it; Conflict: not on duty.

    Its holder may; an operator of the county's center too, for a holder may be ill.
    """
    before = visible(tx, call_id, by, lock=True)
    account = tx.accounts.get(to)
    if account is None or account.disabled_at is not None or not may_work(account.user, before):
        raise Invalid("handover-nobody", field="to")
    after = cases.hand_over(before, by, account.user, now, any_holder=duty.leads(by))
    if after is before:
        return before
    if not duty.may_take(tx, account.user, before, now):
        raise Conflict("handover-off-duty", name=account.user.name)
    write(tx, before, after)
    detail = Detail(to=account.user.name, note=words(note))
    tell(tx, EventType.CALL_HANDED_OVER, after, by, now, detail)
    tell_elder(tx, before, after, now)
    informing.keep_up(tx, after, now)
    return after


def extend(tx: Transaction, call_id: str, by: User, now: int) -> Call:
    """One click: the holder is still at it, and keeps the call for longer."""
    before = visible(tx, call_id, by)
    cases.require_holder(before, by, Deed.EXTEND)
    after = prolonged(tx, before, by, now)
    tell(tx, EventType.CALL_EXTENDED, after, by, now)
    return after


def resolve(tx: Transaction, call_id: str, by: User, outcome: Outcome, note: str, now: int) -> Call:
    """The emergency is over. Elder and family hear so; the follow-up remains with the holder."""
    before = visible(tx, call_id, by)
    after = cases.resolve(before, by, outcome, now)
    detail = Detail(outcome=outcome.value, note=words(note))
    return _over(tx, before, after, EventType.CALL_RESOLVED, by, detail, now)


def confirm_cancel(tx: Transaction, call_id: str, by: User, note: str, now: int) -> Call:
    """The elder pressed cancel and told `by` that nothing is needed. Conflict: cancel-not-asked, held, closed."""
    before = visible(tx, call_id, by)
    after = cases.cancel(before, by, now)
    return _over(tx, before, after, EventType.CALL_CANCELLED, by, Detail(note=words(note)), now)


def _over(
    tx: Transaction, before: Call, after: Call, event: EventType, by: User, detail: Detail, now: int
) -> Call:
    write(tx, before, after)
    tx.timers.disarm(after.id)
    tell(tx, event, after, by, now, detail)
    tell_elder(tx, before, after, now)
    informing.keep_up(tx, after, now)
    return after


def reopen(tx: Transaction, call_id: str, by: User, note: str, now: int) -> Call:
    """It was not over after all: the call rings again, and who was sent is asked again. Conflict: there is a newer open
    call of the household."""
    before = visible(tx, call_id, by, lock=True)
    waiting = cases.reopen(before)
    said = words(note)
    newer = tx.calls.open_beside(call_id)
    if newer is not None:
        raise Conflict("reopen-newer", call=newer)
    again = dispatching.end_lines(tx, call_id, now)
    tx.feedback.end(call_id, EndedBy.REOPENING)
    reopened = give_back(tx, before, waiting, EventType.CALL_REOPENED, by, now, said)
    return dispatching.ask_again(tx, reopened, again, now)


def note(tx: Transaction, call_id: str, by: User, text: str, now: int) -> Call:
    """Write a note (1-2,000 characters) into the timeline."""
    return _remark(
        tx,
        EventType.CALL_NOTED,
        call_id,
        by,
        now,
        lambda: Detail(note=words(text, required=True)),
        guest=True,
    )


def called_back(tx: Transaction, call_id: str, by: User, outcome: str, text: str, now: int) -> Call:
    """Record how calling the elder back went: spoke, no_answer, busy, wrong_number."""
    if outcome not in CALLED_BACK:
        raise Invalid("callback-outcome", field="outcome")
    detail = Detail(callback=outcome, note=words(text))
    return _remark(tx, EventType.CALL_CALLED_BACK, call_id, by, now, lambda: detail)


def _remark(
    tx: Transaction,
    event: EventType,
    call_id: str,
    by: User,
    now: int,
    detail: Callable[[], Detail],
    *,
    guest: bool = False,
) -> Call:
    call = visible(tx, call_id, by, guest=guest)
    cases.require(call, Deed.NOTE)
    after = prolonged(tx, call, by, now)
    tell(tx, event, after, by, now, detail())
    return after
