"""Finished audio: to loudspeakers by its hash, to people as a preview of their broadcast."""

import asyncio
import os
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, Response

from hub.console.broadcasting import Parts

router = APIRouter(include_in_schema=False)
MEDIA_TYPE: Final = "audio/mpeg"
FOR_EVER: Final = "public, max-age=31536000, immutable"
PRIVATE: Final = "private, max-age=3600"


@router.api_route("/a/{sha256}", methods=["GET", "HEAD"])
async def audio(sha256: str, request: Request, parts: Parts) -> Response:
    """The file of this hash, whole or a range of it (RFC 9110, 14). Its name is its content: it never changes."""
    return await audio_response(request, parts.audio(sha256), sha256, FOR_EVER)


async def audio_response(request: Request, path: Path, sha256: str, caching: str) -> Response:
    """An MP3 with its hash as ETag; 304 when the asker has it."""
    headers = {"etag": f'"{sha256}"', "cache-control": caching}
    if _has(request.headers.get("if-none-match", ""), sha256):
        return Response(status_code=304, headers=headers)
    status = await asyncio.to_thread(os.stat, path)
    return FileResponse(path, headers=headers, media_type=MEDIA_TYPE, stat_result=status)


def _has(if_none_match: str, sha256: str) -> bool:
    known = {tag.strip().removeprefix("W/").strip('"') for tag in if_none_match.split(",")}
    return bool(known & {"*", sha256})
