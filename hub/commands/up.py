"""`xiangyin up`: everything on this machine, what `make run` starts."""

import os
import shlex
import signal
import time
from datetime import datetime
from pathlib import Path

import click

import hub
from hub.commands.terminal import complain, language, say_in_both, tell
from hub.i18n import LANGUAGES, Phrases
from hub.i18n.program import program
from hub.settings import Settings, load_settings, unknown_variables

# What another terminal must be told as well; no secret is among them.
REPEATED = ("XIANGYIN_DATA_DIR", "XIANGYIN_HTTP_PORT", "XIANGYIN_MQTT_PORT")


@click.command("up", help="Start everything on this machine: broker, hub, demo county.")
@click.option("--quiet", is_flag=True, help="No simulated presses.")
@click.option("--press-every", type=click.FloatRange(0), help="Seconds between two of them, on average.")
@click.option("--no-demo", is_flag=True, help="No invented county, no simulated devices.")
def command(*, quiet: bool, press_every: float | None, no_demo: bool) -> None:
    """Until Ctrl-C."""
    from hub.supervisor.preflight import clock_is_wrong
    from hub.supervisor.up import up

    settings = load_settings()
    changes: dict[str, object] = {}
    if quiet or press_every is not None:
        changes["press_every_s"] = 0.0 if quiet else press_every
    if no_demo:
        changes["demo"] = False
    settings = settings.model_copy(update=changes)
    _warn(clock_is_wrong=clock_is_wrong())
    up(settings, Spoken(settings.data_dir / "log"), lambda: _welcome(settings))
    tell(say_in_both("up-ended"))


class Spoken:
    """Tells the terminal what happens to programs (hub.supervisor.keeper.Teller), whose logs stand in `logs`."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs

    def ended(self, program: str, status: int, reason: str, pause_s: float) -> None:
        """A program ended by itself."""
        how = reason or (f"exit {status}" if status >= 0 else signal.Signals(-status).name)
        tell(self._now() + say_in_both("up-program-ended", program=program, how=how, pause=f"{pause_s:.1f}"))

    def started_again(self, program: str) -> None:
        """It runs again."""
        tell(self._now() + say_in_both("up-program-again", program=program))

    def hung(self, program: str) -> None:
        """It answers no more and is being ended."""
        tell(self._now() + say_in_both("up-program-hung", program=program))

    def late(self, program: str) -> None:
        """It has been starting for long and does not work yet."""
        log = str(self._logs / f"{program}.log")
        tell(self._now() + say_in_both("up-program-late", program=program, log=log))

    def _now(self) -> str:
        return datetime.now().astimezone().strftime("%H:%M:%S ")


def _warn(*, clock_is_wrong: bool) -> None:
    for name, meant in unknown_variables(os.environ).items():
        complain(say_in_both("setting-unknown", name=name, meant=meant or f"{program()} settings"))
    if clock_is_wrong:
        complain(say_in_both("clock-wrong", year=datetime.now().astimezone().year))


def _welcome(settings: Settings) -> None:
    """The one screen: in both languages, the terminal's own first."""
    from hub.demo.files import LOGINS, fleet_file, hands_off_device

    is_demo = settings.demo and fleet_file(settings.data_dir).exists()
    called = _called()
    params = {
        "seconds": f"{_age_s():.1f}",
        "desk": settings.base_url,
        "logins": str(settings.data_dir / LOGINS),
        "press": f"{called} press {hands_off_device()}",
        "program": called,
        "logs": str(settings.data_dir / "log"),
    }
    first = language()
    for lang in (first, *(other for other in LANGUAGES if other != first)):
        tell("\n" + Phrases().say(lang, "up-ready-demo" if is_demo else "up-ready", **params))
    tell("")


def _age_s() -> float:
    """Since this program began: the first thing `hub/__init__` does is to look at the clock."""
    return time.monotonic() - hub.BEGAN_S


def _called() -> str:
    """How to call this program from another terminal, with the settings that this one was given."""
    given = [f"{name}={shlex.quote(os.environ[name])}" for name in REPEATED if os.environ.get(name)]
    return " ".join([*given, shlex.quote(program())])
