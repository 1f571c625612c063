"""Quiet hours, days and allowances, and where audio may lie."""

from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.audio_url import resolve
from devices.enrolment import DAY_MS, Enrolment, Limits, QuietHours
from devices.verifier import Verifier

MINUTE_MS = 60_000


def quiet(start: str, end: str, utc_offset_min: int = 480) -> Limits:
    return Limits(quiet=(QuietHours(from_=start, until=end),), utc_offset_min=utc_offset_min)


@given(
    minute=st.integers(0, 3 * 1440),
    begins=st.times().map(lambda t: t.replace(second=0, microsecond=0, fold=0)),
    ends=st.times().map(lambda t: t.replace(second=0, microsecond=0, fold=0)),
)
def test_a_moment_is_quiet_as_a_wall_clock_would_say(minute: int, begins: time, ends: time) -> None:
    moment = datetime.fromtimestamp(minute * 60, UTC).time()
    within = begins <= moment < ends if begins < ends else (moment >= begins or moment < ends)
    limits = quiet(f"{begins:%H:%M}", f"{ends:%H:%M}", utc_offset_min=0)
    assert limits.is_quiet(minute * MINUTE_MS, minute * MINUTE_MS) == within


@given(start=st.integers(0, 2 * DAY_MS), length=st.integers(0, 2 * DAY_MS), probe=st.integers(0, 100))
def test_a_stretch_that_touches_quiet_hours_anywhere_is_quiet(start: int, length: int, probe: int) -> None:
    limits = quiet("21:00", "06:30")
    inside = start + (length - 1) * probe // 100 if length else start
    if limits.is_quiet(inside, inside):
        assert limits.is_quiet(start, start + length)


def test_a_day_is_the_local_one() -> None:
    assert Limits(utc_offset_min=480).day_of(16 * 3_600_000) == 1
    assert Limits(utc_offset_min=480).day_of(16 * 3_600_000 - 1) == 0
    assert Limits(utc_offset_min=-60).day_of(0) == -1


BASE = "https://hub.example/a/"


@pytest.mark.parametrize(
    ("url", "base", "found"),
    [
        ("/a/x", BASE, "https://hub.example/a/x"),
        ("x", BASE, "https://hub.example/a/x"),
        ("x/y.mp3", "https://hub.example/a", "https://hub.example/a/x/y.mp3"),
        ("/a/x", "http://10.0.0.2:8000", "http://10.0.0.2:8000/a/x"),
        ("https://hub.example/a/x?v=1", BASE, "https://hub.example/a/x?v=1"),
        ("/a/x", "http://[fd00::1]:8000/a/", "http://[fd00::1]:8000/a/x"),
    ],
)
def test_an_address_under_the_base(url: str, base: str, found: str) -> None:
    assert resolve(url, [base]) == (found,)


def test_each_base_is_a_place_to_try() -> None:
    bases = ["https://hub.example/a/", "http://10.0.0.2:8000/a/", "https://hub.example/a"]
    assert resolve("/a/x", bases) == ("https://hub.example/a/x", "http://10.0.0.2:8000/a/x")


@pytest.mark.parametrize("base", ["", "/a/", "file:///a/", "ftp://hub.example/a/", "hub.example/a"])
def test_a_base_that_is_none_leads_nowhere(base: str) -> None:
    assert resolve("/a/x", [base]) == ()


@given(st.text(alphabet=st.sampled_from("a/.%25ecf\\@:#?[]hub.xmpl\t "), max_size=30))
def test_whatever_the_address_the_result_lies_under_the_base(url: str) -> None:
    for found in resolve(url, [BASE]):
        assert found.startswith(BASE)
        assert "/../" not in found


def test_an_enrolment_starts_with_the_zones_and_keys_it_was_given() -> None:
    verifier = Verifier(Enrolment(id="ls-7", zones=("g-squares",)))
    state = verifier.fresh_state()
    assert verifier.zones(state) == ("g-squares",)
    assert not state.seq_known
