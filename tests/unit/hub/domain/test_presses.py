"""How old a press is, and what that changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.messages import Press, PressKind
from hub.domain.presses import LATE_AFTER_MS, REMEMBERED_MS, age_ms, fresh_key, is_late, subject

NOW = 1_790_000_000_000


def press(**fields: int | None) -> Press:
    return Press(id="p", kind=PressKind.SOS, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "late"),
    [
        ({}, False),
        ({"age_ms": LATE_AFTER_MS}, False),
        ({"age_ms": LATE_AFTER_MS + 1}, True),
        ({"at": NOW - LATE_AFTER_MS - 1}, True),
        ({"at": NOW + 86_400_000}, False),  # a clock that is ahead says nothing
        ({"at": 0}, False),  # nor does one that was never set
        ({"at": NOW - 3_600_000, "age_ms": 5}, True),  # bytes kept through an outage: only `at` has aged
    ],
)
def test_a_press_is_late_when_the_device_can_tell_that_it_is_older_than_ten_minutes(
    fields: dict[str, int | None], late: bool
) -> None:
    assert is_late(press(**fields), NOW) is late


@given(at=st.none() | st.integers(0, 2**53), age=st.none() | st.integers(0, 2**53), now=st.integers(0, 2**45))
def test_whatever_a_clock_says_the_age_is_between_now_and_what_is_remembered(
    at: int | None, age: int | None, now: int
) -> None:
    assert 0 <= age_ms(press(at=at, age_ms=age), now) <= REMEMBERED_MS


def test_unreadable_bytes_that_come_again_get_a_key_of_their_own() -> None:
    unread = Press(id="x-" + "0" * 32, kind=PressKind.SOS, decoded=False)

    assert fresh_key(unread, NOW) != fresh_key(unread, NOW + 1)
    assert fresh_key(unread, NOW).startswith(unread.id)


def test_a_household_has_one_call_and_a_device_of_nobody_its_own() -> None:
    assert subject("r-1", "b-1") == subject("r-1", "b-2") != subject(None, "b-1")
