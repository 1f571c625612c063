"""The console as one ASGI application: pages for people, /api/v1 for programs and devices."""

from typing import Final

from fastapi import FastAPI

from hub.console import api, audio, openapi, problems, root
from hub.console.context import ConsoleContext
from hub.console.middleware import BodyLimit, KnownHosts, SecurityHeaders
from hub.console.pages.route import error_page
from hub.console.pages.router import router as pages_router
from hub.console.static_files import FOLDER, FreshFiles

API_VERSION: Final = "1.0.0"


def create_app(context: ConsoleContext) -> FastAPI:
    """Build the application around `context`."""
    app = routes()
    app.state.context = context
    app.mount("/static", FreshFiles(directory=FOLDER), name="static")
    # the last added stands outermost
    app.add_middleware(BodyLimit)
    app.add_middleware(KnownHosts, public_url=context.public_url)
    app.add_middleware(SecurityHeaders, secure=context.secure)
    return app


def routes() -> FastAPI:
    """Every route and how errors are answered, without the world behind them."""
    app = FastAPI(
        title="Xiangyin 乡音",
        version=API_VERSION,
        openapi_url="/api/openapi.json",
        docs_url=None,  # their pages load scripts from a CDN, and the hub may stand on a closed network
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
    )
    problems.install(app, error_page)
    app.include_router(root.router)
    app.include_router(audio.router)
    app.include_router(api.router, prefix="/api/v1")
    app.include_router(pages_router, include_in_schema=False)
    openapi.describe(app)
    return app
