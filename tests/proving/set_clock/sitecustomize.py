"""A wall clock that is set wrong: Python imports this at its start when this folder stands in PYTHONPATH.

The machine's clock belongs to everybody who uses the machine, and a time namespace moves only the monotonic
clocks. So `time.time` and `time.time_ns`, by which the program reads the wall, are shifted by the seconds that
the file of PROOF_CLOCK holds. Clocks that other programs read (broker, PostgreSQL) and `datetime.now` stay right.
"""

import os
import time
from pathlib import Path

_FILE = Path(os.environ["PROOF_CLOCK"])
_time = time.time


def _shift_s() -> float:
    return float(_FILE.read_text())


time.time = lambda: _time() + _shift_s()
time.time_ns = lambda: int(time.time() * 1e9)
