"""Whom a loudspeaker obeys, and what it still knows after a power cut."""

import itertools

from devices import topics
from devices.commands import CacheCommand, KeysCommand, ReportCommand, SetCommand, sign
from devices.enrolment import Limits
from devices.errors import RefusalReason
from devices.keys import SigningKey, Use
from devices.messages import Clock
from firmware_sim.effects import Publish, Resubscribe, StartSound
from tests.unit.firmware_sim.square import DEVICE, KEYS, ROOT, VILLAGE, Square, piece


def test_at_power_up_it_knows_no_time_and_asks() -> None:
    square = Square()
    square.connect()
    assert square.status().clock is Clock.NONE
    square.run(36)
    assert len({each.nonce for each in square.questions()}) == 4
    assert [second for second, each in square.log if isinstance(each, Publish) and each.qos == 0] == [
        0,
        5,
        15,
        35,
    ]


def test_signed_time_sets_its_clock_and_it_says_so() -> None:
    square = Square().awake()
    assert square.status().clock is Clock.OK
    square.run(6 * 3_600)
    assert len(square.questions()) == 2


def test_without_time_it_refuses_to_play_and_says_why() -> None:
    square = Square()
    square.connect()
    square.play("r1")
    assert square.told() == ["r1 refused no_clock"]


def test_a_forged_command_is_answered_by_its_digest_at_most_once_in_ten_seconds() -> None:
    square = Square().awake()
    before = len(square.acks())
    stranger = SigningKey.generate()
    for _ in range(3):
        now_s = square.true_ms // 1_000
        command = ReportCommand(id="x", for_=DEVICE, seq=next(square.seqs), iat=now_s, exp=now_s + 60)
        square.bring(sign(command, stranger))
        square.run(1)
    (complaint,) = square.acks()[before:]
    assert (complaint.id, complaint.reason) == (None, RefusalReason.UNKNOWN_KEY)
    assert complaint.digest is not None


def test_a_command_on_a_topic_it_does_not_read_is_ignored() -> None:
    square = Square().awake()
    order = square.play("r1", in_s=600)
    count = len(square.log)
    square.bring(order, topics.command("ls-0002"))
    assert len(square.log) == count


def test_volume_above_the_limit_is_lowered_to_it() -> None:
    square = Square(limits=Limits(volume=40)).awake()
    square.play("r1", volume=100)
    square.deliver("r1")
    assert square.all_of(StartSound)[0].volume == 40


def test_new_zones_are_subscribed_to() -> None:
    square = Square().awake()
    now_s = square.true_ms // 1_000
    square.order(
        SetCommand(id="s", for_=DEVICE, seq=next(square.seqs), iat=now_s, exp=now_s + 60, zones=("g-market",))
    )
    assert square.all_of(Resubscribe)
    assert square.loudspeaker.subscriptions == (topics.command(DEVICE), topics.zone_command("g-market"))
    assert square.power_cut().loudspeaker.subscriptions == square.loudspeaker.subscriptions


def test_a_report_is_answered_with_status_and_telemetry() -> None:
    square = Square().awake()
    square.log.clear()
    now_s = square.true_ms // 1_000
    square.order(ReportCommand(id="r", for_=DEVICE, seq=next(square.seqs), iat=now_s, exp=now_s + 60))
    sent = [each.topic for each in square.all_of(Publish)]
    assert sent == [topics.status(DEVICE), topics.telemetry(DEVICE), topics.ack(DEVICE)]


def test_new_keys_from_the_root_replace_the_old_also_after_a_power_cut() -> None:
    square = Square().awake()
    successor = SigningKey.generate()
    now_s = square.true_ms // 1_000
    keys = KeysCommand(
        id="k", for_=DEVICE, seq=next(square.seqs), iat=now_s, exp=now_s + 60, rev=KEYS.rev + 1,
        keys=(successor.record((Use.ROUTINE,)),),
    )  # fmt: skip
    square.bring(sign(keys, ROOT))
    after = square.power_cut()
    after.connect()
    after.play("r1")
    assert after.acks()[-1].reason == RefusalReason.UNKNOWN_KEY


def test_a_power_cut_forgets_no_order_but_the_one_that_sounded() -> None:
    square = Square().awake()
    square.play("now")
    square.play("evening", in_s=600)
    square.deliver("now", "evening")
    square.run(3)
    after = square.power_cut().awake()
    after.run(1)
    after.deliver("evening")
    after.run(3_600)
    assert [what for _, what in after.sound()] == ["+evening", "-evening"]
    assert "now failed" in after.told()


def test_a_power_cut_opens_no_door_to_old_commands() -> None:
    square = Square().awake()
    order = square.play("r1")
    square.deliver("r1")
    square.run(60)
    after = square.power_cut().awake()
    after.bring(order)
    after.run(60)
    assert after.sound() == []
    assert after.told() == ["r1 played"]


def test_lost_memory_refuses_all_that_was_signed_before_it_knew_the_time_again() -> None:
    square = Square().awake()
    square.run(3_600)
    blank = Square(kept=b"\x00", mono_ms=square.now.mono_ms, seqs=itertools.count(square.true_ms)).awake()
    old = square.play("r1")  # its seq lies an hour back
    blank.bring(old)
    assert blank.told() == ["r1 refused replayed"]


def test_cached_audio_is_acknowledged_when_all_of_it_is_here_and_must_stay() -> None:
    square = Square().awake()
    before = len(square.acks())
    now_s = square.true_ms // 1_000
    square.order(
        CacheCommand(
            id="c", for_=VILLAGE, seq=next(square.seqs), iat=now_s, exp=now_s + 600,
            audio=(piece("siren"), piece("flood")), keep_until=square.true_ms + 3_600_000,
        )
    )  # fmt: skip
    square.deliver("siren")
    assert len(square.acks()) == before
    square.deliver("flood")
    assert square.acks()[-1].id == "c"
    needed = {piece("siren").sha256, piece("flood").sha256}
    assert square.power_cut().loudspeaker.needed == needed
    square.run(3_601)
    square.play("r1")
    assert piece("siren").sha256 not in square.loudspeaker.needed
