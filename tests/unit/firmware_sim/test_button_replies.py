"""What a button tells the elder, from the replies it hears."""

from devices.messages import Ask, ReplyState
from firmware_sim.button import Panel
from firmware_sim.effects import AskReply, SecondPathAnswer, Speak
from tests.unit.firmware_sim.bench import Bench, reply


def spoken(bench: Bench) -> list[str]:
    return [speak.reply.say for speak in bench.all_of(Speak)]


def test_each_step_of_a_call_is_spoken_once() -> None:
    bench = Bench()
    bench.connect()
    press = bench.press()
    for copy_of_it in range(2):
        bench.told(reply(press, 1, say=f"收到 {copy_of_it}"))
        bench.told(reply(press, 2, state=ReplyState.ANSWERED, say=f"王医生接听 {copy_of_it}"))
    assert spoken(bench) == ["收到 0", "王医生接听 0"]
    assert bench.panel() is Panel.ANSWERED


def test_the_highest_rev_wins_whatever_comes_later() -> None:
    bench = Bench()
    bench.connect()
    press = bench.press()
    bench.told(reply(press, 5, state=ReplyState.COMING))
    bench.told(reply(press, 2))
    assert bench.panel() is Panel.COMING
    bench.told(reply(press, 6, state=ReplyState.RECEIVED, say="换人接听"))
    assert bench.panel() is Panel.RECEIVED
    assert spoken(bench)[-1] == "换人接听"


def test_a_second_press_of_the_same_call_hears_its_own_received() -> None:
    bench = Bench()
    bench.connect()
    first = bench.press()
    bench.told(reply(first, 1, say="一"))
    second = bench.press()
    bench.told(reply(second, 1, say="二"))
    assert spoken(bench) == ["一", "二"]
    assert bench.button.pending == ()


def test_an_outdated_received_ends_the_repeats_but_says_nothing() -> None:
    bench = Bench()
    bench.connect()
    first, second = bench.press(), bench.press()
    bench.told(reply(first, 4, state=ReplyState.ANSWERED, say="接听"))
    bench.told(reply(second, 3, say="旧的"))
    assert spoken(bench) == ["接听"]
    assert bench.button.pending == ()


def test_two_calls_keep_their_own_revs() -> None:
    bench = Bench()
    bench.connect()
    first, second = bench.press(), bench.press()
    bench.told(reply(first, 9, call="call-1", state=ReplyState.CLOSED))
    bench.told(reply(second, 1, call="call-2"))
    assert bench.panel() is Panel.RECEIVED


def test_closing_puts_the_lamp_out_and_may_ask_for_a_rating() -> None:
    bench = Bench()
    bench.connect()
    press = bench.press()
    bench.told(reply(press, 1))
    bench.told(reply(press, 2, state=ReplyState.CLOSED, ask=Ask.RATE))
    assert bench.panel() is Panel.IDLE
    assert bench.button.question == "rate"
    bench.told(reply(press, 3, state=ReplyState.CLOSED))
    assert bench.button.question is None


def test_a_test_press_opens_no_call_and_is_answered_once() -> None:
    bench = Bench()
    bench.connect()
    press = bench.press()
    bench.told(reply(press, 0, call=None, say="测试收到"))
    bench.told(reply(press, 0, call=None, say="测试收到"))
    assert spoken(bench) == ["测试收到"]
    assert bench.panel() is Panel.IDLE


def test_what_is_no_reply_is_counted_and_changes_nothing() -> None:
    bench = Bench()
    bench.connect()
    press = bench.press()
    for junk in (
        b"",
        b"null",
        b"{}",
        b"\xff",
        b'{"press":"' + press.encode() + b'","state":"maybe"}',
        b"x" * 9_000,
    ):
        assert bench.told(junk) == []
    assert bench.button.undecodable == 6
    assert bench.button.pending == (press,)


def test_without_mqtt_progress_is_asked_for_by_the_second_path() -> None:
    bench = Bench()
    bench.connect()
    press = bench.press()
    bench.told(reply(press, 1))
    bench.disconnect()
    bench.run(30)
    assert bench.all_of(AskReply) == [AskReply(press)]
    answered = reply(press, 2, state=ReplyState.ANSWERED, say="接听")
    bench.answered(SecondPathAnswer(press, asked=True, status=200, body=answered))
    assert bench.panel() is Panel.ANSWERED
    closed = reply(press, 3, state=ReplyState.CLOSED)
    bench.second_path = SecondPathAnswer("", asked=True, status=200, body=closed)
    bench.run(600)
    assert len(bench.all_of(AskReply)) == 2


def test_with_mqtt_nothing_is_asked_for() -> None:
    bench = Bench()
    bench.connect()
    bench.told(reply(bench.press(), 1))
    bench.run(600)
    assert not bench.all_of(AskReply)
