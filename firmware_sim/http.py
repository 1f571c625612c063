"""The one HTTP client that all devices of a process share."""

import ssl

import httpx

TIMEOUT_S = 10.0
AT_ONCE = 100  # a hub in trouble is not helped by thousands of connections


def new_client(trust: ssl.SSLContext | None) -> httpx.AsyncClient:
    """Make a client that follows no redirect and no proxy setting; close it at the end."""
    return httpx.AsyncClient(
        verify=trust or ssl.create_default_context(),
        headers={"accept-encoding": "identity"},  # a size limit means the bytes that were sent
        timeout=TIMEOUT_S,
        limits=httpx.Limits(max_connections=AT_ONCE),
        follow_redirects=False,
        trust_env=False,
    )
