"""The follow-up of a case: asking the elder what it was like, taking the answer, closing."""

import msgspec

from devices.messages import PressKind
from hub.domain import cases, feedback
from hub.domain.calls import AFTERWARDS, Call
from hub.domain.cases import Deed
from hub.domain.errors import Conflict
from hub.domain.events import Detail, EventType, PressSeen
from hub.domain.feedback import AskBy, FeedbackLink
from hub.domain.notices import NoticeDraft
from hub.domain.people import Scope, User
from hub.ports import Reader, Transaction
from hub.services.casefile import may_work, tell, tell_elder, visible, words, write

WHOEVER = Scope(area_prefix="")  # the link is the right


class LinkToSend(msgspec.Struct, frozen=True):
    """A link that works once: what is kept of its token, and the address that is sent."""

    token_hash: str
    url: str


def close(tx: Transaction, call_id: str, by: User, rating: int | None, note: str, now: int) -> Call:
    """The follow-up was made: the case is closed, with the elder's rating when there is one. Conflict: held."""
    before = _mine(tx, call_id, by, Deed.CLOSE)
    return _close(tx, before, by, rating, Detail(rating=rating, note=words(note)), now)


def ask(tx: Transaction, call_id: str, by: User, way: AskBy, link: LinkToSend, now: int) -> Call:
    """Ask the elder: they will be called back, get `link` by message (else the first contact does), or their device
    asks. Conflict: held; feedback-no-phone, feedback-no-device: there is nobody, or nothing, to ask."""
    before = _mine(tx, call_id, by, Deed.ASK_FEEDBACK)
    after = cases.ask_feedback(before, way.value)
    if way is AskBy.LINK and before.is_real:  # a drill troubles nobody at home
        _send(tx, before, link, now)
    if way is AskBy.DEVICE and not tx.presses.newest_of_call(call_id):
        raise Conflict("feedback-no-device")
    write(tx, before, after)
    tell(tx, EventType.CALL_FEEDBACK_ASKED, after, by, now, Detail(feedback_by=way.value))
    tell_elder(tx, before, after, now)
    return after


class LinkAsks(msgspec.Struct, frozen=True):
    """What a link asks about: when the call was raised, until when it can be answered (Unix ms)."""

    raised_at: int
    until: int


def asked_by_link(read: Reader, token_hash: str, now: int) -> LinkAsks:
    """What the link asks. NotFound: feedback-link-over; Conflict: feedback-given and its like."""
    link = feedback.require_usable(read.feedback_link(token_hash), now)
    call = _asked_about(read.call(link.call, WHOEVER))
    return LinkAsks(call.raised_at, link.expires_at)


def rate(tx: Transaction, token_hash: str, rating: int, note: str, now: int) -> Call:
    """Somebody followed the link: the case is closed with their rating. NotFound: feedback-link-over; Conflict:
    feedback-given, feedback-closed, feedback-reopened, feedback-given-reopened, feedback-newer."""
    link = feedback.require_usable(tx.feedback.find(token_hash), now)
    before = _asked_about(tx.calls.lock(link.call))
    after = _close(tx, before, None, rating, Detail(rating=rating, note=words(note), feedback_by="link"), now)
    if not tx.feedback.use(token_hash, now):
        raise Conflict("feedback-given")
    return after


def _asked_about(call: Call | None) -> Call:
    """The case that a link asks about. Conflict: it waits for no rating any more."""
    if call is None or call.state not in AFTERWARDS:
        rated = call is not None and call.rating is not None
        raise Conflict("feedback-given" if rated else "feedback-closed")
    return call


def asking(tx: Transaction, subject: str, device: str) -> Call | None:
    """The case of the household about which `device` asks just now."""
    call = tx.calls.asked_on_device(subject)
    if call is None or device not in {asked for asked, _ in tx.presses.newest_of_call(call.id)}:
        return None
    return call


def pressed(tx: Transaction, before: Call, press: PressSeen, now: int) -> Call:
    """A key other than the emergency key answers what its device asks: `ok` closes the case with the best rating,
    `callback` leaves it open, for its holder to telephone."""
    if press.kind == PressKind.OK:
        detail = Detail(rating=feedback.PRESSED_OK, press=press, feedback_by=AskBy.DEVICE.value)
        return _close(tx, before, None, feedback.PRESSED_OK, detail, now)
    after = cases.ask_feedback(before, AskBy.CALL_BACK.value)
    write(tx, before, after)
    detail = Detail(feedback_by=AskBy.CALL_BACK.value, press=press)
    tell(tx, EventType.CALL_FEEDBACK_ASKED, after, None, now, detail)
    tell_elder(tx, before, after, now)
    return after


def _close(
    tx: Transaction, before: Call, by: User | None, rating: int | None, detail: Detail, now: int
) -> Call:
    after = cases.close(before, rating, now)
    write(tx, before, after)
    tell(tx, EventType.CALL_CLOSED, after, by, now, detail)
    tell_elder(tx, before, after, now)
    return after


def _send(tx: Transaction, call: Call, link: LinkToSend, now: int) -> None:
    """To the elder's own telephone, else to the first contact's."""
    resident = None if call.resident is None else tx.residents.get(call.resident)
    near = () if resident is None else [("", resident.phone), *((c.name, c.phone) for c in resident.contacts)]
    name, phone = next(((name, phone) for name, phone in near if phone), ("", ""))
    if not phone:
        raise Conflict("feedback-no-phone")
    tx.feedback.add(
        FeedbackLink(
            token_hash=link.token_hash, call=call.id, created_at=now, expires_at=now + feedback.LINK_MS
        )
    )
    params = {"helper": name, "resident": call.resident_name or "", "url": link.url}
    message = "notice-feedback" if name else "notice-feedback-own"
    draft = NoticeDraft(message=message, params=params, key=f"{message}:{call.id}:{now}")
    tx.outbox.notice(f"sms:{phone}", msgspec.json.encode(draft))


def _mine(tx: Transaction, call_id: str, by: User, deed: Deed) -> Call:
    """The case, whose first receiver keeps it to its end; anybody's when they can work on it no more."""
    call = visible(tx, call_id, by)
    cases.require(call, deed)
    holder = None if call.holder is None else tx.accounts.get(call.holder.id)
    if holder is not None and holder.disabled_at is None and may_work(holder.user, call):
        cases.require_holder(call, by, deed)
    return call
