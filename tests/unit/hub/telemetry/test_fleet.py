"""What the telemetry role believes of each device, told message by message."""

import pytest

from devices.messages import Status, Telemetry
from hub.domain.presence import Heard, Presence
from hub.domain.telemetry import AHEAD_MS, DAY_MS, MAX_METRICS, OLDEST_MS, DeviceState, Latest
from hub.telemetry.fleet import Entry, Fleet, Judged

T = 1_790_000_000_000
FULL = Telemetry(at=None, metrics={f"m{n}": 1.0 for n in range(MAX_METRICS)})


def measured(at: int | None = T, rejected: int = 0, **metrics: float) -> Telemetry:
    return Telemetry(at=at, metrics=metrics, rejected=rejected)


def online(session: str = "s1", every_s: int = 60) -> Status:
    return Status(online=True, session=session, every_s=every_s)


def entry(fleet: Fleet) -> Entry:
    (found,) = fleet.take_touched()
    return found


def test_values_are_stored_for_the_devices_own_time() -> None:
    fleet = Fleet()
    assert fleet.telemetry("b-1", measured(T - 5_000, battery=80.0), T) == Judged(
        T - 5_000, {"battery": 80.0}, 0
    )
    assert entry(fleet).state == DeviceState(
        presence=Presence.ONLINE,
        since=T,
        heard=Heard(T),
        telemetry_at=T,
        metrics={"battery": Latest(80.0, T - 5_000)},
    )


def test_a_device_without_a_clock_measures_when_its_word_comes() -> None:
    assert Fleet().telemetry("b-1", measured(None, battery=80.0), T).at == T


@pytest.mark.parametrize("off_ms", [-OLDEST_MS - 1, AHEAD_MS + 1, -365 * DAY_MS, 365 * DAY_MS])
def test_a_clock_that_is_off_keeps_values_out_of_the_chart_and_in_sight(off_ms: int) -> None:
    fleet = Fleet()
    assert fleet.telemetry("b-1", measured(T + off_ms, battery=80.0), T).at is None
    state = entry(fleet).state
    assert (state.clock_off_ms, state.metrics) == (off_ms, {"battery": Latest(80.0, T)})


@pytest.mark.parametrize("off_ms", [-OLDEST_MS, AHEAD_MS])
def test_what_was_kept_while_the_link_was_down_is_let_in(off_ms: int) -> None:
    assert Fleet().telemetry("b-1", measured(T + off_ms, battery=80.0), T).at == T + off_ms


def test_an_older_value_does_not_take_the_place_of_a_newer_one() -> None:
    fleet = Fleet()
    fleet.telemetry("b-1", measured(T, battery=80.0), T)
    fleet.telemetry("b-1", measured(T - 60_000, battery=90.0, signal=-70.0), T + 1)
    assert entry(fleet).state.metrics == {"battery": Latest(80.0, T), "signal": Latest(-70.0, T - 60_000)}


def test_a_device_has_only_so_many_metrics_but_always_a_battery() -> None:
    fleet = Fleet()
    assert fleet.telemetry("b-1", FULL, T).rejected == 0
    judged = fleet.telemetry("b-1", measured(None, rejected=2, one_more=1.0, battery=80.0, m1=2.0), T)
    assert judged == Judged(T, {"battery": 80.0, "m1": 2.0}, 3)
    assert entry(fleet).state.rejected == 3


def test_metrics_that_are_no_longer_sent_make_room() -> None:
    fleet = Fleet()
    fleet.telemetry("b-1", FULL, T)
    assert fleet.telemetry("b-1", measured(None, new=1.0), T + DAY_MS + 1).metrics == {"new": 1.0}


def test_each_change_of_presence_has_a_greater_number() -> None:
    fleet = Fleet()
    fleet.status("b-1", online(), T)
    numbers = [entry(fleet).number]
    for after_s in (80, 81, 200, 86_400):
        fleet.judge(T + after_s * 1_000, 0)
        numbers += [each.number for each in fleet.take_touched()]
    assert numbers == [T, T + 81_000, T + 200_000]
    assert fleet.census() == {"online": 0, "late": 0, "lost": 1}


def test_nonsense_is_a_sign_of_life_and_counted() -> None:
    fleet = Fleet()
    fleet.nonsense("b-1", T)
    state = entry(fleet).state
    assert (state.presence, state.rejected) == (Presence.ONLINE, 1)


def test_the_brokers_memory_makes_nobody_seen_but_names_the_connection() -> None:
    fleet = Fleet()
    fleet.remembered("never-heard", online())
    assert fleet.take_touched() == []

    fleet.restore([Entry("b-1", 1, DeviceState(presence=Presence.ONLINE, since=T, heard=Heard(T, 60, "s1")))])
    fleet.remembered("b-1", online("s2", 90))
    assert entry(fleet).state.heard == Heard(T, 90, "s2")
    fleet.status("b-1", Status(online=False, session="s2"), T + 1_000)
    fleet.judge(T + 6_000, T)
    assert entry(fleet).state.presence is Presence.LOST


def test_a_promise_made_before_anybody_listened_holds_from_the_first_word() -> None:
    fleet = Fleet()
    fleet.remembered("b-1", online("s1", 60))
    fleet.telemetry("b-1", measured(battery=80.0), T)
    state = entry(fleet).state
    assert (state.heard, state.about) == (Heard(T, 60, "s1"), online("s1", 60))
    fleet.status("b-1", Status(online=False, session="s1"), T + 1_000)
    fleet.judge(T + 6_000, T)
    assert entry(fleet).state.presence is Presence.LOST


def test_a_promise_whose_connection_broke_before_a_word_is_forgotten() -> None:
    fleet = Fleet()
    fleet.remembered("b-1", online("s1", 60))
    fleet.status("b-1", Status(online=False, session="s1"), T)
    fleet.nonsense("b-1", T + 1)
    assert entry(fleet).state.heard == Heard(T + 1)


def test_the_brokers_memory_tells_what_a_known_device_is() -> None:
    fleet = Fleet()
    fleet.restore([Entry("b-1", 1, DeviceState(presence=Presence.ONLINE, since=T, heard=Heard(T)))])
    fleet.remembered("b-1", online("s2", 90))
    assert entry(fleet).state.about == online("s2", 90)


def test_a_will_of_a_stranger_or_of_an_older_connection_changes_nothing() -> None:
    fleet = Fleet()
    fleet.status("stranger", Status(online=False, session="s1"), T)
    assert fleet.take_touched() == []
    fleet.status("b-1", online("s2"), T)
    fleet.status("b-1", Status(online=False, session="s1"), T)
    fleet.judge(T + 10_000, 0)
    assert entry(fleet).state.presence is Presence.ONLINE


def test_a_new_process_goes_on_with_what_the_last_one_knew() -> None:
    before, after = Fleet(), Fleet()
    before.status("b-1", online(), T)
    before.telemetry("b-1", measured(battery=80.0), T + 1)
    kept = before.take_touched()

    after.restore(kept)
    after.telemetry("b-1", measured(signal=-70.0), T + 2)

    changed = entry(after)
    assert changed.number == kept[0].number
    assert changed.state.metrics == {"battery": Latest(80.0, T), "signal": Latest(-70.0, T)}
    assert (changed.state.heard.every_s, changed.state.since) == (60, T)


def test_what_could_not_be_written_is_written_next_time() -> None:
    fleet = Fleet()
    fleet.nonsense("b-1", T)
    taken = fleet.take_touched()
    assert fleet.take_touched() == []
    fleet.touch_again(taken)
    assert fleet.take_touched() == taken
