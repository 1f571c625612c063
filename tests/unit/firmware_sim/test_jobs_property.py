"""Whatever is ordered, one loudspeaker makes one sound at a time and ends each run once."""

from hypothesis import given, settings
from hypothesis import strategies as st

from devices.messages import ReceiptState
from firmware_sim.jobs import ROOM
from tests.unit.firmware_sim.square import COUNTY, VILLAGE, Square

FINAL = {ReceiptState.PLAYED, ReceiptState.STOPPED, ReceiptState.REFUSED, ReceiptState.FAILED}

orders = st.tuples(
    st.sampled_from(("play", "play", "play", "deliver", "stop", "power cut")),
    st.sampled_from((0, 100, 100, 224, 255)),  # priority
    st.integers(0, 20),  # seconds until it is to sound
    st.integers(0, 15),  # seconds to the next order
    st.sampled_from((VILLAGE, COUNTY)),
)


@settings(deadline=None, max_examples=60)
@given(story=st.lists(orders, min_size=1, max_size=ROOM))
def test_one_sound_at_a_time_and_one_end_for_each_run(story: list[tuple[str, int, int, int, str]]) -> None:
    square = Square().awake()
    lives = [square]
    names: list[str] = []
    for what, priority, in_s, pause_s, zone in story:
        if what == "play":
            names.append(f"r{len(names)}")
            square.play(names[-1], priority=priority, in_s=in_s, zone=zone, within_s=300)
        elif what == "deliver":
            square.deliver(*names)
        elif what == "stop":
            square.stop(zone=zone)
        elif square.has_saved:
            square = square.power_cut().awake()
            lives.append(square)
        square.run(pause_s)
    square.deliver(*names)
    square.run(1_000)
    for life in lives:
        check_one_sound_at_a_time(life)
    ends = [each.run for life in lives for each in life.receipts() if each.state in FINAL]
    preempted = {
        each.run for life in lives for each in life.receipts() if each.state is ReceiptState.PREEMPTED
    }
    assert len(ends) == len(set(ends)), "a run ended twice"
    assert set(names) - set(ends) <= preempted, "a run was forgotten"


def check_one_sound_at_a_time(square: Square) -> None:
    sounding: str | None = None
    for _, what in square.sound():
        if what[0] == "+":
            assert sounding is None
            sounding = what[1:]
        else:
            assert sounding == what[1:]
            sounding = None
