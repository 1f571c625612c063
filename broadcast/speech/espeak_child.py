"""espeak-ng in a process of its own: `python -m broadcast.speech.espeak_child`.

The library is native and under the GPL. Here it may crash without taking the hub along, and the hub only
exchanges frames with it (espeak_frames). Ends when its standard input does.
"""

import ctypes
import os
import sys
from typing import BinaryIO, Final

from broadcast.speech.espeak_frames import Request, Response, pack, unpack

# espeak-ng/speak_lib.h
_AUDIO_OUTPUT_SYNCHRONOUS: Final = 2
_INITIALIZE_DONT_EXIT: Final = 0x8000
_POSITION_CHARACTER: Final = 1
_CHARS_UTF8: Final = 1
_PHONEMES: Final = 0x100
_RATE: Final = 1
_PITCH: Final = 3
_RANGE: Final = 4
_ADDRESS_SPACE_BYTES: Final = 1 << 30

_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class Engine:
    """The library, initialised once; it keeps global state, so there is one per process."""

    def __init__(self) -> None:
        import espeakng_loader

        self._library = ctypes.CDLL(espeakng_loader.get_library_path())  # type: ignore[no-untyped-call]
        self._library.espeak_Info.restype = ctypes.c_char_p
        self._samples: list[bytes] = []
        # The library keeps a bare pointer to it: it must live as long as the engine.
        self._callback = _Callback(self._take)
        data = str(espeakng_loader.get_data_path()).encode()  # type: ignore[no-untyped-call]
        self.rate_hz = int(
            self._library.espeak_Initialize(_AUDIO_OUTPUT_SYNCHRONOUS, 0, data, _INITIALIZE_DONT_EXIT)
        )
        if self.rate_hz <= 0:
            raise RuntimeError(f"espeak_Initialize answered {self.rate_hz}; is its data at {data!r}?")
        self.version = self._library.espeak_Info(None).decode()
        self._library.espeak_SetSynthCallback(self._callback)

    def _take(self, samples: "ctypes._Pointer[ctypes.c_short]", count: int, _events: int | None) -> int:
        if samples and count > 0:
            self._samples.append(ctypes.string_at(samples, count * 2))
        return 0

    def speak(self, request: Request) -> bytes:
        """16-bit samples of the text; RuntimeError when the library refuses."""
        self._samples.clear()
        if self._library.espeak_SetVoiceByName(request.voice.encode()) != 0:
            raise RuntimeError(f"no voice {request.voice!r}")
        for parameter, value in (
            (_RATE, request.rate_wpm),
            (_PITCH, request.pitch),
            (_RANGE, request.pitch_range),
        ):
            self._library.espeak_SetParameter(parameter, value, 0)
        text = request.text.encode()
        failed = self._library.espeak_Synth(
            text,
            ctypes.c_size_t(len(text) + 1),
            0,
            _POSITION_CHARACTER,
            0,
            _CHARS_UTF8 | _PHONEMES,
            None,
            None,
        )
        if failed:
            raise RuntimeError(f"espeak_Synth answered {failed}")
        return b"".join(self._samples)


def _confine() -> None:
    """No core files, no runaway memory."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE_BYTES, _ADDRESS_SPACE_BYTES))


def _own_output() -> BinaryIO:
    """The pipe to the hub alone for frames: whatever the library prints goes to standard error."""
    kept = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(kept, "wb")


def _read_exactly(count: int) -> bytes:
    got = sys.stdin.buffer.read(count)
    if len(got) < count:
        raise EOFError
    return got


def main() -> None:
    """Greet, then answer requests until the hub is gone."""
    _confine()
    out = _own_output()
    engine = Engine()
    out.write(pack(Response(engine.version, engine.rate_hz)))
    out.flush()
    while True:
        try:
            request, _ = unpack(_read_exactly, Request)
        except EOFError:
            return
        try:
            sound, error = engine.speak(request), ""
        except RuntimeError as refused:
            sound, error = b"", str(refused)
        out.write(pack(Response(engine.version, engine.rate_hz, error), sound))
        out.flush()


if __name__ == "__main__":
    main()
