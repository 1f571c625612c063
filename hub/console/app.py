"""The console as one ASGI application: pages for people, /api/v1 for programs and devices."""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from hub.console import api, problems
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
    app.include_router(api.router, prefix="/api/v1")
    _add_pages(app)
    # the last added stands outermost
    app.add_middleware(BodyLimit)
    app.add_middleware(KnownHosts, public_url=context.public_url)
    app.add_middleware(SecurityHeaders, secure=context.secure)
    return app


def _add_pages(app: FastAPI) -> None:
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    if find_spec("hub.console.pages.router") is None:
        return
    from hub.console.pages.router import router

    app.include_router(router, include_in_schema=False)
