"""The studio at its socket: blocking work in a few threads, and every error an answer."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import msgspec

from broadcast.errors import BroadcastError, Problem
from hub import local_socket
from hub.studio.wire import QUESTION, SOCKET, Answer, Question, SpokenAsked, Trouble

log = logging.getLogger(__name__)
MAKERS = 2
_encoder = msgspec.json.Encoder()


class Desk(Protocol):
    """`hub.studio.desk.StudioDesk`."""

    def answer(self, question: Question) -> Answer: ...


class StudioService:
    """Serves `desk`. Texts are read by a thread of their own: a page waits for them, behind no long recording."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._makers = ThreadPoolExecutor(MAKERS, thread_name_prefix="studio")
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="studio-read")

    async def run(self, folder: Path) -> None:
        """Answer at the socket in `folder` until cancelled. OSError: it cannot be made."""
        server = await local_socket.serve(folder / SOCKET, self._asked)
        async with server:
            await server.serve_forever()

    def end(self) -> None:
        """Take no more work; what is being made is left."""
        for pool in (self._makers, self._reader):
            pool.shutdown(wait=False, cancel_futures=True)

    async def _asked(self, message: bytes) -> bytes:
        try:
            question = QUESTION.decode(message)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            return _encoder.encode(Trouble(Problem.TEXT_BROKEN.value, {"at": 1}, str(error)))
        pool = self._reader if isinstance(question, SpokenAsked) else self._makers
        return _encoder.encode(await asyncio.get_running_loop().run_in_executor(pool, self._answer, question))

    def _answer(self, question: Question) -> Answer:
        try:
            return self._desk.answer(question)
        except BroadcastError as error:
            log.info("%s: %s", type(question).__name__, error)
            return Trouble(error.problem.value, dict(error.values), error.detail)
        except Exception as error:
            log.exception("%s could not be answered", type(question).__name__)
            return Trouble(Problem.MASTERING_FAILED.value, {}, str(error))
