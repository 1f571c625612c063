"""How long, how often and by which path a button repeats a press."""

from devices import codec
from devices.messages import PressKind, Status
from firmware_sim.button import Panel
from firmware_sim.effects import AskReply, GaveUp, Heard, Publish, SecondPathAnswer, Show
from tests.unit.firmware_sim.bench import Bench, reply

STORED_NOWHERE = SecondPathAnswer("", asked=False, status=503)


def test_a_press_is_repeated_along_the_ladder_with_the_same_bytes() -> None:
    bench = Bench()
    bench.connect()
    bench.press()
    bench.run(125)
    assert [second for second, _ in bench.copies()] == [0, 2, 6, 14, 30, 60, 90, 120]
    assert len({payload for _, payload in bench.copies()}) == 1


def test_the_bytes_say_what_the_finger_meant() -> None:
    bench = Bench()
    bench.connect()
    press = bench.press(PressKind.FALL)
    read = codec.decode_press_strict(bench.copies()[0][1])
    assert (read.id, read.kind, read.at) == (press, PressKind.FALL, bench.now.wall_ms)
    assert read.battery is not None
    assert read.signal is not None


def test_received_ends_the_repeats_and_a_puback_is_never_asked_for() -> None:
    bench = Bench()
    bench.connect()
    press = bench.press()
    bench.run(3)
    bench.told(reply(press))
    bench.run(300)
    assert [second for second, _ in bench.copies()] == [0, 2]
    assert [(heard.press, heard.after_ms) for heard in bench.all_of(Heard)] == [(press, 3_000)]


def test_a_reply_to_another_press_does_not_end_them() -> None:
    bench = Bench()
    bench.connect()
    press = bench.press()
    bench.told(reply("press-of-another-day"))
    assert bench.button.pending == (press,)


def test_the_second_path_joins_after_ten_seconds() -> None:
    bench = Bench()
    bench.connect()
    bench.second_path = STORED_NOWHERE
    bench.press()
    bench.run(60)
    assert [second for second, _ in bench.posts()] == [10, 12, 16, 24, 40]
    assert {payload for _, payload in bench.posts()} == {payload for _, payload in bench.copies()}


def test_without_a_broker_the_second_path_alone_brings_it_in() -> None:
    bench = Bench()
    press = bench.press()
    bench.run(10)
    bench.answered(SecondPathAnswer(press, asked=False, status=200, body=reply(press)))
    bench.run(5)
    assert bench.button.pending == ()
    assert not bench.copies()
    assert bench.panel() is Panel.RECEIVED


def test_a_second_path_that_never_answers_has_one_request_under_way() -> None:
    bench = Bench()
    bench.press()
    bench.run(600)
    assert len(bench.posts()) == 1


def test_a_200_whose_body_is_no_reply_proves_nothing() -> None:
    bench = Bench()
    press = bench.press()
    bench.run(10)
    bench.answered(SecondPathAnswer(press, asked=False, status=200, body=b"<html>portal</html>"))
    bench.run(2)
    assert bench.button.pending == (press,)
    assert [second for second, _ in bench.posts()] == [10, 12]


def test_retry_after_is_kept_but_never_for_longer_than_the_ladder() -> None:
    bench = Bench()
    bench.second_path = SecondPathAnswer("", asked=False, status=503, retry_after_s=3_600)
    bench.press()
    bench.run(75)
    assert [second for second, _ in bench.posts()] == [10, 40, 70]


def test_429_means_the_hub_knows_the_press_so_its_answer_is_fetched() -> None:
    bench = Bench()
    press = bench.press()
    bench.run(10)
    effects = bench.answered(SecondPathAnswer(press, asked=False, status=429, retry_after_s=5))
    assert effects == [AskReply(press)]
    bench.answered(SecondPathAnswer(press, asked=True, status=200, body=reply(press)))
    assert bench.button.pending == ()


def test_429_to_the_question_too_is_waited_out() -> None:
    bench = Bench()
    bench.second_path = SecondPathAnswer("", asked=False, status=429, retry_after_s=20)
    bench.press()
    bench.run(35)
    assert [second for second, _ in bench.posts()] == [10, 30]
    assert len(bench.all_of(AskReply)) == 2


def test_after_sixty_seconds_the_elder_is_shown_that_nobody_has_it() -> None:
    bench = Bench()
    bench.connect()
    press = bench.press()
    bench.run(59.999)
    assert bench.panel() is Panel.CALLING
    bench.run(0.001)
    assert bench.panel() is Panel.UNHEARD
    bench.told(reply(press))
    assert bench.all_of(Show)[-1] == Show(Panel.RECEIVED)


def test_after_a_day_it_is_given_up() -> None:
    bench = Bench()
    bench.connect()
    bench.second_path = STORED_NOWHERE
    press = bench.press()
    bench.run(86_400)
    assert bench.all_of(GaveUp) == [GaveUp(press)]
    assert bench.copies()[-1][0] == 86_400 - 30
    bench.run(3_600)
    assert bench.copies()[-1][0] == 86_400 - 30
    assert Bench(kept=bench.flash()).button.pending == ()


def test_a_new_connection_says_online_and_then_sends_all_at_once() -> None:
    bench = Bench()
    bench.press()
    bench.press()
    bench.run(5)
    bench.connect()
    sent = bench.all_of(Publish)
    status = codec.decode_status(sent[0].payload)
    assert (status.online, status.session, sent[0].retain) == (True, "session-1", True)
    assert [codec.decode_press_strict(copy.payload).id for copy in sent[1:]] == ["press-1", "press-2"]


def test_the_will_is_an_offline_of_the_same_session() -> None:
    bench = Bench()
    will = bench.button.last_will("session-9")
    assert codec.decode_status(will.payload) == Status(online=False, session="session-9")


def test_presses_do_not_hold_each_other_up() -> None:
    bench = Bench()
    bench.connect()
    first = bench.press()
    bench.run(5)
    second = bench.press()
    bench.told(reply(first))
    assert bench.button.pending == (second,)
    bench.run(2)
    assert [codec.decode_press_strict(payload).id for _, payload in bench.copies()] == [
        first,
        first,
        second,
        second,
    ]


def test_flash_is_finite_and_the_newest_presses_stay() -> None:
    bench = Bench()
    presses = [bench.press() for _ in range(70)]
    assert bench.button.pending == tuple(presses[-64:])


def test_a_button_without_a_clock_calls_all_the_same() -> None:
    bench = Bench()
    bench.now = type(bench.now)(bench.now.mono_ms, None)
    bench.connect()
    bench.press()
    assert codec.decode_press_strict(bench.copies()[0][1]).at is None
