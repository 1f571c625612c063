"""Whatever ends, and however: what crashed comes back, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable

import pytest

from tests.ups import EVERYTHING, RunningUp, alive


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.parametrize("victim", ["calls", "broker", "demo"])
def test_a_program_that_is_killed_comes_back_and_it_is_said(
    make_up: Callable[..., RunningUp], victim: str
) -> None:
    up = make_up()
    up.start("--quiet")
    first = up.children()

    os.kill(first[victim], signal.SIGKILL)

    up.until(lambda: f"{victim} runs again" in up.screen)
    up.until(lambda: up.children().get(victim) not in (None, first[victim]))
    assert f"{victim} ended (SIGKILL)" in up.screen
    assert {name: pid for name, pid in up.children().items() if name != victim} == {
        name: pid for name, pid in first.items() if name != victim
    }
    up.until(lambda: up.command("press", up.logins()["device"]["id"]).returncode == 0)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything(make_up: Callable[..., RunningUp], number: signal.Signals) -> None:
    up = make_up()
    up.start("--quiet")
    children = up.children()
    assert set(children) == EVERYTHING

    up.signal(number)

    assert up.ended() == 0
    assert [name for name, pid in children.items() if alive(pid)] == []
    assert port_is_free(up.http_port)
    assert port_is_free(up.mqtt_port)
    assert "Everything has stopped" in up.screen


def test_ending_leaves_nothing_when_programs_have_died_already(make_up: Callable[..., RunningUp]) -> None:
    up = make_up()
    up.start("--quiet")
    children = up.children()

    os.kill(children["broker"], signal.SIGKILL)
    os.kill(children["calls"], signal.SIGKILL)
    up.signal(signal.SIGTERM)

    assert up.ended() == 0
    assert [name for name, pid in children.items() if alive(pid)] == []
    assert port_is_free(up.http_port)
    assert port_is_free(up.mqtt_port)


def test_a_killed_supervisor_takes_its_programs_along_and_the_next_start_works(
    make_up: Callable[..., RunningUp],
) -> None:
    up = make_up()
    up.start("--quiet")
    children = up.children()

    up.signal(signal.SIGKILL)
    up.ended()

    up.start("--quiet")  # it waits for ports that are just being let go
    assert [name for name, pid in children.items() if alive(pid)] == []


def test_ending_during_the_start_leaves_nothing(make_up: Callable[..., RunningUp]) -> None:
    up = make_up()
    up.start("--quiet", until_ready=False)
    up.until(lambda: "calls" in up.children())
    children = up.children()

    up.signal(signal.SIGINT)

    assert up.ended() == 0
    assert [name for name, pid in children.items() if alive(pid)] == []
