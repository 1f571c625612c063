"""Children that fail as a native library may: they die, hang, babble, refuse, or answer with silence."""

import os
import signal
import sys
import time
from pathlib import Path

from broadcast.speech.espeak_child import _own_output, _read_exactly
from broadcast.speech.espeak_frames import Request, Response, pack, unpack


def main(fault: str, seen: Path) -> None:
    """Behave so; `seen` gets a line for each start."""
    with seen.open("a") as starts:
        starts.write(f"{os.getpid()}\n")
    if fault == "dies-at-start":
        sys.exit("cannot load the library")
    out = _own_output()
    out.write(b"Hello, this is no frame.\n" if fault == "babbles" else pack(Response("stand-in", 22050)))
    out.flush()
    request, _ = unpack(_read_exactly, Request)
    if fault == "hangs":
        signal.pause()
    if fault == "crashes" or (fault == "crashes-once" and len(seen.read_text().splitlines()) == 1):
        os.kill(os.getpid(), signal.SIGSEGV)
    if fault == "refuses":
        out.write(pack(Response("stand-in", 22050, "no voice 'cmn'")))
    elif fault == "cuts":
        out.write(pack(Response("stand-in", 22050), bytes(2000))[:-500])
    else:
        seconds = 0.05 if fault == "too-short" else 0.3 * len(request.text)
        tone = b"\x00\x00" if fault == "silent" else b"\x00\x20\x00\xe0"
        out.write(pack(Response("stand-in", 22050), tone * (int(seconds * 22050 * 2) // len(tone))))
    out.flush()
    if fault == "cuts":
        return
    time.sleep(3600)  # until it is killed


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
