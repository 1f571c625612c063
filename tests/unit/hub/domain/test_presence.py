"""Presence: what a device promised, its last will, and what counts as a word of its own."""

import pytest

from hub.domain.presence import Heard, Presence, came_online, presence, spoke, went_offline

T = 1_790_000_000_000
ONLINE, LATE, LOST = Presence.ONLINE, Presence.LATE, Presence.LOST


def after(heard: Heard, ms: int, listening_since: int = 0) -> Presence:
    return presence(heard, heard.seen_at + ms, listening_since)


@pytest.mark.parametrize(
    ("silent_s", "expected"),
    [(0, ONLINE), (60, ONLINE), (80, ONLINE), (80.001, LATE), (185, LATE), (185.001, LOST), (86_400, LOST)],
)
def test_a_promise_of_a_minute(silent_s: float, expected: Presence) -> None:
    promised = came_online(None, "s1", 60, T)
    assert after(promised, int(silent_s * 1000)) is expected


def test_any_word_begins_the_time_anew_and_keeps_the_promise() -> None:
    spoken = spoke(came_online(None, "s1", 60, T), T + 70_000)
    assert spoken == Heard(T + 70_000, 60, "s1")
    assert presence(spoken, T + 140_000, 0) is ONLINE


def test_a_device_that_never_promised_has_an_hour() -> None:
    assert after(spoke(None, T), 75 * 60_000) is ONLINE
    assert after(spoke(None, T), 80 * 60_000) is LATE


def test_a_status_without_a_promise_leaves_the_earlier_one() -> None:
    assert came_online(came_online(None, "s1", 60, T), "s2", None, T).every_s == 60


def test_a_last_will_of_the_same_connection_is_a_loss_when_it_stays_away() -> None:
    gone = went_offline(came_online(None, "s1", 3600, T), "s1", T + 1_000)
    assert after(gone, 5_999) is ONLINE
    assert after(gone, 6_000) is LOST


def test_a_last_will_of_another_connection_is_ignored() -> None:
    online = came_online(None, "s2", 3600, T)
    assert went_offline(online, "s1", T + 1_000) == online


def test_a_device_that_is_back_before_anybody_noticed_was_never_lost() -> None:
    gone = went_offline(came_online(None, "s1", 3600, T), "s1", T)
    back = came_online(gone, "s2", 3600, T + 3_000)
    assert after(back, 60_000) is ONLINE


def test_a_lost_device_that_speaks_is_online() -> None:
    gone = went_offline(came_online(None, "s1", 3600, T), "s1", T)
    assert presence(spoke(gone, T + 60_000), T + 60_000, 0) is ONLINE


def test_a_will_that_comes_twice_does_not_put_the_loss_off() -> None:
    gone = went_offline(came_online(None, "s1", 3600, T), "s1", T)
    assert went_offline(gone, "s1", T + 4_000) == gone


def test_no_silence_counts_while_we_were_deaf() -> None:
    silent_for_a_day = came_online(None, "s1", 60, T)
    back_at = T + 86_400_000
    assert presence(silent_for_a_day, back_at, listening_since=back_at) is ONLINE
    assert presence(silent_for_a_day, back_at + 81_000, listening_since=back_at) is LATE
