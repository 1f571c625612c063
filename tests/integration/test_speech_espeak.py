"""The espeak voice with its real library in a real child, and with children that fail."""

import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from broadcast.ports import Pcm, VoiceFault, VoiceUnavailable
from broadcast.speech.espeak import EspeakVoice
from broadcast.speech.espeak_text import respell
from broadcast.speech.plausible import heard_share, syllables
from tests.standins import espeak_phonemes

ROOT = Path(__file__).parents[2]
NOTICE = "各位村民请注意：明天上午九点在村委会领取高龄补贴，咨询电话零三七幺六五五五幺二三四。"


@pytest.fixture
def voice() -> Iterator[EspeakVoice]:
    with EspeakVoice() as speaking:
        yield speaking


def _failing(fault: str, folder: Path, timeout_s: float = 20.0) -> EspeakVoice:
    command = (sys.executable, "-m", "tests.standins.espeak_faults", fault, str(folder / "starts"))
    return EspeakVoice(command=command, timeout_s=timeout_s)


def _starts(folder: Path) -> int:
    return len((folder / "starts").read_text().splitlines())


def _fault_of(voice: EspeakVoice) -> VoiceUnavailable:
    with voice, pytest.raises(VoiceUnavailable) as raised:
        voice.speak("各位村民")
    return raised.value


def _share_of_power(sound: Pcm, low_hz: float, high_hz: float) -> float:
    samples = np.frombuffer(sound.samples, dtype="<i2").astype(float)
    power = np.abs(np.fft.rfft(samples)) ** 2
    hz = np.fft.rfftfreq(len(samples), 1 / sound.rate_hz)
    return float(power[(hz >= low_hz) & (hz < high_hz)].sum() / power.sum())


def _bursts_per_second(sound: Pcm) -> float:
    """Peaks of the envelope: about one for each syllable."""
    samples = np.abs(np.frombuffer(sound.samples, dtype="<i2").astype(float))
    step = sound.rate_hz // 50
    envelope = samples[: len(samples) // step * step].reshape(-1, step).mean(axis=1)
    smooth = np.convolve(envelope, np.ones(5) / 5, mode="same")
    peaks = (smooth[1:-1] > smooth[:-2]) & (smooth[1:-1] >= smooth[2:]) & (smooth[1:-1] > smooth.mean() / 2)
    return float(peaks.sum() / sound.duration_s)


def test_what_comes_out_is_speech_and_neither_silence_nor_noise(voice: EspeakVoice) -> None:
    sound = voice.speak(NOTICE)
    assert heard_share(sound) > 0.6
    assert _share_of_power(sound, 80, 4000) > 0.9
    assert 2.0 < _bursts_per_second(sound) < 6.0


@pytest.mark.parametrize(
    "text", [NOTICE, "胸痛的老人请拨打幺二零。", "兄弟俩一会儿就来。", "百分之三十七点五"]
)
def test_a_syllable_takes_as_long_as_one_and_not_as_its_spelling_in_english(
    voice: EspeakVoice, text: str
) -> None:
    assert 0.2 < voice.speak(text).duration_s / syllables(text) < 0.45


def _gb2312() -> list[str]:
    rows, cells = range(0xB0, 0xF8), range(0xA1, 0xFF)
    decoded = (bytes([row, cell]).decode("gb2312", errors="ignore") for row in rows for cell in cells)
    return [char for char in decoded if char]


def _phonemes(texts: list[str]) -> list[str]:
    # what is given as phonemes needs no reading
    lines = [re.sub(r"\[\[.*?\]\]", "，", respell(text)) for text in texts]
    answered = subprocess.run(
        [sys.executable, espeak_phonemes.__file__],
        input="\n".join(lines),
        capture_output=True,
        check=True,
        text=True,
        encoding="utf-8",
    ).stdout.splitlines()
    assert len(answered) == len(texts)
    return answered


def test_all_characters_and_common_words_are_read_in_mandarin() -> None:
    words = ["一会儿", "大女儿", "小孩儿", "这儿", "儿童", "小儿科", "兄长", "穷尽", "窮苦", "慢点兒", "凶手"]
    texts = _gb2312() + words
    assert len(texts) > 6700
    answered = _phonemes(texts)
    assert [text for text, said in zip(texts, answered, strict=True) if "(en)" in said] == []


# word: the tones it has, 0 for none (and an initial, where the tone does not tell)
TONES = {
    "重复": "24", "重要": "44", "重阳节": "222", "体重": "34", "严重": "24", "重新": "21",
    "银行": "22", "行长": "23", "行人": "22", "各行各业": "4244", "进行": "42",
    "长度": "24", "村长": "13", "家长": "13", "生长": "13", "长者": "33", "长期": "21",
    "中奖": "43", "中毒": "42", "中招": "41", "其中招人": "2112", "高中招生": "1111", "中间": "11",
    "便宜": "20", "方便": "14", "方便宜居": "1421", "倒车": "41", "倒塌": "31", "倒灌": "44",
    "典当": "34", "当心": "11",
    "上当": "44", "反弹": "32", "子弹": "34", "呛水": "13", "尽早": "33", "尽力": "44", "缉毒": "12", "旋风": "21",
    "胡同": "24", "量血压": "241", "大量血压": "4441", "血压计": "414", "看护": "14", "看管": "13", "看病": "44",
    "请看好孩子": "31320", "看家护院": "1144", "看家里": "413", "种菜": "44", "各种菜": "434",
    "种植": "42", "种子": "30",
    "下地干农活": "44422", "还钱": "22", "还贷": "24", "还有": "23", "到地里干活": "44342", "地震": "44",
    "下调": "42", "下调查令": "4424", "统一处理": "3133", "着火": "23", "降雨": "43", "投降": "22", "转账": "34",
}  # fmt: skip


def test_words_of_warnings_have_the_tones_of_mandarin() -> None:
    number = {"55": "1", "35": "2", "214": "3", "51": "4", "11": "0"}
    said = [
        "".join(number[tone] for tone in re.findall("214|55|35|51|11", line))
        for line in _phonemes(list(TONES))
    ]
    assert {word: tones for word, tones in zip(TONES, said, strict=True) if tones != TONES[word]} == {}


def test_words_are_not_found_across_word_ends(voice: EspeakVoice) -> None:
    assert "\u2060参加" in respell("请老人参加体检")
    voice.speak("请老人参加体检")


def test_stops_make_pauses(voice: EspeakVoice) -> None:
    run_on = voice.speak("各位村民请注意明天停水").duration_s
    with_comma = voice.speak("各位村民请注意，明天停水").duration_s
    with_stop = voice.speak("各位村民请注意。明天停水").duration_s
    with_line = voice.speak("各位村民请注意\n明天停水").duration_s
    assert run_on < with_comma < with_stop < with_line


def test_a_killed_child_is_started_again_and_nobody_notices(voice: EspeakVoice) -> None:
    before = voice.speak("各位村民")
    first = voice.child_pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    after = voice.speak("各位村民")
    assert voice.child_pid != first
    assert after.duration_s == pytest.approx(before.duration_s, rel=0.1)


def test_the_child_gets_nothing_of_the_hubs_environment(
    voice: EspeakVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XIANGYIN_DATABASE_URL", "postgresql://secret")
    voice.speak("好")
    assert b"secret" not in Path(f"/proc/{voice.child_pid}/environ").read_bytes()


def test_the_child_ends_with_the_voice(voice: EspeakVoice) -> None:
    voice.speak("好")
    child = voice.child_pid
    voice.close()
    assert child is not None
    assert not Path(f"/proc/{child}").exists()


_HUB = """
import sys
from broadcast.speech.espeak import EspeakVoice
voice = EspeakVoice()
voice.speak("好")
print(voice.child_pid, flush=True)
sys.stdin.read()
"""


def test_the_child_does_not_outlive_a_hub_that_was_killed() -> None:
    hub = subprocess.Popen(
        [sys.executable, "-c", _HUB], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    with hub:
        assert hub.stdout is not None
        child = os.pidfd_open(int(hub.stdout.readline()))
        hub.kill()
        try:
            # readable once the process has ended
            assert select.select([child], [], [], 30)[0] == [child]
        finally:
            os.close(child)


def test_a_long_text_without_any_stop_is_spoken_whole(voice: EspeakVoice) -> None:
    text = "村民" * 400
    assert voice.speak(text).duration_s > 0.15 * len(text)


def test_a_child_that_crashes_once_is_forgiven(tmp_path: Path) -> None:
    with _failing("crashes-once", tmp_path) as voice:
        assert voice.speak("各位村民").duration_s == pytest.approx(4 * 0.3 + 0.12)
    assert _starts(tmp_path) == 2


def test_a_child_that_always_crashes_is_given_up(tmp_path: Path) -> None:
    fault = _fault_of(_failing("crashes", tmp_path))
    assert fault.fault is VoiceFault.CRASHED
    assert "ended with -11" in fault.detail
    assert _starts(tmp_path) == 2


def test_a_child_that_cannot_start_says_why(tmp_path: Path) -> None:
    fault = _fault_of(_failing("dies-at-start", tmp_path))
    assert fault.fault is VoiceFault.CRASHED
    assert "cannot load the library" in fault.detail


def test_a_child_that_hangs_is_ended(tmp_path: Path) -> None:
    fault = _fault_of(_failing("hangs", tmp_path, timeout_s=1.0))
    assert fault.fault is VoiceFault.TOO_SLOW
    for pid in (tmp_path / "starts").read_text().split():
        assert not Path(f"/proc/{pid}").exists()


@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [
        ("babbles", VoiceFault.PROTOCOL),
        ("refuses", VoiceFault.PROTOCOL),
        ("cuts", VoiceFault.CRASHED),
        ("silent", VoiceFault.NO_AUDIO),
        ("too-short", VoiceFault.NO_AUDIO),
    ],
)
def test_an_answer_that_is_no_speech_is_never_used(
    tmp_path: Path, behaviour: str, expected: VoiceFault
) -> None:
    assert _fault_of(_failing(behaviour, tmp_path)).fault is expected


def test_a_text_without_words_has_no_sound(voice: EspeakVoice) -> None:
    with pytest.raises(VoiceUnavailable) as raised:
        voice.speak("……！")
    assert raised.value.fault is VoiceFault.NO_AUDIO
