"""The calls role: presses in, people rung, devices told; the console beside it in the same process."""

import asyncio
import contextlib
import gc
import logging
import signal
import socket
import ssl
import sys
from collections.abc import Callable, Iterator
from typing import TypeVarTuple

import uvicorn
from fastapi import FastAPI

from hub.broker import endpoints
from hub.console.app import create_app
from hub.db.notify import Listener
from hub.domain.errors import Unavailable
from hub.only_one import only_one
from hub.settings import Settings
from hub.tls import server_files
from hub.wiring import CallsRole, build_calls_role

Ts = TypeVarTuple("Ts")
# the loop waits this long at most for a writer thread that computes (Python's default is 5 ms)
SWITCH_S = 0.0005
UNHEARD_MS = 20_000
log = logging.getLogger(__name__)


async def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT. Errors: HubError (data, database), OSError (ports, folder)."""
    sys.setswitchinterval(SWITCH_S)
    settings.run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    # two would take each other's session at the broker, and write over each other's presses in the spool
    lock = settings.run_dir / f"calls-{settings.hub}.lock"
    with only_one(lock, lambda pid: Unavailable("calls-twice", folder=str(settings.data_dir), pid=pid)):
        await _run(settings)


async def _run(settings: Settings) -> None:
    listeners = _listeners(settings)
    role = build_calls_role(settings, endpoints(settings, "calls", "status", "receipts"))
    loop = asyncio.get_running_loop()
    role.store.on_commit(lambda what: _later(loop, role.committed, what))
    listener = None
    if role.store.engine.dialect.name == "postgresql":
        listener = Listener(role.store.engine, lambda: _later(loop, role.calls.feed.nudge))
        listener.start()
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    try:
        await _serve(role, listeners, settings, stopping)
    finally:
        if listener is not None:
            listener.stop()
        role.store.close()
        role.spool.close()


def _later(loop: asyncio.AbstractEventLoop, work: Callable[[*Ts], None], *what: *Ts) -> None:
    """From another thread: do `work` in the loop."""
    with contextlib.suppress(RuntimeError):  # the loop is closed: the program is ending
        loop.call_soon_threadsafe(work, *what)


async def _serve(
    role: CallsRole, listeners: list[tuple[socket.socket, bool]], settings: Settings, stopping: asyncio.Event
) -> None:
    recovered = await role.calls.begin()
    await role.console.known.refresh()
    await role.broadcasting.on_air.learn()
    if recovered:
        log.warning("%d presses of an earlier run are not recorded yet", recovered)
    app = create_app(role.console)
    servers = [_server(app, settings, tls=tls) for _, tls in listeners]
    _spare_the_collector()
    work = [
        *role.calls.work(),
        *(link.run() for link in role.links.values()),
        *([] if role.provision is None else [role.provision.run()]),
        *role.broadcasting.work(),
        *(chore.run() for chore in role.chores),
    ]
    tasks = [asyncio.create_task(coroutine) for coroutine in work]
    serving = [
        asyncio.create_task(server.serve(sockets=[listening]))
        for server, (listening, _) in zip(servers, listeners, strict=True)
    ]
    until = asyncio.create_task(stopping.wait())
    done, _ = await asyncio.wait({until, *tasks, *serving}, return_when=asyncio.FIRST_COMPLETED)
    for server in servers:
        server.should_exit = True
    role.console.streams.end_all()
    for task in (until, *tasks):
        task.cancel()
    await asyncio.gather(*tasks, *serving, return_exceptions=True)
    for task in done - {until}:
        task.result()  # a part that ended by itself has failed: the supervisor starts us again


def _spare_the_collector() -> None:
    """What is loaded and built by now lives as long as the process: a full collection that looked at it again
    would hold every press for a tenth of a second."""
    gc.collect()
    gc.freeze()


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: the role decides when it ends."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _server(app: FastAPI, settings: Settings, *, tls: bool) -> uvicorn.Server:
    files = server_files(settings) if tls else None
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=75,
        ssl_certfile=None if files is None else str(files.cert),
        ssl_keyfile=None if files is None else str(files.key),
        ssl_version=ssl.PROTOCOL_TLS_SERVER,
    )
    return _Server(config)


def _listeners(settings: Settings) -> list[tuple[socket.socket, bool]]:
    """(socket, speaks TLS): the plain one on loopback, and one beyond it when the settings say so."""
    listeners = [(bind("127.0.0.1", settings.http_port), False)]
    if settings.speaks_tls:
        listeners.append((bind(settings.bind, settings.https_port), True))
    return listeners


def bind(host: str, port: int) -> socket.socket:
    """A TCP socket at the address, not listening yet. OSError: the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # a desk whose computer sleeps, or whose cable is out, must not count as awake for the quarter of an hour
    # that TCP would try to reach it (RFC 5482); accepted connections inherit this
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNHEARD_MS)
    listening.bind((host, port))
    return listening
