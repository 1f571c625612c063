"""The one place that runs ffmpeg: the wheel's own binary, bounded in time, never reading a network or a console."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from broadcast.errors import MasteringError, Problem

_ALWAYS: Final = ("-nostdin", "-hide_banner", "-nostats", "-threads", "1")


@dataclass(frozen=True)
class Output:
    """What ffmpeg gave back; its log is text for people and, here and there, for one parser."""

    data: bytes
    log: str
    failed: bool


@cache
def executable() -> str:
    """The binary that the imageio-ffmpeg wheel carries; nothing on the PATH is trusted to be the same."""
    import imageio_ffmpeg

    return str(imageio_ffmpeg.get_ffmpeg_exe())  # type: ignore[attr-defined, no-untyped-call]


def run(arguments: Sequence[str], data: bytes = b"", *, timeout_s: float) -> Output:
    """Run it over `data` on its standard input; MasteringError when it hangs or cannot be started."""
    command = [executable(), *_ALWAYS, *arguments]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=timeout_s, check=False)
    except subprocess.TimeoutExpired as error:
        raise MasteringError(Problem.MASTERING_FAILED, detail=f"ffmpeg took over {timeout_s} s") from error
    except OSError as error:
        raise MasteringError(Problem.MASTERING_FAILED, detail=f"ffmpeg does not start: {error}") from error
    return Output(done.stdout, done.stderr.decode(errors="replace"), done.returncode != 0)


def run_well(arguments: Sequence[str], data: bytes = b"", *, timeout_s: float) -> Output:
    """The same where a failure is ours and not the input's: MasteringError with the end of its log."""
    output = run(arguments, data, timeout_s=timeout_s)
    if output.failed:
        raise MasteringError(Problem.MASTERING_FAILED, detail=output.log.strip()[-500:])
    return output
