"""mosquitto.conf, each line with the reason it is there."""

import os
import pwd
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from broker_config.files import ACL_FILE, PASSWORD_FILE
from broker_config.listeners import Listener
from broker_config.reload import PID_FILE

MAX_QUEUED_MESSAGES = 200_000
MAX_QUEUED_BYTES = 256 * 1024 * 1024
MAX_INFLIGHT_MESSAGES = 20_000
MAX_PACKET_BYTES = 4 * 1024 * 1024
AUTOSAVE_S = 60


class Line(NamedTuple):
    """One line of mosquitto.conf and the reason it is there."""

    setting: str
    why: str


def config_lines(home: Path, store: Path, listeners: tuple[Listener, ...]) -> Iterator[Line]:
    """Every line of mosquitto.conf with its reason, for 2.0.11 as well as 2.1."""
    yield from _access_lines(home)
    yield from _queue_lines()
    yield from _store_lines(store)
    yield from _process_lines(home)
    for listener in listeners:
        yield from _listener_lines(listener)


def _access_lines(home: Path) -> Iterator[Line]:
    yield Line("allow_anonymous false", "Nobody without an account.")
    yield Line(f"password_file {home / PASSWORD_FILE}", "Who may sign in. Read again on SIGHUP.")
    yield Line(f"acl_file {home / ACL_FILE}", "What each may publish and read. Read again on SIGHUP.")


def _queue_lines() -> Iterator[Line]:
    yield Line(
        f"max_queued_messages {MAX_QUEUED_MESSAGES}",
        "Presses wait here while the hub restarts. The default, 1000, dropped 84 % of an acknowledged"
        " overload.",
    )
    yield Line(
        f"max_queued_bytes {MAX_QUEUED_BYTES}",
        "The same queue in bytes, per client: more than 200,000 presses of 1 KiB, less than a machine has.",
    )
    yield Line(
        f"max_inflight_messages {MAX_INFLIGHT_MESSAGES}",
        "The hub acknowledges after its commit; the default window of 20 would have it commit 20 at a time. And"
        " while it cannot store, all that it shows stays unacknowledged: what exceeds the window rings nowhere.",
    )
    yield Line(
        "queue_qos0_messages true",
        "A question for signed time is QoS 0 and must not vanish because the hub was just restarting.",
    )
    yield Line(
        f"max_packet_size {MAX_PACKET_BYTES}",
        "Gateways publish their whole network in one message and restart for ever when it is refused."
        " The hub itself reads no more than the contract allows.",
    )
    yield Line(
        "set_tcp_nodelay true", "A press is one small packet; do not hold it back to fill a larger one."
    )


def _store_lines(store: Path) -> Iterator[Line]:
    yield Line("persistence true", "The hub's queues outlive a restart of the broker.")
    yield Line(f"persistence_location {store}/", "Where they are kept.")
    yield Line(
        f"autosave_interval {AUTOSAVE_S}",
        "Seconds between snapshots (the default is half an hour). What arrives between two is lost with the"
        " power: the broker's acknowledgement proves nothing, and devices repeat until the hub replies.",
    )
    yield Line(
        "persistent_client_expiration 14d",
        "A hub that was renamed or taken away leaves a queue behind that nobody will ever read.",
    )


def _process_lines(home: Path) -> Iterator[Line]:
    yield Line(f"pid_file {home / PID_FILE}", "Whom the hub signals when accounts have changed.")
    if os.geteuid() == 0:
        yield Line(
            f"user {pwd.getpwuid(0).pw_name}",
            "Started by root, mosquitto would become another user, who cannot read this folder (0700).",
        )
    yield Line("sys_interval 0", "Nobody reads the $SYS topics: no account has the right.")
    yield Line("log_dest stderr", "The supervisor keeps the log.")
    for kind in ("error", "warning", "notice"):
        yield Line(f"log_type {kind}", f"Log each {kind}; connections and refusals are notices.")
    yield Line("log_timestamp_format %Y-%m-%dT%H:%M:%S", "Times that people can read.")


def _listener_lines(listener: Listener) -> Iterator[Line]:
    where = f"{listener.port} {listener.host}"
    if listener.cert is None:
        yield Line(f"listener {where}", "Plain MQTT, which never leaves this machine.")
    else:
        yield Line(f"listener {where}", "MQTT over TLS, for devices.")
        yield Line(f"certfile {listener.cert}", "The hub's own certificate, or the one it was given.")
        yield Line(f"keyfile {listener.key}", "Its key.")
        yield Line("tls_version tlsv1.2", "The oldest that is allowed: small devices often have no 1.3.")
    yield Line(
        "use_username_as_clientid true",
        "Else any button could connect under the client id of another, or of the hub, and end its session"
        " and queue.",
    )
