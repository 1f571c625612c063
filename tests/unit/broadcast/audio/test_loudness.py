"""What the desk turns after a measurement."""

import pytest

from broadcast.audio.loudness import FIRST, Measured, Settings, turned


@pytest.mark.parametrize(
    ("measured", "aimed", "promised"),
    [
        (Measured(-16.0, -3.0), True, True),
        (Measured(-16.25, -1.9), True, True),
        (Measured(-16.5, -3.0), False, True),
        (Measured(-16.0, -1.7), False, True),
        (Measured(-16.8, -3.0), False, False),
        (Measured(-15.2, -3.0), False, False),
        (Measured(-16.0, -1.4), False, False),
        (Measured(float("-inf"), float("-inf")), False, False),
        (Measured(float("nan"), float("nan")), False, False),
    ],
)
def test_we_aim_closer_than_we_promise(measured: Measured, aimed: bool, promised: bool) -> None:
    assert (measured.aimed, measured.promised) == (aimed, promised)


def test_what_is_too_soft_gets_the_gain_it_lacks() -> None:
    assert turned(Settings(10.0, -3.0), Measured(-19.0, -4.0)) == Settings(13.0, -3.0)


def test_what_sticks_out_lowers_the_ceiling_by_more_than_that() -> None:
    after = turned(Settings(10.0, -3.0), Measured(-16.0, -0.9))
    assert after.gain_db == 10.0
    assert after.ceiling_dbfs < -4.0


def test_the_knobs_have_ends() -> None:
    settings = FIRST
    for _ in range(50):
        settings = turned(settings, Measured(-70.0, 3.0))
    assert settings == Settings(40.0, -12.0)


def test_of_two_rounds_the_one_nearer_the_aim_is_better() -> None:
    assert Measured(-16.4, -2.0).distance < Measured(-16.8, -2.0).distance
    assert Measured(-16.4, -2.0).distance < Measured(-16.0, -1.0).distance
