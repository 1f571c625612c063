"""What the console needs for broadcasts beside rows: the studio, silence, and where sound lies."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Protocol

from fastapi import Depends, Request

from broadcast.domain.people import Author
from hub.console.context import context_of
from hub.domain.errors import Unavailable
from hub.stops import Stopped
from hub.studio.wire import Made, Wanted


class Studio(Protocol):
    """`hub.studio.client.StudioClient`."""

    async def spoken(self, text: str) -> str:
        """How a text will be read aloud."""
        ...

    async def prepare(self, wanted: Wanted) -> Made:
        """Finished audio, in the store; BroadcastError when there is none to be had."""
        ...

    async def check(self, sha256: str) -> int:
        """The length in ms of a recording in the data folder; BroadcastError when it is none."""
        ...


class Stops(Protocol):
    """`hub.stops.Stops`."""

    async def stop_broadcast(self, broadcast_id: str, by: Author, *, rehearsal: str | None = None) -> Stopped:
        """Silence one broadcast, or one rehearsal of it."""
        ...

    async def stop_areas(self, areas: Sequence[str], by: Author) -> Stopped:
        """Silence all that sounds there."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcasting:
    """`audio` gives the file of a hash (BroadcastError: there is none); `recordings` is a folder of our own."""

    studio: Studio
    stops: Stops
    audio: Callable[[str], Path]
    recordings: Path


async def _broadcasting(request: Request) -> Broadcasting:
    parts = context_of(request).broadcasting
    if parts is None:
        raise Unavailable("studio-away")
    return parts


Parts = Annotated[Broadcasting, Depends(_broadcasting)]
