"""Ports for servers that tests start as processes of their own.

Between the choice and the start nothing may take them: not another worker of this run, and no connection that goes out
meanwhile. So they lie below those that the system gives to connections, each worker has its own thousands, and none is
given twice.
"""

from __future__ import annotations

import itertools
import os
import socket

FIRST, A_WORKER, WORKERS = 10_000, 2_000, 11  # to 32,000; Linux gives connections those from 32,768 on

_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKERS
_start = os.getpid() * 7  # another run on this machine begins elsewhere
_next = (FIRST + _worker * A_WORKER + (_start + n) % A_WORKER for n in itertools.count())


def free_port() -> int:
    """A port that nothing listens at. OSError when none is left."""
    for port in itertools.islice(_next, A_WORKER):
        with socket.socket() as probe:
            try:
                probe.bind(("", port))
            except OSError:
                continue
            return port
    raise OSError("no port is free")
