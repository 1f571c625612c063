"""The OpenAPI 3.1 document: what FastAPI knows of routes and bodies, and the structs that answers are made of.

`python -m hub.console.openapi > docs/openapi.json` writes the kept copy; a test compares the two.
"""

import json
import sys
from collections.abc import Callable
from typing import Final

from fastapi import FastAPI

from hub.console.api.answers import components
from hub.console.auth import COOKIE, CSRF_HEADER

Document = dict[str, object]
SECURITY: Final[Document] = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": f"POST /session gives it; changes carry {CSRF_HEADER} besides. Over TLS its name "
        "begins with __Host-.",
    },
    "token": {"type": "http", "scheme": "bearer", "description": "POST /tokens makes one."},
    "device": {
        "type": "http",
        "scheme": "basic",
        "description": "A device's MQTT user name and password, for /device alone.",
    },
}
DEVICE_PATHS: Final = "/api/v1/device/"
LINK_PATHS: Final = "/api/v1/feedback/"  # the token in the path is the right
SIGN_IN: Final = ("/api/v1/session", "post")


def describe(app: FastAPI) -> None:
    """Make `app.openapi` tell of answers and of who may ask."""
    build = app.openapi
    app.openapi = lambda: _completed(build)  # type: ignore[method-assign]  # FastAPI's own way to extend it


def _completed(build: Callable[[], Document]) -> Document:
    document = build()
    parts = document.setdefault("components", {})
    assert isinstance(parts, dict)  # noqa: S101 -- as OpenAPI has it
    schemas = parts.get("schemas", {}) | components()
    parts["schemas"] = dict(sorted(schemas.items()))
    parts["securitySchemes"] = SECURITY
    document["security"] = [{"session": []}, {"token": []}]
    _mark_exceptions(document["paths"])
    return document


def _mark_exceptions(paths: object) -> None:
    assert isinstance(paths, dict)  # noqa: S101 -- as OpenAPI has it
    for path, methods in paths.items():
        for method, operation in methods.items():
            if path.startswith(DEVICE_PATHS):
                operation["security"] = [{"device": []}]
            elif (path, method) == SIGN_IN or path.startswith(LINK_PATHS):
                operation["security"] = []


def text(app: FastAPI) -> str:
    """The document as it is kept in docs/openapi.json."""
    return json.dumps(app.openapi(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    from hub.console.app import routes

    sys.stdout.write(text(routes()))
