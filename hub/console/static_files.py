"""Scripts, styles and sounds: kept by browsers, and asked after each time, so that no desk runs an old script."""

from pathlib import Path
from typing import Final

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER: Final = Path(__file__).parent / "static"


class FreshFiles(StaticFiles):
    """Files with an ETag and `no-cache`: nothing is sent twice, nothing is used unasked (RFC 9111, 5.2.2.4)."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or 304 when the browser has it."""
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "no-cache"
        return response
