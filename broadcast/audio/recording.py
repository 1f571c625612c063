"""Uploaded recordings: known by their first bytes, decoded by exactly that demuxer, and nothing else.

ffmpeg can open playlists, network addresses and other files on its own; an upload must not make it.
"""

import tempfile
from pathlib import Path
from typing import Final

from broadcast.audio import ffmpeg
from broadcast.audio.level import talking_dbfs
from broadcast.audio.segments import RATE_HZ
from broadcast.domain.recordings import LARGEST_BYTES, LARGEST_MB, LONGEST_S, SHORTEST_S
from broadcast.errors import Problem, RecordingError
from broadcast.ports import Pcm

_TIMEOUT_S: Final = 60.0
_DECODERS: Final = (
    "mp3float,mp3,aac,vorbis,opus,libopus,flac,alac,amrnb,amrwb,pcm_s16le,pcm_s24le,pcm_s32le,pcm_u8,pcm_f32le"
    ",pcm_f64le,pcm_alaw,pcm_mulaw,pcm_s16be,pcm_s24be,adpcm_ms,adpcm_ima_wav"
)
_DEMUXERS: Final = (
    (0, b"RIFF", 8, b"WAVE", "wav"),
    (0, b"RF64", 8, b"WAVE", "wav"),
    (0, b"FORM", 8, b"AIFF", "aiff"),
    (0, b"ID3", 0, b"", "mp3"),
    (0, b"OggS", 0, b"", "ogg"),
    (0, b"fLaC", 0, b"", "flac"),
    (0, b"#!AMR", 0, b"", "amr"),
    (4, b"ftyp", 0, b"", "mov"),
    (0, b"\x1aE\xdf\xa3", 0, b"", "matroska"),
)


def demuxer(recording: bytes) -> str | None:
    """Name of the one demuxer that may open this; None when it is no audio format we take."""
    for at, magic, also_at, also, name in _DEMUXERS:
        if recording[at:].startswith(magic) and recording[also_at:].startswith(also):
            return name
    if len(recording) > 4 and recording[0] == 0xFF and recording[1] & 0xE0 == 0xE0:
        return "aac" if recording[1] & 0x06 == 0 else "mp3"
    return None


def decode(recording: bytes) -> Pcm:
    """Its sound, mono at 24 kHz; RecordingError when it is empty, too large, no audio, too short, long or silent."""
    if not recording:
        raise RecordingError(Problem.RECORDING_EMPTY)
    if len(recording) > LARGEST_BYTES:
        raise RecordingError(Problem.RECORDING_TOO_LARGE, size=len(recording), limit=LARGEST_MB)
    name = demuxer(recording)
    if name is None:
        raise RecordingError(Problem.RECORDING_NOT_AUDIO)
    sound = _decoded(recording, name)
    if sound.duration_s < SHORTEST_S:
        raise RecordingError(
            Problem.RECORDING_TOO_SHORT, seconds=round(sound.duration_s, 1), limit=SHORTEST_S
        )
    if sound.duration_s > LONGEST_S:
        raise RecordingError(Problem.RECORDING_TOO_LONG, limit=LONGEST_S)
    if talking_dbfs(sound) is None:
        raise RecordingError(Problem.RECORDING_SILENT)
    return sound


def _decoded(recording: bytes, name: str) -> Pcm:
    # From a file, not a pipe: telephones write the index of an m4a behind its sound.
    with tempfile.NamedTemporaryFile(prefix="recording-") as file:
        file.write(recording)
        file.flush()
        output = ffmpeg.run(_arguments(Path(file.name), name), timeout_s=_TIMEOUT_S)
    if "matches no streams" in output.log:
        raise RecordingError(Problem.RECORDING_NOT_AUDIO, detail=f"{name} without sound")
    if not output.data:
        raise RecordingError(Problem.RECORDING_BROKEN, detail=output.log.strip()[-500:])
    return Pcm(output.data[: len(output.data) // 2 * 2], RATE_HZ)


def _arguments(file: Path, name: str) -> list[str]:
    return [
        *("-loglevel", "error", "-protocol_whitelist", "file,pipe"),
        *("-f", name, "-format_whitelist", name, "-codec_whitelist", _DECODERS),
        # one second more than allowed tells a long recording from one that is just within
        *("-t", str(LONGEST_S + 1), "-i", f"file:{file}", "-map", "0:a:0", "-vn", "-sn", "-dn"),
        *("-af", "aresample=resampler=soxr", "-ac", "1", "-ar", str(RATE_HZ), "-f", "s16le", "pipe:1"),
    ]
