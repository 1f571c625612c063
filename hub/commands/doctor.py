"""`xiangyin doctor`: each part, how it is, and what to do."""

import click

from hub.commands.terminal import say, tell
from hub.settings import load_settings

WIDTH = 12


@click.command("doctor", help="Check each part and say what to do.")
def command() -> int:
    """Exit status 1 when something must be done."""
    from hub.checkup.examine import examine
    from hub.checkup.finding import State

    count = dict.fromkeys(State, 0)
    for found in examine(load_settings()):
        count[found.state] += 1
        tell(f"{found.state.value.upper():5}{found.part:{WIDTH}}{say(found.message, **found.params)}")
    tell(say("doctor-sum", ok=count[State.OK], warn=count[State.WARN], bad=count[State.BAD]))
    return 1 if count[State.BAD] else 0
