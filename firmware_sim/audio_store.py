"""The devices' audio: fetched by each device for itself, kept by hash, shared on this machine's disk by links."""

import hashlib
import logging
import os
from pathlib import Path

import httpx

from devices.errors import RefusalReason
from firmware_sim.effects import Fetch, Fetched

log = logging.getLogger(__name__)

ROOM = 64  # files per device


class AudioStore:
    """Files named by their SHA-256: `folder/<device>/<sha256>`."""

    def __init__(self, folder: Path, client: httpx.AsyncClient) -> None:
        self._folder = folder
        self._client = client

    def path(self, device: str, sha256: str) -> Path:
        """Where a device keeps a piece of audio."""
        return self._folder / device / sha256

    async def fetch(self, device: str, what: Fetch) -> Fetched:
        """Bring a piece onto a device; whatever happens there is exactly one result."""
        try:
            if self._has(device, what.sha256):
                return Fetched(what.sha256)
            reason = await self._download(device, what)
        except OSError as error:
            log.warning("%s: cannot keep audio: %s", device, error)
            reason = RefusalReason.FETCH_FAILED
        return Fetched(what.sha256, reason)

    def prune(self, device: str, needed: frozenset[str]) -> None:
        """Keep what is needed and the newest of the rest."""
        files = sorted((self._folder / device).iterdir(), key=lambda file: file.stat().st_mtime_ns)
        spare = [file for file in files if file.name not in needed]
        for file in spare[: max(0, len(files) - ROOM)]:
            file.unlink()

    def _has(self, device: str, sha256: str) -> bool:
        """Whether it lies there whole: flash may have been cut short, so the hash is taken again."""
        try:
            data = self.path(device, sha256).read_bytes()
        except FileNotFoundError:
            return False
        return hashlib.sha256(data).hexdigest() == sha256

    async def _download(self, device: str, what: Fetch) -> RefusalReason | None:
        reason = RefusalReason.FETCH_FAILED
        for url in what.urls:
            try:
                data = await self._read(url, what.bytes)
            except httpx.HTTPError as error:
                log.debug("%s: %s: %r", device, url, error)
                continue
            if data is None:
                continue
            if hashlib.sha256(data).hexdigest() == what.sha256:
                self._keep(device, what.sha256, data)
                return None
            reason = RefusalReason.HASH_MISMATCH
        return reason

    async def _read(self, url: str, limit: int) -> bytes | None:
        """Read up to one byte more than was signed, which is enough to be another file."""
        async with self._client.stream("GET", url) as response:
            if response.status_code != 200:
                return None
            data = bytearray()
            async for part in response.aiter_bytes():
                data += part
                if len(data) > limit:
                    break
        return bytes(data)

    def _keep(self, device: str, sha256: str, data: bytes) -> None:
        shared, own = self._folder / "shared" / sha256, self.path(device, sha256)
        for path in (shared, own):
            path.parent.mkdir(parents=True, exist_ok=True)
        if not shared.exists():
            fresh = shared.with_name(f"{sha256}.new")
            fresh.write_bytes(data)
            fresh.replace(shared)
        own.unlink(missing_ok=True)
        os.link(shared, own)
