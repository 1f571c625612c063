"""`xiangyin keys …`: the keys that sign for loudspeakers."""

import asyncio
from datetime import datetime

import click

from hub.commands.terminal import say, tell
from hub.settings import load_settings


@click.group("keys", help="Signing keys: list, rotate, revoke.")
def command() -> None:
    """The keys group."""


@command.command("list", help="Print every key that loudspeakers trust: id, use, end.")
def list_keys() -> None:
    """One line each, tabs between; the root keys first, which have no end."""
    from devices.keys import thumbprint
    from hub.signer.trust import read_trust

    trust = read_trust(load_settings().data_dir)
    for root in trust.root_keys:
        tell(f"{thumbprint(root)}\troot\t-")
    for record in trust.keys.keys:
        tell(f"{record.kid}\t{','.join(record.use)}\t{_day(record.exp)}")


@command.command(
    "rotate", help="Make new keys for every use; they sign in an hour, the old ones end in a week."
)
def rotate() -> None:
    """Loudspeakers that are online are told within a minute, the others when they come back."""
    from hub.signer.client import SignerClient

    state = asyncio.run(SignerClient(load_settings().run_dir).rotate())
    tell(say("keys-rotated", rev=state.keys.rev))


@command.command(
    "revoke",
    help="End a key at once: it has leaked.",
    # an id may begin with a dash, and hold an h
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
)
@click.argument("kid")
def revoke(*, kid: str) -> None:
    """What it has signed and is not yet played will not be; its successor signs from now on."""
    from hub.signer.client import SignerClient

    state = asyncio.run(SignerClient(load_settings().run_dir).revoke(kid))
    tell(say("keys-revoked", kid=kid, rev=state.keys.rev))


def _day(unix_s: int | None) -> str:
    return "-" if unix_s is None else datetime.fromtimestamp(unix_s).astimezone().date().isoformat()
