"""The calls role: who is out of reach is found out in seconds, not when TCP gives up; there is one of a name."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from hub.domain.errors import Unavailable
from hub.only_one import only_one
from hub.roles.calls import UNHEARD_MS, bind, run
from hub.settings import Settings
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


async def test_a_second_calls_role_of_one_name_on_a_folder_is_refused(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    settings.run_dir.mkdir()
    lock = settings.run_dir / f"calls-{settings.hub}.lock"
    with only_one(lock, Unavailable), pytest.raises(Unavailable, match="calls-twice") as refused:
        await run(settings)

    assert refused.value.params["pid"] == str(os.getpid())
    assert not (tmp_path / "spool").exists()
