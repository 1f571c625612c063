"""Bytes to messages and back, and the reading of strange presses.

`read_press` never raises: whatever an authenticated device publishes on `call` rings. Every other decoder
raises DecodeError and nothing else, whatever the bytes.
"""

import hashlib
from typing import Final, TypeVar

import msgspec

from devices.errors import DecodeError, EncodeError
from devices.ids import PRESS_ID_RE
from devices.loose_json import loose_object, repeats_key
from devices.messages import (
    Ack,
    Message,
    Press,
    PressKind,
    PressOnWire,
    Receipt,
    Reply,
    Status,
    Telemetry,
    TimeRequest,
)
from devices.telemetry import telemetry_of

MAX_UP_BYTES: Final = 1024
MAX_DOWN_BYTES: Final = 4096

M = TypeVar("M")

KINDS = frozenset(PressKind)
RINGING = frozenset({PressKind.SOS, PressKind.FALL})
_BROKEN = (msgspec.MsgspecError, UnicodeError, RecursionError)


def strange_press_id(payload: bytes) -> str:
    """Name a press that named itself not: `x-` and the first 128 bits of its bytes' SHA-256."""
    return "x-" + hashlib.sha256(payload).hexdigest()[:32]


def read_press(payload: bytes) -> Press:
    """Read whatever a device published on `call`; never raises.

    The id and the kind decide; another field that makes no sense is left out. Without both it is an `sos`
    with `decoded` False, named by the hash of its bytes (the hub joins equal ones for 60 s).
    """
    try:
        press = decode_press_strict(payload)
    except DecodeError:
        press = _salvage(payload)
    # A quiet press is believed only when it says one thing: {"kind":"sos","kind":"cancel"} rings.
    if press.kind not in RINGING and repeats_key(payload, "kind"):
        return _strange(payload)
    return press


def _strange(payload: bytes) -> Press:
    return Press(id=strange_press_id(payload), kind=PressKind.SOS, at=None, decoded=False)


def _salvage(payload: bytes) -> Press:
    fields = loose_object(payload) if len(payload) <= MAX_UP_BYTES else None
    if fields is None:
        return _strange(payload)
    press, kind = fields.get("id"), fields.get("kind")
    named = isinstance(press, str) and PRESS_ID_RE.fullmatch(press) is not None
    if not named or not isinstance(kind, str) or kind not in KINDS:
        return _strange(payload)
    kept: dict[str, object] = {"id": press, "kind": kind, "at": None}
    for name in ("at", "age_ms", "battery", "signal", "loc"):
        trial = kept | {name: fields.get(name)}
        try:
            msgspec.convert(trial, PressOnWire)
        except _BROKEN:
            continue
        kept = trial
    return _as_press(msgspec.convert(kept, PressOnWire))


def _as_press(wire: PressOnWire) -> Press:
    return Press(
        id=wire.id,
        kind=wire.kind,
        at=wire.at,
        age_ms=wire.age_ms,
        battery=wire.battery,
        signal=wire.signal,
        loc=wire.loc,
    )


def decode_press_strict(payload: bytes) -> Press:
    """Read a press that keeps the contract to the letter; DecodeError for any other."""
    return _as_press(_decode(payload, _PRESS, MAX_UP_BYTES, "press"))


def encode_press(press: PressOnWire) -> bytes:
    """Write a press as a device does; equal presses give equal bytes."""
    return encode(press)


def decode_status(payload: bytes) -> Status:
    """Read a sign of life or a last will."""
    return _decode(payload, _STATUS, MAX_UP_BYTES, "status")


def decode_telemetry(payload: bytes) -> Telemetry:
    """Read measured values: at most 64 finite numbers; all else in the object is counted in `rejected`."""
    _check_size(payload, MAX_UP_BYTES, "telemetry")
    fields = loose_object(payload)
    if fields is None:
        raise DecodeError("telemetry: not a JSON object")
    return telemetry_of(fields)


def decode_receipt(payload: bytes) -> Receipt:
    """Read a loudspeaker's receipt."""
    return _decode(payload, _RECEIPT, MAX_UP_BYTES, "receipt")


def decode_ack(payload: bytes) -> Ack:
    """Read the answer to a command."""
    ack = _decode(payload, _ACK, MAX_UP_BYTES, "ack")
    if ack.id is None and ack.digest is None:
        raise DecodeError("ack: neither id nor digest says what it answers")
    return ack


def decode_time_request(payload: bytes) -> TimeRequest:
    """Read a question for signed time."""
    return _decode(payload, _TIME_REQUEST, MAX_UP_BYTES, "time request")


def decode_reply(payload: bytes) -> Reply:
    """Read, on the device's side, how its call stands."""
    return _decode(payload, _REPLY, MAX_DOWN_BYTES, "reply")


def encode(message: Message) -> bytes:
    """Write a message as it goes on the wire; EncodeError when it breaks its own rules or is too long."""
    if isinstance(message, Press):
        message = _as_written(message)
    what = type(message).__name__
    try:
        if isinstance(message, Telemetry):
            payload = _encode_telemetry(message)
        else:
            payload = msgspec.json.encode(message)
            msgspec.json.decode(payload, type=type(message))
    except _BROKEN as error:
        raise EncodeError(f"{what}: {error}") from error
    limit = MAX_DOWN_BYTES if isinstance(message, Reply) else MAX_UP_BYTES
    if len(payload) > limit:
        raise EncodeError(f"{what}: {len(payload)} bytes, at most {limit} fit")
    return payload


def _as_written(press: Press) -> PressOnWire:
    """A press without the hub's own remark on it."""
    return PressOnWire(
        id=press.id,
        kind=press.kind,
        at=press.at,
        age_ms=press.age_ms,
        battery=press.battery,
        signal=press.signal,
        loc=press.loc,
    )


def _encode_telemetry(message: Telemetry) -> bytes:
    fields: dict[str, object] = {"at": message.at, **message.metrics}
    if telemetry_of(fields) != Telemetry(at=message.at, metrics=message.metrics):
        raise EncodeError("Telemetry: at most 64 finite numbers with proper names, `at` in ms or None")
    return msgspec.json.encode(fields)


def _check_size(payload: bytes, limit: int, what: str) -> None:
    if len(payload) > limit:
        raise DecodeError(f"{what}: {len(payload)} bytes, at most {limit} are allowed")


def _decode(payload: bytes, decoder: msgspec.json.Decoder[M], limit: int, what: str) -> M:
    _check_size(payload, limit, what)
    try:
        return decoder.decode(payload)
    except _BROKEN as error:
        raise DecodeError(f"{what}: {error}") from error


_PRESS = msgspec.json.Decoder(PressOnWire)
_STATUS = msgspec.json.Decoder(Status)
_RECEIPT = msgspec.json.Decoder(Receipt)
_ACK = msgspec.json.Decoder(Ack)
_TIME_REQUEST = msgspec.json.Decoder(TimeRequest)
_REPLY = msgspec.json.Decoder(Reply)
