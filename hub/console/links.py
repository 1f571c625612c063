"""Links that are sent to people: only the hash of their token stays here."""

from hub.console.auth import new_token, token_hash
from hub.console.context import ConsoleContext
from hub.services.reviewing import LinkToSend


def new_feedback_link(context: ConsoleContext) -> LinkToSend:
    """A link to the page where somebody rates without signing in."""
    token = new_token()
    return LinkToSend(token_hash(token), f"{context.public_url or ''}/f/{token}")
