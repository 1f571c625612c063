"""Mastering for horns on poles: what cannot be heard is cut, what makes words clear is lifted, all equally loud.

MP3 mono, 24 kHz, 64 kbit/s, constant: horns end at 8 kHz, so nothing above 12 kHz is missed; MPEG-2 halves the
frames, so a minute is 480 KB; every cheap decoder chip plays it; and at a constant rate bytes tell the time.
"""

import re
from typing import Final

from broadcast.audio import ffmpeg, recording
from broadcast.audio.chime import chime
from broadcast.audio.level import amplified, talking_dbfs
from broadcast.audio.loudness import FIRST, Measured, Settings, turned
from broadcast.audio.segments import RATE_HZ, pcm, segment, silence
from broadcast.errors import MasteringError, Problem
from broadcast.ports import Arrangement, Chime, Mastered, Pcm

_VERSION: Final = "1"
_BITRATE_KBPS: Final = 64
_TALKING_DBFS: Final = -20.0
_LEAD_MS: Final = 200  # amplifiers on poles wake up
_AFTER_CHIME_MS: Final = 500
_TAIL_MS: Final = 400
_ROUNDS: Final = 10
_TIMEOUT_S: Final = 120.0
# Below 150 Hz a horn only wastes power; at 2.8 kHz lie the consonants that old ears lose first.
_SHAPE: Final = (
    "highpass=f=150:p=2,equalizer=f=2800:t=q:w=0.9:g=4,"
    "acompressor=threshold=-26dB:ratio=3:attack=6:release=140:knee=6:makeup=1"
)
_RAW: Final = ("-f", "s16le", "-ar", str(RATE_HZ), "-ac", "1", "-i", "pipe:0")
_MP3: Final = (
    *("-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact", "-c:a", "libmp3lame"),
    *("-compression_level", "7", "-b:a", f"{_BITRATE_KBPS}k", "-ar", str(RATE_HZ), "-ac", "1"),
    # neither tags nor a Xing frame: the file is sound from its first byte, and the same for the same sound
    *("-write_xing", "0", "-id3v2_version", "0", "-f", "mp3", "pipe:1"),
)
_LOUDNESS: Final = re.compile(r"\bI:\s*(-?[\d.]+|-inf|nan) LUFS")
_PEAK: Final = re.compile(r"Peak:\s*(-?[\d.]+|-inf|nan) dBFS")


class Desk:
    """The mastering desk; without state, from any thread."""

    @property
    def version(self) -> str:
        """Counts changes that would give other bytes for the same input."""
        return _VERSION

    def decode(self, data: bytes) -> Pcm:
        """The sound of an uploaded recording; RecordingError when it is none we take."""
        return recording.decode(data)

    def decode_speech(self, mp3: bytes) -> Pcm:
        """The sound of an MP3 from a speech service; MasteringError when it is none."""
        arguments = ("-loglevel", "error", "-f", "mp3", "-i", "pipe:0", "-ac", "1", "-ar", str(RATE_HZ))
        return Pcm(_run((*arguments, "-f", "s16le", "pipe:1"), mp3), RATE_HZ)

    def master(self, sound: Pcm, arrangement: Arrangement) -> Mastered:
        """The finished MP3; MasteringError when it is silence or cannot be brought to its loudness."""
        arranged = _arranged(_levelled(_resampled(sound)), arrangement)
        settings = FIRST
        best: tuple[bytes, Measured] | None = None
        for _ in range(_ROUNDS):
            mp3 = _encoded(arranged, settings)
            measured = measure(mp3)
            if best is None or measured.distance < best[1].distance:
                best = (mp3, measured)
            if measured.aimed:
                break
            settings = turned(settings, measured)
        if best is None or not best[1].promised:
            raise MasteringError(Problem.LOUDNESS_UNREACHED, detail=str(best and best[1]))
        mp3, measured = best
        return Mastered(mp3, _duration_ms(mp3), measured.loudness_lufs, measured.true_peak_dbtp)


def measure(mp3: bytes) -> Measured:
    """Loudness and true peak of what a decoder makes of this file."""
    graph = "ebur128=peak=true:framelog=quiet"
    log = ffmpeg.run_well(
        ("-loglevel", "info", "-f", "mp3", "-i", "pipe:0", "-af", graph, "-f", "null", "-"),
        mp3,
        timeout_s=_TIMEOUT_S,
    ).log
    loudness, peak = _LOUDNESS.findall(log), _PEAK.findall(log)
    if not loudness or not peak:
        raise MasteringError(Problem.MASTERING_FAILED, detail="ffmpeg measured nothing")
    return Measured(float(loudness[-1]), float(peak[-1]))


def _levelled(sound: Pcm) -> Pcm:
    """Talking at a fixed level, so that the compressor and the chime meet every voice alike."""
    level = talking_dbfs(sound)
    if level is None:
        raise MasteringError(Problem.LOUDNESS_UNREACHED, detail="silence")
    return amplified(sound, _TALKING_DBFS - level)


def _resampled(sound: Pcm) -> Pcm:
    if sound.rate_hz == RATE_HZ:
        return sound
    given = ("-loglevel", "error", "-f", "s16le", "-ar", str(sound.rate_hz), "-ac", "1", "-i", "pipe:0")
    wanted = ("-af", "aresample=resampler=soxr", "-ar", str(RATE_HZ), "-f", "s16le", "pipe:1")
    return Pcm(_run((*given, *wanted), sound.samples), RATE_HZ)


def _arranged(sound: Pcm, arrangement: Arrangement) -> Pcm:
    said = segment(sound)
    joined = silence(_LEAD_MS)
    if arrangement.chime is not Chime.NONE:
        joined += segment(chime(arrangement.chime, RATE_HZ)) + silence(_AFTER_CHIME_MS)
    joined += said
    for _ in range(arrangement.times - 1):
        joined += silence(arrangement.pause_ms) + said
    return pcm(joined + silence(_TAIL_MS))


def _encoded(sound: Pcm, settings: Settings) -> bytes:
    ceiling = 10 ** (settings.ceiling_dbfs / 20)
    graph = (
        f"aformat=sample_fmts=flt,{_SHAPE},volume={settings.gain_db:.3f}dB,"
        f"asoftclip=type=tanh:threshold={ceiling:.5f},"
        f"alimiter=limit={ceiling:.5f}:attack=3:release=60:level=false:latency=true"
    )
    return _run(("-loglevel", "error", *_RAW, "-af", graph, *_MP3), sound.samples)


def _run(arguments: tuple[str, ...], data: bytes) -> bytes:
    return ffmpeg.run_well(arguments, data, timeout_s=_TIMEOUT_S).data


def _duration_ms(mp3: bytes) -> int:
    return len(mp3) * 8 // _BITRATE_KBPS
