"""Help asked for by telephone or in person, on both stores: a call like any other."""

from __future__ import annotations

import pytest

from hub.db.store import Store
from hub.domain.calls import Call, CallState
from hub.domain.errors import Conflict, HubError, Invalid
from hub.domain.people import Role, User
from hub.domain.rosters import Shift
from hub.i18n.phrases import Phrases
from hub.services import entering, reviewing, rostering
from hub.services.entering import Asked, Entry
from hub.services.rostering import RosterChange
from tests.contract.casebook import CaseBook
from tests.stores import (
    CLINIC_STAFF,
    COUNTY,
    COUNTY_OPERATOR,
    OPERATOR,
    OTHER_TOWN,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    Moved,
)
from tests.web import ADMIN


@pytest.fixture
def book(store: Store, clock: Moved) -> CaseBook:
    """An empty case book."""
    return CaseBook(store, clock)


def held(book: CaseBook) -> str:
    """A call that OPERATOR has."""
    call = book.press()
    book.answer(call, OPERATOR)
    return call


def refused(book: CaseBook, code: str, *commands: object) -> None:
    for command in commands:
        with pytest.raises(HubError) as error:
            book.do(command)  # type: ignore[arg-type]
        assert error.value.code == code


def entered(book: CaseBook, entry: Entry, by: User = OPERATOR) -> Call:
    return book.do(lambda tx, now: entering.enter(tx, entry, by, now))


def test_help_asked_by_telephone_rings_and_runs_as_a_press_does(book: CaseBook) -> None:
    call = entered(book, Entry(kind=Asked.TELEPHONE, resident="r-1", phone="0990-5550001", note="说头晕"))

    assert (call.state, call.kind, call.area, call.clinic) == (
        CallState.RINGING,
        "telephone",
        VILLAGE,
        "clinic-1",
    )
    assert f"center:{TOWN}" in call.rung
    assert (book.told(call.id)[0].note, book.told(call.id)[0].number) == ("说头晕", "0990-5550001")
    assert book.press() == call.id, "the household's press joins it"
    book.answer(call.id, OPERATOR)
    book.resolve(call.id, OPERATOR)
    assert book.do(lambda tx, now: reviewing.close(tx, call.id, OPERATOR, 3, "", now)).rating == 3


def test_a_resident_with_an_open_call_gets_no_second_one(book: CaseBook) -> None:
    call = book.press()
    with pytest.raises(Conflict) as conflict:
        entered(book, Entry(kind=Asked.TELEPHONE, resident="r-1"))
    assert (conflict.value.code, conflict.value.params) == ("call-there", {"call": call})


def test_somebody_unknown_is_helped_where_they_are(book: CaseBook) -> None:
    call = entered(book, Entry(kind=Asked.IN_PERSON, area=VILLAGE, name="路过的老人"))
    other = entered(book, Entry(kind=Asked.IN_PERSON, area=VILLAGE))

    assert (call.resident, call.resident_name, call.id != other.id) == (None, "路过的老人", True)
    book.answer(call.id, OPERATOR)
    book.resolve(call.id, OPERATOR)


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (Entry(kind=Asked.TELEPHONE), "entry-place"),
        (Entry(kind=Asked.TELEPHONE, area=OTHER_TOWN), "entry-place"),
        (Entry(kind=Asked.TELEPHONE, area="nowhere"), "entry-place"),
        (Entry(kind=Asked.TELEPHONE, resident="r-2"), "resident-unknown"),
        (Entry(kind=Asked.TELEPHONE, resident="r-none"), "resident-unknown"),
        (Entry(kind=Asked.TELEPHONE, resident="r-1", phone="电话"), "entry-phone"),
    ],
)
def test_what_cannot_be_entered_says_why(book: CaseBook, entry: Entry, code: str) -> None:
    with pytest.raises(Invalid) as error:
        entered(book, entry)
    assert error.value.code == code


STRANGE = User(
    id="u-dr2",
    username="dr2",
    name="何医生",
    spoken_name="何医生",
    role=Role.CLINIC,
    area=TOWN,
    clinic="clinic-2",
)


@pytest.mark.parametrize(
    ("by", "entry", "code"),
    [
        (CLINIC_STAFF, Entry(kind=Asked.TELEPHONE, area=OTHER_VILLAGE), "entry-place-clinic"),
        (CLINIC_STAFF, Entry(kind=Asked.TELEPHONE, area=COUNTY), "entry-place-clinic"),
        (STRANGE, Entry(kind=Asked.TELEPHONE, area=VILLAGE), "entry-place-clinic"),
        (CLINIC_STAFF, Entry(kind=Asked.TELEPHONE, area="nowhere"), "entry-place"),
        (CLINIC_STAFF, Entry(kind=Asked.TELEPHONE, resident="r-2"), "resident-unknown"),
    ],
)
def test_a_clinic_enters_no_call_of_another_area(book: CaseBook, by: User, entry: Entry, code: str) -> None:
    with pytest.raises(Invalid) as error:
        entered(book, entry, by)
    assert error.value.code == code


def test_a_clinic_enters_calls_of_its_residents_and_of_its_area(book: CaseBook) -> None:
    assert entered(book, Entry(kind=Asked.TELEPHONE, resident="r-1"), CLINIC_STAFF).clinic == "clinic-1"
    there = entered(book, Entry(kind=Asked.IN_PERSON, area=VILLAGE, name="路过的老人"), CLINIC_STAFF)
    assert (there.area, there.clinic) == (VILLAGE, "clinic-1")


def test_a_drill_rings_beside_the_real_call_and_troubles_nobody_at_home(book: CaseBook) -> None:
    drill = entered(book, Entry(kind=Asked.TELEPHONE, resident="r-1", drill=True))
    real = book.press()
    assert drill.id != real
    book.answer(drill.id, OPERATOR)
    book.send(drill.id, OPERATOR, "clinic-1")
    book.resolve(drill.id, OPERATOR)
    assert book.notices() == []


def test_who_is_told_hears_where_when_nobody_knows_whose_call_it_is(book: CaseBook) -> None:
    shift = Shift(
        name="全天",
        start="2026-01-01T00:00",
        rrule="FREQ=DAILY",
        minutes=1440,
        people=(OPERATOR.id,),
        leader=COUNTY_OPERATOR.id,
        phone="13900000009",
    )
    change = RosterChange(name="镇", shifts=(shift,))
    book.do(lambda tx, now: rostering.add_roster(tx, f"center:{TOWN}", change, ADMIN, now))
    entered(book, Entry(kind=Asked.TELEPHONE, area=VILLAGE))

    [(to, draft)] = book.asked_for_help()
    assert (to, draft.message) == ("sms:13900000009", "notice-call-waits")
    said = Phrases().say("zh", draft.message, **draft.params)
    assert said.startswith("赵敏您好：上坪村有人请人帮忙，")
