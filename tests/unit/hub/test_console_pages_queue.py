"""The queue: who stands where, what is marked, for whom it rings."""

from typing import Any

import msgspec

from hub.console.pages.queue import SHOWN_AT_MOST, queue
from hub.console.pages.rows import Known, age, place
from hub.domain.calls import Call, CallState, Holder
from hub.domain.people import Role, User
from hub.domain.residents import Caller
from hub.domain.responders import Responder, ResponderKind, ResponderState

COUNTY, TOWN, VILLAGE = "990421000000", "990421101000", "990421101201"
NAMES = {COUNTY: "清溪县", TOWN: "石桥镇", VILLAGE: "上坪村"}
KNOWN = Known(names=NAMES, callers={}, sent={})
NOW = 1_790_000_000_000
OPERATOR = User(id="u-1", username="op", name="王芳", spoken_name="王值班员", role=Role.OPERATOR, area=TOWN)
COUNTY_OPERATOR = User(
    id="u-2", username="county", name="赵敏", spoken_name="赵值班员", role=Role.OPERATOR, area=COUNTY
)
CLINIC = User(
    id="u-4",
    username="clinic",
    name="何医生",
    spoken_name="卫生院何医生",
    role=Role.CLINIC,
    area=TOWN,
    clinic="clinic-1",
)
ADMIN = User(
    id="u-3", username="admin", name="吴磊", spoken_name="吴主任", role=Role.COUNTY_ADMIN, area=COUNTY
)


def call(name: str = "c-1", waited_s: int = 10, **changes: Any) -> Call:
    made = Call(
        id=name,
        kind="sos",
        state=CallState.RINGING,
        device="b-1",
        resident="r-1",
        resident_name="刘桂兰",
        area=VILLAGE,
        clinic=None,
        raised_at=NOW - waited_s * 1000,
        rung=(f"center:{TOWN}",),
    )
    return msgspec.structs.replace(made, **changes)


def held(by: User, since: int) -> dict[str, Any]:
    holder = Holder(id=by.id, name=by.name, spoken_name=by.spoken_name, since=since)
    return {"state": CallState.ANSWERED, "holder": holder}


def line(of: str, state: ResponderState = ResponderState.ASKED, **changes: Any) -> Responder:
    made = Responder(
        id=f"x-{of}",
        call=of,
        kind=ResponderKind.CLINIC,
        to="clinic-1",
        name="石桥镇卫生院",
        phone="",
        spoken="石桥镇卫生院",
        state=state,
        asked_at=NOW - 4000,
    )
    return msgspec.structs.replace(made, **changes)


def test_urgent_calls_have_a_minutes_start_and_no_more() -> None:
    ill = msgspec.structs.replace(KNOWN, callers={"r-ill": Caller(is_ill=True)})
    calls = [
        call("c-plain", 50),
        call("c-ill", 5, resident="r-ill"),
        call("c-fall", 3, kind="fall"),
        call("c-old", 70),
        call("c-cancel", 69, cancel_asked_at=NOW),
    ]
    shown = queue(calls, OPERATOR, ill, NOW)
    assert [one.id for one in shown.waiting] == ["c-old", "c-ill", "c-fall", "c-plain", "c-cancel"]
    assert [one.id for one in shown.waiting if "mark-urgent" in one.marks] == ["c-ill", "c-fall"]


def test_ones_own_calls_stand_before_those_of_others_and_tell_when_they_are_lost() -> None:
    calls = [
        call("c-theirs", 90, lapses_at=NOW + 9, **held(COUNTY_OPERATOR, NOW)),
        call("c-mine", 9, lapses_at=NOW + 7, **held(OPERATOR, NOW)),
    ]
    shown = queue(calls, OPERATOR, KNOWN, NOW)
    assert [(one.id, one.until) for one in shown.held] == [("c-mine", NOW + 7), ("c-theirs", None)]


def test_a_clinic_that_is_asked_to_go_hears_it_until_it_says_whether_it_does() -> None:
    taken = call("c-1", 60, clinic="clinic-1", **held(OPERATOR, NOW))
    asked = msgspec.structs.replace(KNOWN, sent={"c-1": [line("c-1")]})
    (row,) = queue([taken], CLINIC, asked, NOW).asked
    assert (row.rings, row.asked, row.since) == (True, "x-c-1", NOW - 4000)
    assert queue([taken], OPERATOR, asked, NOW).asked == ()
    accepted = msgspec.structs.replace(KNOWN, sent={"c-1": [line("c-1", ResponderState.ACCEPTED)]})
    shown = queue([taken], CLINIC, accepted, NOW)
    assert (shown.asked, [one.rings for one in shown.held]) == ((), [False])
    assert [(one.name, one.state) for one in shown.held[0].going] == [("石桥镇卫生院", "accepted")]


def test_where_a_resident_is_stands_on_the_row_and_the_call_rings_all_the_same() -> None:
    away = msgspec.structs.replace(KNOWN, callers={"r-1": Caller(status="hospital")})
    (row,) = queue([call()], OPERATOR, away, NOW).waiting
    assert (row.marks, row.rings) == (("mark-status-hospital",), True)


def test_a_call_that_waits_again_counts_from_then() -> None:
    again = call("c-1", 9000, answered_at=NOW - 8_000_000, begun_at=NOW - 7000)
    assert queue([again], OPERATOR, KNOWN, NOW).waiting[0].since == NOW - 7000


def test_the_longest_waiting_stands_first_in_each_part() -> None:
    calls = [
        call("c-new", 5),
        call("c-old", 50),
        call("c-mine", 99, **held(OPERATOR, NOW)),
        call("c-mid", 20),
    ]
    shown = queue(calls, OPERATOR, KNOWN, NOW)
    assert [row.id for row in shown.waiting] == ["c-old", "c-mid", "c-new"]
    assert [row.id for row in shown.held] == ["c-mine"]


def test_a_row_rings_only_while_it_waits_and_only_where_it_has_been_rung() -> None:
    waiting, answered = call(), call("c-2", **held(OPERATOR, NOW))
    assert [row.rings for row in queue([waiting], OPERATOR, KNOWN, NOW).waiting] == [True]
    assert [row.rings for row in queue([waiting], COUNTY_OPERATOR, KNOWN, NOW).waiting] == [False]
    assert [row.rings for row in queue([answered], OPERATOR, KNOWN, NOW).held] == [False]


def test_the_administrator_sees_and_has_no_button() -> None:
    shown = queue([call()], ADMIN, KNOWN, NOW)
    assert (len(shown.waiting), shown.may_handle, shown.sees_calls) == (1, False, True)


def test_a_timer_counts_from_the_press_then_from_the_answer_then_from_the_end() -> None:
    resolved = {"state": CallState.RESOLVED, "resolved_at": NOW - 1}
    answered = held(OPERATOR, NOW - 3)
    shown = queue(
        [call("c-1", 9), call("c-2", 9, **answered), call("c-3", 9, **{**answered, **resolved})],
        OPERATOR,
        KNOWN,
        NOW,
    )
    assert [part[0].since - NOW for part in (shown.waiting, shown.held, shown.follow_up)] == [-9000, -3, -1]


def test_marks_tell_what_is_out_of_the_ordinary() -> None:
    odd = call(late=True, decoded=False, cancel_asked_at=NOW, resident=None, resident_name=None, linked="c-0")
    (row,) = queue([odd], OPERATOR, KNOWN, NOW).waiting
    assert row.marks == (
        "mark-late",
        "mark-undecoded",
        "mark-cancel-asked",
        "mark-unknown-caller",
        "mark-linked",
    )
    assert queue([call()], OPERATOR, KNOWN, NOW).waiting[0].marks == ()


def test_a_place_leaves_out_what_goes_without_saying() -> None:
    assert place(VILLAGE, NAMES, COUNTY) == "石桥镇 上坪村"
    assert place(VILLAGE, NAMES, TOWN) == "上坪村"
    assert place(TOWN, NAMES, TOWN) == "石桥镇"
    assert place(VILLAGE, NAMES, VILLAGE) == "上坪村"
    assert place("990421101202", {**NAMES, "990421101202": "枫树坪村"}, VILLAGE) == "枫树坪村"
    assert place(COUNTY, NAMES, COUNTY) == "清溪县"
    assert place(VILLAGE + "-3", NAMES, TOWN) == "上坪村"
    assert place(VILLAGE + "-3", NAMES, VILLAGE) == "上坪村"
    assert place("not an area", NAMES) == "not an area"


def test_an_age_is_counted_in_the_countys_own_years() -> None:
    new_year_in_beijing = 1_798_732_800_000  # 2026-12-31T16:00Z
    assert age(1941, new_year_in_beijing - 1) == 85
    assert age(1941, new_year_in_beijing) == 86
    assert age(None, NOW) is None


def test_what_is_not_listed_is_counted() -> None:
    follow_ups = [call(f"c-{n}", n, state=CallState.RESOLVED) for n in range(SHOWN_AT_MOST + 7)]
    shown = queue([call("c-wait"), *follow_ups], OPERATOR, KNOWN, NOW)
    assert len(shown.waiting) == 1
    assert len(shown.follow_up) == SHOWN_AT_MOST - 1
    assert shown.hidden == 8
