"""All checks in the order in which one would look."""

import time
from collections.abc import Callable, Iterator

from broker_config.errors import BrokerConfigError
from hub.checkup.backup import examine_backup
from hub.checkup.broker import examine_broker
from hub.checkup.data import examine_data
from hub.checkup.finding import Finding, State, broken
from hub.checkup.keys import examine_keys
from hub.checkup.machine import examine_machine
from hub.checkup.network import ask_hub, examine_network
from hub.checkup.sound import examine_sound
from hub.domain.errors import HubError
from hub.settings import Settings


def examine(settings: Settings) -> Iterator[Finding]:
    """Each finding as it is made. A check that fails is a finding too; without a folder the rest is pointless."""
    machine = list(examine_machine(settings))
    yield from machine
    if any(found.part == "folder" and found.state is State.BAD for found in machine):
        return
    answer = ask_hub(settings)
    checks: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
        ("database", lambda: examine_data(settings)),
        ("network", lambda: examine_network(settings, answer)),
        ("broker", lambda: examine_broker(settings, hub_runs=answer is not None and answer.is_a_hub)),
        ("keys", lambda: examine_keys(settings)),
        ("sound", examine_sound),
    )
    for part, check in checks:
        yield from _safely(part, check)
    yield examine_backup(settings, time.time())


def _safely(part: str, check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from check()
    except HubError as error:
        yield broken(part, error.code, **error.params)
    except (BrokerConfigError, OSError, ValueError) as error:
        yield broken(part, "doctor-failed", reason=str(error))
