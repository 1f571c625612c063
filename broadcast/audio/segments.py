"""pydub, imported once and quietly: it looks for an ffmpeg on the PATH and warns when there is none."""

import warnings

from broadcast.audio.ffmpeg import executable
from broadcast.ports import Pcm

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pydub.audio_segment import AudioSegment

AudioSegment.converter = executable()

RATE_HZ = 24_000
"""Of everything between a voice and the finished MP3."""


def segment(sound: Pcm) -> AudioSegment:
    """A mono sound as a pydub segment."""
    return AudioSegment(data=sound.samples, sample_width=2, frame_rate=sound.rate_hz, channels=1)  # type: ignore[no-untyped-call]


def silence(duration_ms: int) -> AudioSegment:
    """So much of nothing."""
    part: AudioSegment = AudioSegment.silent(duration=duration_ms, frame_rate=RATE_HZ)  # type: ignore[no-untyped-call]
    return part


def pcm(part: AudioSegment) -> Pcm:
    """Back to plain samples."""
    return Pcm(bytes(part.raw_data), part.frame_rate)
