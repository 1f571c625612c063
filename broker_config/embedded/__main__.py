"""`python -m broker_config.embedded FOLDER`: the built-in broker on a folder that `broker_config` wrote."""

import asyncio
import logging
import os
import signal
import ssl
import sys
from collections.abc import Callable
from pathlib import Path

from broker_config.embedded.access import read_access
from broker_config.embedded.broker import TrialBroker
from broker_config.embedded.door import Door
from broker_config.errors import BrokerConfigError
from broker_config.listeners import Listener, read_listeners
from broker_config.reload import PID_FILE
from broker_config.storage import replace_file
from broker_config.tether import die_with_parent

SHUTDOWN_S = 0.5
NOTICE = "built-in broker: for the demo and for trials on this machine; a county runs mosquitto"

_log = logging.getLogger("broker_config.embedded")


async def serve(folder: Path) -> None:
    """Serve until SIGTERM or SIGINT; SIGHUP reads accounts and certificates again."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    broker = TrialBroker(read_access(folder))
    door = Door(folder, broker)
    await broker.start()
    contexts = {listener: _tls(listener) for listener in read_listeners(folder)}
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, _reload, door, contexts)
    pid_file = folder / PID_FILE
    replace_file(pid_file, f"{os.getpid()}\n")
    door.reload()  # whoever changed the accounts before the line above found nobody to tell
    servers = [
        await asyncio.start_server(door.connected, at.host, at.port, ssl=tls) for at, tls in contexts.items()
    ]
    _log.warning("%s (%s)", NOTICE, ", ".join(f"{at.host}:{at.port}" for at in contexts))
    await stop.wait()
    for server in servers:
        server.close()
    async with asyncio.timeout(SHUTDOWN_S):
        await door.empty()
        await broker.shutdown()
    pid_file.unlink(missing_ok=True)


def _tls(listener: Listener) -> ssl.SSLContext | None:
    if listener.cert is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(listener.cert, listener.key)
    return context


def _reload(door: Door, contexts: dict[Listener, ssl.SSLContext | None]) -> None:
    """Bad files change nothing: the broker goes on with what it has, and says so."""
    try:
        door.reload()
        for listener, context in contexts.items():
            if context is not None and listener.cert is not None:
                context.load_cert_chain(listener.cert, listener.key)
    except (BrokerConfigError, OSError) as error:
        _log.error("not reloaded: %s", error)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def main(arguments: list[str]) -> int:
    """Run; 0 after a signal, 1 with one line on stderr when the folder or a port is not as it should be."""
    die_with_parent()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    logging.getLogger("amqtt").setLevel(logging.ERROR)
    if len(arguments) != 1:
        _log.error("usage: python -m broker_config.embedded FOLDER")
        return 2
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(serve(Path(arguments[0]).resolve()))
    except (BrokerConfigError, OSError) as error:
        _log.error("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
