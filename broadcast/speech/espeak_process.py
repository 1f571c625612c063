"""The espeak child seen from the hub: started, asked with a deadline, ended; what it said when it died."""

import os
import selectors
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, Final

import broadcast
from broadcast.ports import Pcm, VoiceFault, VoiceUnavailable
from broadcast.speech.espeak_frames import BrokenFrame, Request, Response, pack, unpack

COMMAND: Final = (sys.executable, "-m", "broadcast.speech.espeak_child")
_ROOT: Final = str(Path(broadcast.__file__).parents[1])
_KEPT_OF_ENVIRONMENT: Final = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")


class Silent(Exception):
    """The child did not answer in time."""


class EspeakProcess:
    """One running child; of no use after an error."""

    def __init__(self, command: tuple[str, ...], timeout_s: float) -> None:
        """Start it and hear its greeting; VoiceUnavailable when it does not come."""
        self._timeout_s = timeout_s
        self._complaints: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (closed in `end`)
        kept = {name: os.environ[name] for name in _KEPT_OF_ENVIRONMENT if name in os.environ}
        self._child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            env={**kept, "PYTHONPATH": _ROOT, "PYTHONUTF8": "1"},
            start_new_session=True,
        )
        try:
            self.version = self._exchange(None)[0].version
        except VoiceUnavailable:
            self.end()
            raise

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._child.pid

    def speak(self, request: Request) -> Pcm:
        """The sound of one phrase; VoiceUnavailable when the child crashed, hung or refused."""
        response, samples = self._exchange(request)
        if response.error:
            raise VoiceUnavailable(VoiceFault.PROTOCOL, response.error)
        return Pcm(samples, response.rate_hz)

    def end(self) -> None:
        """Kill it and let go of everything."""
        self._child.kill()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe:
                pipe.close()
        self._child.wait()
        self._complaints.close()

    def _exchange(self, request: Request | None) -> tuple[Response, bytes]:
        try:
            if request is not None:
                # Straight to the pipe, which holds 64 KiB: a buffer would be flushed again at close.
                os.write(_number(self._child.stdin), pack(request))
            return _receive(_number(self._child.stdout), time.monotonic() + self._timeout_s)
        except Silent as error:
            raise VoiceUnavailable(VoiceFault.TOO_SLOW, f"no answer in {self._timeout_s} s") from error
        except BrokenFrame as error:
            raise VoiceUnavailable(VoiceFault.PROTOCOL, str(error)) from error
        except (EOFError, OSError) as error:
            raise VoiceUnavailable(VoiceFault.CRASHED, self._last_words()) from error

    def _last_words(self) -> str:
        self._child.kill()
        ended = f"ended with {self._child.wait()}"
        self._complaints.seek(0)
        lines = self._complaints.read()[-2000:].decode(errors="replace").strip().splitlines()
        return f"{ended}: {lines[-1]}" if lines else ended


def _number(pipe: IO[bytes] | None) -> int:
    if pipe is None:
        raise EOFError
    return pipe.fileno()


def _receive(pipe: int, deadline: float) -> tuple[Response, bytes]:
    """The next frame of the child; EOFError when it is gone, Silent after `deadline` (monotonic seconds)."""
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)

        def read(count: int) -> bytes:
            got = bytearray()
            while len(got) < count:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise Silent
                part = os.read(pipe, min(count - len(got), 1 << 16))
                if not part:
                    raise EOFError
                got += part
            return bytes(got)

        return unpack(read, Response)
