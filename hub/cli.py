"""`xiangyin`: finds the command, and turns every error into one clear line."""

import importlib
import os
import signal
import sys
from collections.abc import Sequence

import click

from broker_config.errors import BrokerConfigError
from hub.commands.terminal import complain, languages, say_error
from hub.domain.errors import HubError

# What systemd and the supervisor read from an exit status (sysexits.h): 75 is worth another try, 78 is not.
EXIT_CODES = {
    "invalid": os.EX_CONFIG,
    "conflict": os.EX_CONFIG,
    "not_found": os.EX_CONFIG,
    "denied": os.EX_CONFIG,
    "unavailable": os.EX_TEMPFAIL,
}
COMMANDS = {
    "up": ("up", "Start everything on this machine: broker, hub, demo county."),
    "serve": ("serve", "Run one role of the hub."),
    "press": ("press", "Press a button of the demo county."),
    "sim": ("sim", "Run the simulator by itself."),
    "device": ("device", "Devices: list, add, new credentials, remove."),
    "user": ("user", "Users: list, add, password, disable, enable."),
    "keys": ("keys", "Signing keys: list, rotate, revoke."),
    "area": ("area", "Areas: list, add."),
    "spoken": ("spoken", "Print how a text will be read aloud."),
    "broker-config": ("broker_config", "Write a ready folder for a broker that somebody else runs."),
    "settings": ("settings", "Print every setting."),
    "bench": ("bench", "Measure the hub beside bare parts."),
    "simulate": ("simulate", "Simulate a county on a virtual clock, with everything that goes wrong."),
    "prove": ("prove", "Hurt the running program for real and count what is lost."),
    "backup": ("backup", "Put everything that is kept into one file, also while the hub runs."),
    "restore": ("restore", "Make a data folder from such a file."),
    "doctor": ("doctor", "Check each part and say what to do."),
}


class Commands(click.Group):
    """Imports a command's module only when it is called: `--help` and `settings` stay quick."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """In the order in which a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Each module `hub.commands.<name>` has its command under the name `command`."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"hub.commands.{COMMANDS[cmd_name][0]}")
        found = module.command
        assert isinstance(found, click.Command)  # noqa: S101 - held by a test
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Names and sentences from the table above, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="xiangyin", prog_name="xiangyin")
def xiangyin() -> None:
    """Xiangyin 乡音: elders' call buttons, village loudspeakers, and the people who help."""


def run(arguments: list[str]) -> int:
    """The exit status of `xiangyin ARGUMENTS`."""
    try:
        status = xiangyin.main(arguments, prog_name="xiangyin", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return 128 + signal.SIGINT
    except (HubError, BrokerConfigError, OSError) as error:
        return _failed(error, languages(both=arguments[:1] == ["up"]))
    return status if isinstance(status, int) else 0


def _failed(error: HubError | BrokerConfigError | OSError, langs: Sequence[str]) -> int:
    """Say in one line what was wrong; the exit status that says whether another try may help."""
    match error:
        case HubError():
            complain(" / ".join(say_error(lang, error) for lang in langs))
            return EXIT_CODES[error.kind]
        case BrokerConfigError():
            complain(error.reason)
            return EXIT_CODES[error.kind.value]
        case BrokenPipeError():
            return os.EX_IOERR
    where = f"{error.filename}: " if error.filename else ""
    complain(f"{where}{error.strerror or error}")
    return os.EX_TEMPFAIL


def main() -> None:
    """Entry point of the installed program. What it writes is for its owner alone."""
    os.umask(0o077)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without Chinese still shows addresses
    sys.exit(run(sys.argv[1:]))
