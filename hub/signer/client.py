"""The other roles' way to the signer."""

from pathlib import Path

import msgspec

from hub import local_socket
from hub.domain.errors import Conflict, Denied, HubError, Invalid, Kind, NotFound, Unavailable
from hub.domain.orders import Order
from hub.signer.wire import (
    ANSWER,
    SOCKET,
    KeysAsked,
    Question,
    Refusal,
    RevokeAsked,
    RotateAsked,
    SignAsked,
    Signed,
    SignerState,
    StateAsked,
    TimeAsked,
)

PATIENCE_S = 5.0
_ERRORS: dict[Kind, type[HubError]] = {
    "invalid": Invalid,
    "not_found": NotFound,
    "conflict": Conflict,
    "denied": Denied,
    "unavailable": Unavailable,
}
_encoder = msgspec.json.Encoder()


class SignerClient:
    """Asks the signer whose socket lies in `folder`. Each method raises Denied when the signer refuses for
    good, Unavailable when it is away (signer-away) or refuses for now."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / SOCKET

    async def sign(self, order: Order) -> bytes:
        """The signed command, ready for its topic. The same order gives the same bytes for a day."""
        return await self._token(SignAsked(order))

    async def time(self, device: str, nonce: str, t1: int, t2: int) -> bytes:
        """Signed time for a device that asked with `nonce` at its `t1`; `t2` (Unix ms) when we heard it."""
        return await self._token(TimeAsked(device, nonce, t1, t2))

    async def keys(self, device: str) -> bytes:
        """The list of keys to trust, signed by the root, for one device."""
        return await self._token(KeysAsked(device))

    async def state(self) -> SignerState:
        """How the signer is."""
        return await self._state(StateAsked())

    async def rotate(self) -> SignerState:
        """New keys for every use."""
        return await self._state(RotateAsked())

    async def revoke(self, kid: str) -> SignerState:
        """End a key at once. NotFound: there is none of that name."""
        return await self._state(RevokeAsked(kid))

    async def _token(self, question: Question) -> bytes:
        answer = await self._ask(question)
        if not isinstance(answer, Signed):
            raise Unavailable("signer-away", reason="it answered another question")
        return answer.token.encode()

    async def _state(self, question: Question) -> SignerState:
        answer = await self._ask(question)
        if not isinstance(answer, SignerState):
            raise Unavailable("signer-away", reason="it answered another question")
        return answer

    async def _ask(self, question: Question) -> Signed | SignerState:
        try:
            raw = await local_socket.ask(self._socket, _encoder.encode(question), PATIENCE_S)
            answer = ANSWER.decode(raw)
        except OSError as error:
            raise Unavailable("signer-away", reason=error.strerror or type(error).__name__) from error
        except msgspec.MsgspecError as error:
            raise Unavailable("signer-away", reason=str(error)) from error
        if isinstance(answer, Refusal):
            raise _ERRORS[answer.kind](answer.code, **answer.params)
        return answer
