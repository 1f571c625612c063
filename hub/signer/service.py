"""The signer at its socket: whoever asks while another's commit runs shares the next one."""

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from hub import local_socket
from hub.signer.wire import QUESTION, SOCKET, Answer, Question, Refusal

BATCH = 200
log = logging.getLogger(__name__)
_encoder = msgspec.json.Encoder()


class Desk(Protocol):
    """`hub.signer.desk.SigningDesk`."""

    def answer_all(self, questions: Sequence[Question]) -> list[Answer]: ...


class SignerService:
    """Serves `desk`, which blocks: nothing else lives in this process."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waiting: asyncio.Queue[tuple[Question, asyncio.Future[Answer]]] = asyncio.Queue()

    async def run(self, folder: Path) -> None:
        """Answer at the socket in `folder` until cancelled. OSError: it cannot be made."""
        server = await local_socket.serve(folder / SOCKET, self._asked)
        async with server:
            while True:
                batch = [await self._waiting.get()]
                while not self._waiting.empty() and len(batch) < BATCH:
                    batch.append(self._waiting.get_nowait())
                self._answer(batch)

    def _answer(self, batch: list[tuple[Question, "asyncio.Future[Answer]"]]) -> None:
        answers = self._desk.answer_all([question for question, _ in batch])
        for (_, future), answer in zip(batch, answers, strict=True):
            if not future.done():
                future.set_result(answer)

    async def _asked(self, message: bytes) -> bytes:
        try:
            question = QUESTION.decode(message)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            return _encoder.encode(Refusal("denied", "signer-order-wrong", {"reason": str(error)}))
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.put_nowait((question, future))
        return _encoder.encode(await future)
