"""`xiangyin spoken TEXT`: how a text will be read aloud."""

import sys

import click

from hub.commands.terminal import complain, say, tell


@click.command("spoken", help="Print how a text will be read aloud, and nothing else. TEXT - reads stdin.")
@click.argument("text")
def command(*, text: str) -> int:
    """Exit status 1 when the text cannot be read aloud; stderr says why."""
    # loads the grammars (50 MB): only for whoever asks
    from broadcast.errors import TextError
    from broadcast.speech.wetext_reader import read_aloud

    if text == "-":
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
    try:
        tell(read_aloud(text))
    except TextError as error:
        complain(say(error.problem.value, **error.values))
        return 1
    return 0
