"""The sockets of the calls role: who is out of reach is found out in seconds, not when TCP gives up."""

from __future__ import annotations

import socket

from hub.roles.calls import UNHEARD_MS, bind
from tests.ports import free_port


def test_a_client_that_acknowledges_nothing_is_given_up_within_the_time_of_a_county_ring() -> None:
    port = free_port()
    with bind("127.0.0.1", port) as listening:
        listening.listen()
        with socket.create_connection(("127.0.0.1", port)):
            accepted, _ = listening.accept()
            with accepted:
                patience_ms = accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)

    assert patience_ms == UNHEARD_MS <= 30_000
