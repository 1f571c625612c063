"""Uploaded recordings: what people have on their telephones, and what nobody should be able to smuggle in."""

import io
import subprocess
import wave
import zipfile
from functools import cache
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

from broadcast.audio.mastering import Desk
from broadcast.audio.recording import decode
from broadcast.domain.recordings import LARGEST_BYTES, LARGEST_MB
from broadcast.errors import Kind, Problem, RecordingError
from broadcast.ports import Arrangement, Chime
from tests.measuring import sound as meter

SPEECHLIKE = "sine=f=220:d=3,tremolo=f=4:d=0.9"
FORMATS = {
    "wav": ("-f", "wav"),
    "wav of a telephone line": ("-ar", "8000", "-c:a", "pcm_mulaw", "-f", "wav"),
    "wav in stereo": ("-ac", "2", "-ar", "44100", "-f", "wav"),
    "wav, 24 bit": ("-c:a", "pcm_s24le", "-f", "wav"),
    "mp3 with tags": ("-c:a", "libmp3lame", "-metadata", "title=村广播", "-f", "mp3"),
    "mp3 without tags": ("-c:a", "libmp3lame", "-id3v2_version", "0", "-write_xing", "0", "-f", "mp3"),
    "aac": ("-c:a", "aac", "-f", "adts"),
    "flac": ("-c:a", "flac", "-f", "flac"),
    "ogg vorbis": ("-c:a", "libvorbis", "-f", "ogg"),
    "ogg opus": ("-c:a", "libopus", "-f", "ogg"),
    "webm of a browser": ("-c:a", "libopus", "-f", "webm"),
    "amr of an old telephone": ("-ar", "8000", "-c:a", "libopencore_amrnb", "-f", "amr"),
    "m4a in pieces": ("-c:a", "aac", "-movflags", "frag_keyframe+empty_moov", "-f", "mp4"),
}


@cache
def _made(*arguments: str, source: str = SPEECHLIKE) -> bytes:
    ffmpeg = str(imageio_ffmpeg.get_ffmpeg_exe())  # type: ignore[attr-defined, no-untyped-call]
    command = [ffmpeg, "-loglevel", "error", "-f", "lavfi", "-i", source, "-ac", "1", *arguments, "pipe:1"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def _wav(samples: np.ndarray, rate_hz: int = 16_000) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate_hz)
        out.writeframes((samples * 32767).astype("<i2").tobytes())
    return file.getvalue()


def _refused(recording: bytes) -> RecordingError:
    with pytest.raises(RecordingError) as raised:
        decode(recording)
    assert raised.value.kind is Kind.INVALID
    return raised.value


@pytest.mark.parametrize("kind", FORMATS)
def test_what_telephones_and_browsers_record_is_decoded_whole(kind: str) -> None:
    sound = decode(_made(*FORMATS[kind]))
    assert sound.rate_hz == 24_000
    assert sound.duration_s == pytest.approx(3.0, abs=0.1)


def _file(path: Path) -> bytes:
    """What ffmpeg writes to a real file, in which it can go back to the header at the end."""
    ffmpeg = str(imageio_ffmpeg.get_ffmpeg_exe())  # type: ignore[attr-defined, no-untyped-call]
    subprocess.run([ffmpeg, "-loglevel", "error", "-f", "lavfi", "-i", SPEECHLIKE, str(path)], check=True)
    return path.read_bytes()


def test_an_m4a_with_its_index_at_the_end_is_decoded(tmp_path: Path) -> None:
    data = _file(tmp_path / "recording.m4a")
    assert data.index(b"moov") > data.index(b"mdat")
    assert decode(data).duration_s == pytest.approx(3.0, abs=0.1)


def test_an_aiff_of_a_studio_is_decoded(tmp_path: Path) -> None:
    assert decode(_file(tmp_path / "recording.aiff")).duration_s == pytest.approx(3.0, abs=0.1)


@pytest.mark.parametrize("kind", ["wav of a telephone line", "mp3 with tags", "webm of a browser"])
def test_a_recording_ends_as_loud_as_speech(kind: str) -> None:
    desk = Desk()
    reading = meter.read(desk.master(desk.decode(_made(*FORMATS[kind])), Arrangement(Chime.ROUTINE, 1)).mp3)
    assert reading.lufs == pytest.approx(-16.0, abs=0.7)
    assert reading.true_peak_dbtp <= -1.5


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("sound.wav", b"RIFF")
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"%PDF-1.7\n" + bytes(100),
        b"<html><body>not found</body></html>",
        "各位村民".encode(),
        bytes(1000),
        _zip(),
        b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"RIFF\x24\x00\x00\x00AVI LIST",
        b"\xff",
    ],
    ids=["png", "pdf", "html", "text", "zeros", "zip", "playlist", "concat", "avi", "one byte"],
)
def test_what_is_no_audio_is_refused_before_any_decoder_sees_it(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("broadcast.audio.ffmpeg.executable", lambda: "/nonexistent/ffmpeg")
    assert _refused(data).problem is Problem.RECORDING_NOT_AUDIO


@pytest.mark.parametrize(
    "data",
    [
        b"ID3\x04\x00\x00\x00\x00\x00\x00#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
        b"RIFF\xff\xff\xff\xffWAVEfmt ",
        b"OggS" + bytes(200),
        b"fLaC" + b"\xff" * 200,
        b"\x1aE\xdf\xa3" + bytes(200),
        b"\x00\x00\x00\x18ftypmp42" + bytes(200),
    ],
    ids=["playlist as mp3", "wav header alone", "ogg", "flac", "webm", "m4a"],
)
def test_what_only_begins_like_audio_is_refused_as_broken(data: bytes) -> None:
    assert _refused(data).problem is Problem.RECORDING_BROKEN


def test_a_film_without_sound_is_no_recording() -> None:
    film = _made("-vn", "-f", "webm", source="sine=d=1")
    assert decode(film).duration_s == pytest.approx(1.0, abs=0.1)
    ffmpeg = str(imageio_ffmpeg.get_ffmpeg_exe())  # type: ignore[attr-defined, no-untyped-call]
    command = [ffmpeg, "-loglevel", "error", "-f", "lavfi", "-i", "testsrc=d=1:s=64x64", "-c:v", "libvpx"]
    silent = subprocess.run([*command, "-f", "webm", "pipe:1"], capture_output=True, check=True).stdout
    assert _refused(silent).problem is Problem.RECORDING_NOT_AUDIO


def test_an_empty_upload_is_named_so() -> None:
    assert _refused(b"").problem is Problem.RECORDING_EMPTY


def test_a_recording_too_large_is_not_even_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadcast.audio.ffmpeg.executable", lambda: "/nonexistent/ffmpeg")
    refused = _refused(b"ID3" + bytes(LARGEST_BYTES))
    assert refused.problem is Problem.RECORDING_TOO_LARGE
    assert refused.values["limit"] == LARGEST_MB


def test_a_recording_of_a_blink_is_too_short() -> None:
    assert _refused(_wav(np.full(3200, 0.5))).problem is Problem.RECORDING_TOO_SHORT


def test_more_than_five_minutes_are_too_long() -> None:
    long = _made("-c:a", "libopencore_amrnb", "-ar", "8000", "-f", "amr", source="sine=f=300:d=400")
    assert _refused(long).problem is Problem.RECORDING_TOO_LONG


@pytest.mark.parametrize("level", [0.0, 0.0003])
def test_silence_is_refused(level: float) -> None:
    hiss = np.random.default_rng(3).normal(0, 1, 32_000).clip(-3, 3) / 3 * level
    assert _refused(_wav(hiss)).problem is Problem.RECORDING_SILENT


def test_half_an_upload_is_heard_as_far_as_it_goes() -> None:
    data = _made(*FORMATS["mp3 with tags"])
    assert decode(data[: len(data) // 2]).duration_s == pytest.approx(1.5, abs=0.3)
