"""Ties a process to its parent: when the parent dies, however it dies, the child is asked to end.

`python -m broker_config.tether PROGRAM ARGUMENT…` becomes that program. The tie survives exec, so a program
that knows nothing of it is tied as well. To Linux the parent is the thread that started the child: start
children from one that lives as long as the process.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def die_with_parent() -> None:
    """Has the kernel send SIGTERM to this process when its parent is gone; on Linux only."""
    if sys.platform != "linux":
        return
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:  # it died before the tie held
        os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    die_with_parent()
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 - no shell is wanted
