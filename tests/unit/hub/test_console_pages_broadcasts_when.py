"""Times as people choose and read them."""

from functools import partial

import pytest

from broadcast.domain import schedule
from broadcast.domain.schedule import Timing
from hub.console.pages.broadcasts_when import Choice, When, choice_of, coming, moment, timing_of, words
from hub.domain.errors import Faulty
from hub.i18n import Phrases

NOW = 1_790_000_000_000  # Monday 21 September 2026, 22:13 in Beijing
DAY_MS = 86_400_000
zh, en = (partial(Phrases().say, lang) for lang in ("zh", "en"))
WEEKLY = Choice(when=When.WEEKLY, time="07:30", days=("WE", "MO"), starts="2026-09-22", until="2026-12-31")


@pytest.mark.parametrize(
    ("choice", "said_zh", "said_en"),
    [
        (Choice(), "立即播出", "At once"),
        (
            Choice(when=When.AT, at="2027-01-01T08:05"),
            "2027年1月1日 周五 08:05 播一次",
            "Once, Fri 1/1/2027 08:05",
        ),
        (Choice(when=When.DAILY, time="18:00"), "每天 18:00", "Every day at 18:00"),
        (
            WEEKLY,
            "每周一、周三 07:30，到12月31日止",
            "Every Mon, Wed at 07:30, until 31/12",
        ),
        (
            Choice(when=When.RULE, time="07:30", rule="FREQ=MONTHLY;BYMONTHDAY=1"),
            "按规则 FREQ=MONTHLY;BYMONTHDAY=1，07:30 起",
            "By the rule FREQ=MONTHLY;BYMONTHDAY=1, from 07:30",
        ),
    ],
)
def test_what_was_chosen_is_read_back_in_words(choice: Choice, said_zh: str, said_en: str) -> None:
    timing = schedule.check(timing_of(choice, NOW), NOW)
    assert words(timing, zh, NOW) == said_zh
    assert words(timing, en, NOW) == said_en


@pytest.mark.parametrize(
    "choice",
    [
        Choice(),
        Choice(when=When.AT, at="2026-12-01T07:30"),
        Choice(when=When.DAILY, time="18:00", starts="2026-10-01", rule="FREQ=DAILY"),
        Choice(
            when=When.WEEKLY, time="07:30", days=("MO", "SU"), starts="2026-10-01", until="2026-12-31",
            rule="FREQ=WEEKLY;BYDAY=MO,SU",
        ),
        Choice(when=When.RULE, time="00:05", starts="2026-10-01", rule="FREQ=MONTHLY;BYMONTHDAY=-1"),
    ],
    ids=lambda choice: choice.when,
)  # fmt: skip
def test_what_is_kept_fills_the_same_fields_again(choice: Choice) -> None:
    assert choice_of(timing_of(choice, NOW)) == choice


def test_a_rule_says_its_next_three_times_and_no_more_than_there_are() -> None:
    weekly = schedule.check(timing_of(WEEKLY, NOW), NOW)
    assert [moment(at, zh, NOW) for at in coming(weekly, NOW)] == [
        "9月23日 周三 07:30",
        "9月28日 周一 07:30",
        "9月30日 周三 07:30",
    ]
    assert len(coming(weekly, coming(weekly, NOW)[0])) == 3
    assert coming(Timing(rrule="FREQ=DAILY;COUNT=1", starts="2026-09-22T07:00:00"), NOW + DAY_MS) == []


def test_a_moment_comes_once() -> None:
    once = timing_of(Choice(when=When.AT, at="2026-09-22T07:30"), NOW)
    assert coming(once, NOW) == [once.at]
    assert coming(once, NOW + DAY_MS) == []
    assert coming(Timing(), NOW) == []


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        (Choice(when=When.AT), "when-moment-missing"),
        (Choice(when=When.AT, at="tomorrow"), "when-moment-missing"),
        (Choice(when=When.DAILY), "when-time-missing"),
        (Choice(when=When.DAILY, time="24:00"), "when-time-missing"),
        (Choice(when=When.WEEKLY, time="07:30"), "when-days-missing"),
        (Choice(when=When.DAILY, time="07:30", starts="1 May"), "when-date-wrong"),
        (Choice(when=When.DAILY, time="07:30", until="never"), "when-date-wrong"),
    ],
)
def test_a_field_that_is_missing_is_asked_for(choice: Choice, sentence: str) -> None:
    with pytest.raises(Faulty) as told:
        timing_of(choice, NOW)
    assert [(fault.field, fault.code) for fault in told.value.faults] == [("when", sentence)]


def test_dates_that_do_not_exist_are_refused_by_the_schedule() -> None:
    with pytest.raises(Exception, match="broadcast-time-local"):
        schedule.check(timing_of(Choice(when=When.DAILY, time="07:30", starts="2026-02-30"), NOW), NOW)
    with pytest.raises(Exception, match="broadcast-time-local"):
        timing_of(Choice(when=When.AT, at="2026-13-01T07:30"), NOW)
