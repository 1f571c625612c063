"""The console as one ASGI application: pages for people, /api/v1 for programs and devices."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from hub.console import api, problems, root
from hub.console.api.answers import components
from hub.console.context import ConsoleContext
from hub.console.middleware import BodyLimit, KnownHosts, SecurityHeaders

API_VERSION: Final = "1.0.0"
STATIC: Final = Path(__file__).parent / "static"


def create_app(context: ConsoleContext) -> FastAPI:
    """Build the application around `context`."""
    app = FastAPI(
        title="Xiangyin 乡音",
        version=API_VERSION,
        openapi_url="/api/openapi.json",
        docs_url=None,  # their pages load scripts from a CDN, and the hub may stand on a closed network
        redoc_url=None,
    )
    app.state.context = context
    problems.install(app)
    app.include_router(root.router)
    app.include_router(api.router, prefix="/api/v1")
    _describe_answers(app)
    _add_pages(app)
    # the last added stands outermost
    app.add_middleware(BodyLimit)
    app.add_middleware(KnownHosts, public_url=context.public_url)
    app.add_middleware(SecurityHeaders, secure=context.secure)
    return app


def _describe_answers(app: FastAPI) -> None:
    """The structs that answers are made of join the OpenAPI document."""
    build = app.openapi

    def described() -> dict[str, Any]:
        document = build()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas.update(components())
        document["components"]["schemas"] = dict(sorted(schemas.items()))
        return document

    app.openapi = described  # type: ignore[method-assign]  # FastAPI's own way to extend it


def _add_pages(app: FastAPI) -> None:
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    if find_spec("hub.console.pages.router") is None:
        return
    from hub.console.pages.router import router

    app.include_router(router, include_in_schema=False)
