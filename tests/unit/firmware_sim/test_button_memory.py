"""What a button still knows after its battery was changed."""

from devices.messages import ReplyState
from firmware_sim.button import Panel
from firmware_sim.effects import Moment, Save, Speak
from tests.unit.firmware_sim.bench import START, Bench, reply


def test_a_press_survives_a_restart_with_its_bytes() -> None:
    before = Bench()
    before.connect()
    press = before.press()
    after = Bench(kept=before.flash(), now=Moment(0, START.wall_ms))
    after.connect()
    assert after.button.pending == (press,)
    assert after.copies()[0][1] == before.copies()[0][1]


def test_it_is_saved_before_it_is_sent() -> None:
    bench = Bench()
    bench.connect()
    bench.log.clear()
    bench.press()
    assert isinstance(bench.log[0][1], Save)
    assert len(bench.copies()) == 1


def test_the_time_it_was_off_counts_towards_the_day() -> None:
    before = Bench()
    before.press()
    assert START.wall_ms is not None
    after = Bench(kept=before.flash(), now=Moment(7, START.wall_ms + 3_600_000))
    after.run(1)
    assert after.panel() is Panel.UNHEARD
    after.second_path = None
    after.run(23 * 3_600)
    assert after.button.pending == ()


def test_a_clock_that_comes_wrong_out_of_a_power_cut_ends_no_press() -> None:
    """Found by simulation: it said that a year had gone by, and the press of a minute ago was given up unsent."""
    before = Bench()
    press = before.press()
    assert START.wall_ms is not None
    after = Bench(kept=before.flash(), now=Moment(0, START.wall_ms + 365 * 86_400_000))
    after.connect()
    assert press in after.button.pending
    assert len(after.copies()) == 1
    after.second_path = None
    after.run(10 * 60)
    assert press not in after.button.pending


def test_a_clock_that_went_back_does_not_make_a_press_younger() -> None:
    before = Bench()
    before.connect()
    before.press()
    before.run(61)
    before.press()
    after = Bench(kept=before.flash(), now=Moment(0, 0))
    after.run(0)
    after.button.tick(after.now)
    assert after.panel() is Panel.UNHEARD


def test_what_was_received_is_not_sent_again_after_a_restart() -> None:
    before = Bench()
    press = before.press()
    before.told(reply(press))
    after = Bench(kept=before.flash())
    after.connect()
    assert not after.copies()


def test_an_old_rev_stays_old_after_a_restart() -> None:
    before = Bench()
    press = before.press()
    before.told(reply(press, rev=3, state=ReplyState.COMING))
    after = Bench(kept=before.flash())
    after.told(reply(press, rev=2, state=ReplyState.ANSWERED))
    assert not after.all_of(Speak)


def test_memory_that_cannot_be_read_is_a_first_start() -> None:
    assert Bench(kept=b'{"presses": 7}').button.pending == ()
    assert Bench(kept=b"\xff\x00").button.pending == ()
