"""Recordings: uploaded, looked at by the studio, kept for a broadcast."""

import asyncio
import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from broadcast.errors import BroadcastError, Problem, RecordingError
from broadcast.rows import Recording
from hub.console.api.answers import answers
from hub.console.api.doing import Does
from hub.console.auth import BroadcastUser
from hub.console.broadcasting import Parts
from hub.domain.broadcast_rights import author_of
from hub.ports import Transaction

router = APIRouter(prefix="/broadcasts/recordings", tags=["broadcasts"])
KEPT_FREE: Final = 1 << 30
"""Uploads leave so much of the disk to everything else, or a tenth of a small one: presses are stored there too."""
BODY: Final = {
    "requestBody": {
        "description": "The file itself, at most 20 MB: MP3, WAV, M4A, AMR, OGG, FLAC. Whatever it claims to be.",
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class Uploaded(msgspec.Struct, frozen=True, kw_only=True):
    """A recording that can be used: its `id` is what a broadcast names; `ms` is its length."""

    id: str
    ms: int
    bytes: int


@router.post(
    "",
    responses=answers(Uploaded, "A recording that can be used", 201),
    response_class=Response,
    openapi_extra=BODY,
)
async def upload_recording(request: Request, user: BroadcastUser, parts: Parts, doing: Does) -> Response:
    """Upload a recording. 422 with a sentence when it is none, too short, too long, or silent."""
    author, data = author_of(user), await request.body()
    if not data:
        raise RecordingError(Problem.RECORDING_EMPTY)
    sha256 = hashlib.sha256(data).hexdigest()
    is_new = await asyncio.to_thread(_keep, parts.recordings, sha256, data)
    try:
        ms = await parts.studio.check(sha256)
    except BroadcastError:
        if is_new:
            (parts.recordings / sha256).unlink(missing_ok=True)
        raise

    def work(tx: Transaction, now: int) -> Uploaded:
        recording = Recording(
            id=tx.new_id("rec", now),
            sha256=sha256,
            bytes=len(data),
            ms=ms,
            created_by=author.id,
            created_at=now,
        )
        tx.broadcasting.broadcasts.add_recording(recording)
        return Uploaded(id=recording.id, ms=ms, bytes=len(data))

    return await doing.do(work, 201)


def _keep(folder: Path, sha256: str, data: bytes) -> bool:
    """Write it whole or not at all; False when it is there already. BroadcastError: the disk is full."""
    if (folder / sha256).exists():
        return False
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        disk = shutil.disk_usage(folder)
        if disk.free - len(data) < min(KEPT_FREE, disk.total // 10):
            raise BroadcastError(Problem.STORE_FULL, detail=f"{disk.free} bytes are free")
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(folder / sha256)
    except OSError as error:
        raise BroadcastError(Problem.STORE_UNUSABLE, detail=str(error)) from error
    return True
