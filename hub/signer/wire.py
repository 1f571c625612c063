"""What the hub's roles ask the signer, and what it answers: JSON over its socket (hub/local_socket.py)."""

import msgspec

from devices.keys import Jwk, KeySet
from hub.domain.errors import Kind
from hub.domain.orders import Order

SOCKET = "signer.sock"


class SignAsked(msgspec.Struct, frozen=True, tag="sign"):
    """Sign this order."""

    order: Order


class TimeAsked(msgspec.Struct, frozen=True, tag="time"):
    """Tell `device` the time: it asked with `nonce` at `t1` of its own clock, the hub heard it at `t2`."""

    device: str
    nonce: str
    t1: int
    t2: int


class KeysAsked(msgspec.Struct, frozen=True, tag="keys"):
    """Tell `device` which keys to trust."""

    device: str


class StateAsked(msgspec.Struct, frozen=True, tag="state"):
    """Say how you are."""


class RotateAsked(msgspec.Struct, frozen=True, tag="rotate"):
    """New keys for every use; the old ones end in some days."""


class RevokeAsked(msgspec.Struct, frozen=True, tag="revoke"):
    """This key ends at once."""

    kid: str


Question = SignAsked | TimeAsked | KeysAsked | StateAsked | RotateAsked | RevokeAsked


class Signed(msgspec.Struct, frozen=True, tag="signed"):
    """A compact JWS, ready to be published."""

    token: str


class Refusal(msgspec.Struct, frozen=True, tag="refused"):
    """Why not: a HubError, carried over."""

    kind: Kind
    code: str
    params: dict[str, str | int] = {}


class SignerState(msgspec.Struct, frozen=True, kw_only=True, tag="state"):
    """How the signer is. `behind_ms`: so far its clock stands behind what it signed last; 0 when it is ahead."""

    root_keys: tuple[Jwk, ...]
    keys: KeySet
    behind_ms: int
    clock_plausible: bool


Answer = Signed | Refusal | SignerState

QUESTION: msgspec.json.Decoder[Question] = msgspec.json.Decoder(Question)
ANSWER: msgspec.json.Decoder[Answer] = msgspec.json.Decoder(Answer)
