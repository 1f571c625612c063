"""How fast speech is made: synthesised and mastered against real time, and the second time from the store."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from broadcast.ports import Arrangement
from broadcast.preparation import SpokenText, Studio, prepare
from broadcast.speech.wetext_reader import read_aloud
from broadcast.studio import open_studio

# About half a minute when read once
NOTICE: Final = (
    "【通知】各位村民请注意：2026年11月3日上午9:00到11:30，请65岁以上老人带好身份证和医保卡，到村委会领取高龄补贴，"
    "标准￥100元/月。咨询电话0371-65551234，胸痛、头晕的老人请马上拨打120。当天有6-7级大风，气温下降8℃，出门请注意安全。"
)


@dataclass(frozen=True)
class SpeechFigures:
    """Seconds; `audio_s` is the finished broadcast, chime and repetition included."""

    speech_s: float
    audio_s: float
    reading_s: float
    synthesis_s: float
    mastering_s: float
    again_s: float

    @property
    def times_real_time(self) -> float:
        """Seconds of finished broadcast made in a second."""
        return self.audio_s / (self.reading_s + self.synthesis_s + self.mastering_s)

    @property
    def times_faster_again(self) -> float:
        """How much faster the second time is."""
        return (self.reading_s + self.synthesis_s + self.mastering_s) / self.again_s


def measure_speech(text: str = NOTICE, arrangement: Arrangement = Arrangement()) -> SpeechFigures:  # noqa: B008
    """Make one notice with espeak-ng in a fresh store, step by step, then the same again."""
    with tempfile.TemporaryDirectory(prefix="bench-speech-") as folder, open_studio(Path(folder)) as studio:
        _warm_up(studio)
        started = time.perf_counter()
        spoken = read_aloud(text)
        read = time.perf_counter()
        sound = studio.voices[0].speak(spoken)
        synthesised = time.perf_counter()
        prepared = prepare(studio, SpokenText(spoken), arrangement)
        made = time.perf_counter()
        again = prepare(studio, SpokenText(spoken), arrangement)
        ended = time.perf_counter()
    if not again.from_store or again.audio != prepared.audio:
        raise RuntimeError("the second time did not come from the store")
    synthesis_s = synthesised - read
    return SpeechFigures(
        speech_s=sound.duration_s,
        audio_s=prepared.audio.duration_ms / 1000,
        reading_s=read - started,
        synthesis_s=synthesis_s,
        mastering_s=made - synthesised - synthesis_s,
        again_s=ended - made,
    )


def _warm_up(studio: Studio) -> None:
    """Start the child and load the grammars: a studio does that once, not for each notice."""
    read_aloud("第1次")
    studio.voices[0].speak("各位村民")
