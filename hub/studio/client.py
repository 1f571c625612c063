"""The calls role's way to the studio."""

from pathlib import Path
from typing import TypeVar

import msgspec

from broadcast.errors import BroadcastError, Problem
from hub import local_socket
from hub.domain.errors import Unavailable
from hub.studio.wire import (
    ANSWER,
    SOCKET,
    Checked,
    Made,
    Question,
    RecordingAsked,
    Spoken,
    SpokenAsked,
    Trouble,
    Wanted,
)

A = TypeVar("A", Made, Spoken, Checked)
PREPARING_S = 300.0  # nine minutes of speech from a slow voice far away
LOOKING_S = 20.0
_encoder = msgspec.json.Encoder()


class StudioClient:
    """Asks the studio whose socket lies in `folder`. Each method raises BroadcastError when it cannot be done
    as asked, Unavailable (studio-away) when nobody answers: ask again."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / SOCKET

    async def prepare(self, wanted: Wanted) -> Made:
        """Finished audio, in the store; the same once more comes from there."""
        return await self._ask(wanted, Made, PREPARING_S)

    async def spoken(self, text: str) -> str:
        """How a text will be read aloud."""
        return (await self._ask(SpokenAsked(text), Spoken, LOOKING_S)).text

    async def check(self, sha256: str) -> int:
        """The length in ms of a recording that lies in the data folder; BroadcastError: it is none."""
        return (await self._ask(RecordingAsked(sha256), Checked, PREPARING_S)).ms

    async def _ask(self, question: Question, wanted: type[A], patience_s: float) -> A:
        try:
            raw = await local_socket.ask(self._socket, _encoder.encode(question), patience_s)
            answer = ANSWER.decode(raw)
        except (OSError, msgspec.MsgspecError) as error:
            raise Unavailable("studio-away") from error
        if isinstance(answer, Trouble):
            raise BroadcastError(Problem(answer.problem), detail=answer.detail, **answer.values)
        if not isinstance(answer, wanted):
            raise Unavailable("studio-away")
        return answer
