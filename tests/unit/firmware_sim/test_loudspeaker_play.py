"""What a loudspeaker plays, when, and what it reports of it."""

from devices.errors import RefusalReason
from devices.messages import ReceiptState
from firmware_sim.effects import Fetch, StartSound, StopSound
from firmware_sim.loudspeaker import TURNS_MS
from tests.unit.firmware_sim.square import BASE, COUNTY, VILLAGE, Square, piece


def test_it_fetches_ahead_reports_ready_and_plays_at_the_time() -> None:
    square = Square().awake()
    square.play("r1", in_s=60, volume=70)
    square.run(TURNS_MS / 1_000)
    assert square.all_of(Fetch) == [Fetch(piece("r1").sha256, (BASE + piece("r1").sha256,), 1_000)]
    square.deliver("r1")
    assert square.told() == ["r1 ready"]
    square.run(120)
    assert square.sound() == [(60.0, "+r1"), (70.0, "-r1")]
    assert square.told() == ["r1 ready", "r1 playing", "r1 played"]
    playing, played = square.receipts()[1:]
    assert playing.offset_ms == 0
    assert played.played_ms == 10_000
    assert square.all_of(StartSound)[0].volume == 70


def test_it_waits_its_turn_when_there_is_time_and_fetches_at_once_when_there_is_none() -> None:
    begins = []
    for n in range(40):
        square = Square().awake()
        square.play(f"r{n}", in_s=60)
        square.run(30)
        begins += [second for second, effect in square.log if isinstance(effect, Fetch)]
    hurried = Square().awake()
    hurried.play("now", in_s=0)

    assert len(begins) == 40
    assert len(set(begins)) > 30  # no herd
    assert max(begins) - min(begins) <= TURNS_MS / 1_000
    assert len(hurried.all_of(Fetch)) == 1


def test_audio_that_comes_late_is_played_late_and_says_how_late() -> None:
    square = Square().awake()
    square.play("r1", in_s=1)
    square.run(9)
    square.deliver("r1")
    assert square.sound() == [(9.0, "+r1")]
    assert square.receipts()[-1].offset_ms == 8_000


def test_a_fetch_that_fails_is_tried_again_until_the_latest_start() -> None:
    square = Square().awake()
    square.play("r1", within_s=20)
    for _ in range(3):
        square.deliver("r1", reason=RefusalReason.FETCH_FAILED)
        square.run(8)
    assert len(square.fetches()) == 3
    assert square.told() == ["r1 refused fetch_failed"]


def test_another_file_than_the_signed_one_is_refused_at_once() -> None:
    square = Square().awake()
    square.play("r1", in_s=600)
    square.deliver("r1", reason=RefusalReason.HASH_MISMATCH)
    assert square.told() == ["r1 refused hash_mismatch"]
    square.run(3_600)
    assert square.sound() == []


def test_all_pieces_must_be_there() -> None:
    square = Square().awake()
    square.play("r1", audio=(piece("chime", 1_000), piece("words", 5_000)))
    square.deliver("chime")
    assert square.sound() == []
    square.deliver("words")
    assert square.all_of(StartSound)[0].pieces == (piece("chime").sha256, piece("words").sha256)
    square.run(6)
    assert square.told()[-1] == "r1 played"


def test_an_emergency_interrupts_and_the_interrupted_run_goes_on_where_it_was() -> None:
    square = Square().awake()
    square.play("news")
    square.deliver("news")
    square.run(4)
    square.play("flood", priority=230, audio=(piece("flood", 3_000),))
    square.deliver("flood")
    square.run(60)
    assert square.sound() == [
        (0.0, "+news"), (4.0, "-news"), (4.0, "+flood"), (7.0, "-flood"), (7.0, "+news"), (13.0, "-news"),
    ]  # fmt: skip
    assert square.all_of(StartSound)[-1].from_ms == 4_000
    assert square.told()[-1] == "news played"
    assert square.receipts()[-1].played_ms == 10_000


def test_the_interrupted_run_does_not_go_on_after_its_latest_start() -> None:
    square = Square().awake()
    square.play("news", within_s=6)
    square.deliver("news")
    square.run(4)
    square.play("flood", priority=230)
    square.deliver("flood")
    square.run(60)
    assert [what for _, what in square.sound()] == ["+news", "-news", "+flood", "-flood"]
    assert "news preempted" in square.told()


def test_among_equals_the_first_goes_on_and_the_second_follows() -> None:
    square = Square().awake()
    for run in ("one", "two"):
        square.play(run)
        square.deliver(run)
        square.run(1)
    square.run(60)
    assert square.sound() == [(0.0, "+one"), (10.0, "-one"), (10.0, "+two"), (20.0, "-two")]


def test_among_emergencies_the_latest_takes_over() -> None:
    square = Square().awake()
    for run in ("one", "two"):
        square.play(run, priority=240)
        square.deliver(run)
        square.run(1)
    square.run(60)
    assert [what for _, what in square.sound()] == ["+one", "-one", "+two", "-two", "+one", "-one"]


def test_one_run_plays_once_whichever_zone_brought_it() -> None:
    square = Square().awake()
    square.play("r1", zone=VILLAGE)
    square.play("r1", zone=COUNTY)
    square.deliver("r1")
    square.run(60)
    assert [what for _, what in square.sound()] == ["+r1", "-r1"]


def test_a_copy_of_a_command_is_answered_as_before_and_not_done_again() -> None:
    square = Square().awake()
    order = square.play("r1")
    square.deliver("r1")
    square.run(60)
    before = square.told()
    square.bring(order)
    assert square.told() == [*before, "r1 played"]
    assert len(square.all_of(StartSound)) == 1


def test_stop_silences_what_sounds_and_what_waits() -> None:
    square = Square().awake()
    square.play("now")
    square.play("later", in_s=30)
    square.deliver("now", "later")
    square.run(3)
    square.stop()
    square.run(120)
    assert square.sound() == [(0.0, "+now"), (3.0, "-now")]
    assert {"now stopped", "later stopped"} < set(square.told())
    assert square.acks()[-1].state == "done"


def test_stop_of_one_run_leaves_the_others() -> None:
    square = Square().awake()
    square.play("one", in_s=10)
    square.play("two", in_s=10)
    square.deliver("one", "two")
    square.stop("one")
    square.run(60)
    assert [what for _, what in square.sound()] == ["+two", "-two"]


def test_stop_at_another_zone_leaves_this_one() -> None:
    square = Square().awake()
    square.play("r1", zone=VILLAGE)
    square.deliver("r1")
    square.stop(zone=COUNTY)
    square.run(60)
    assert square.told()[-1] == "r1 played"


def test_too_much_at_once_is_refused_as_busy() -> None:
    square = Square().awake()
    for number in range(17):
        square.play(f"r{number}", in_s=600)
    assert square.told() == ["r16 refused busy"]


def test_never_two_sounds_at_once_and_each_run_ends_once() -> None:
    square = Square().awake()
    for number in range(12):
        run = f"r{number}"
        square.play(run, priority=(100, 230, 100, 150)[number % 4], in_s=number % 5)
        square.deliver(run)
        square.run(1.7)
    square.run(600)
    sounding: set[str] = set()
    for _, what in square.sound():
        if what[0] == "+":
            assert not sounding
            sounding.add(what[1:])
        else:
            sounding.remove(what[1:])
    played = [each.run for each in square.receipts() if each.state is ReceiptState.PLAYED]
    assert sorted(played) == sorted(f"r{number}" for number in range(12))
    assert all(isinstance(each, StopSound) for each in square.all_of(StopSound))


def test_stop_after_an_interruption_ends_one_sound_and_both_runs() -> None:
    square = Square().awake()
    square.play("news")
    square.deliver("news")
    square.run(2)
    square.play("flood", priority=230)
    square.deliver("flood")
    square.run(2)
    square.stop()
    assert square.sound()[-1] == (4.0, "-flood")
    assert [what for _, what in square.sound()].count("-news") == 1
    assert square.told()[-2:] == ["news stopped", "flood stopped"]
