"""Links that are sent to people: only the hash of their token stays here."""

from fastapi import Request

from hub.console.auth import new_token, token_hash
from hub.console.context import context_of
from hub.services.reviewing import LinkToSend


def new_feedback_link(request: Request) -> LinkToSend:
    """A link to the page where somebody rates without signing in, at the address that people use."""
    token = new_token()
    base = context_of(request).public_url or str(request.base_url)
    return LinkToSend(token_hash(token), f"{base.rstrip('/')}/f/{token}")
