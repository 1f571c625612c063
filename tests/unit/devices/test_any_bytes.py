"""Any bytes on any topic give a message or a typed error, never anything else."""

import json
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from devices import codec
from devices.errors import DecodeError, EncodeError
from devices.ids import check_press_id
from devices.messages import Message, Press, PressKind, Receipt, ReceiptState, Telemetry
from devices.vectors import MESSAGE_LEAVES, message_cases

DECODERS: dict[str, Callable[[bytes], Message]] = {
    "call": codec.decode_press_strict,
    "status": codec.decode_status,
    "telemetry": codec.decode_telemetry,
    "receipt": codec.decode_receipt,
    "ack": codec.decode_ack,
    "time": codec.decode_time_request,
    "reply": codec.decode_reply,
}
GOLDEN = [case.payload for leaf in MESSAGE_LEAVES for case in message_cases(leaf)]
FIELDS = [
    *(
        "id",
        "kind",
        "at",
        "age_ms",
        "battery",
        "signal",
        "loc",
        "online",
        "session",
        "boot",
        "every_s",
        "clock",
    ),
    *(
        "run",
        "state",
        "played_ms",
        "heard_db",
        "digest",
        "nonce",
        "t1",
        "press",
        "call",
        "rev",
        "audio",
        "ask",
    ),
]
ODD = st.sampled_from(
    [
        "sos",
        "cancel",
        "test",
        "done",
        "played",
        "received",
        "ok",
        "a",
        "\x00",
        "\ud800",
        "1e999",
        2**53,
        2**64,
        -1,
    ]
)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | ODD,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=8), JSON_VALUES, max_size=12)
TEXTS = OBJECTS.map(lambda value: json.dumps(value).encode())


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A golden payload with a stretch cut out and another put in."""
    payload = draw(st.sampled_from(GOLDEN))
    start = draw(st.integers(0, len(payload)))
    end = draw(st.integers(start, len(payload)))
    return payload[:start] + draw(st.binary(max_size=8)) + payload[end:]


ANY_BYTES = st.binary(max_size=1100) | TEXTS | damaged()


@pytest.mark.parametrize("leaf", DECODERS)
@given(payload=ANY_BYTES)
@example(payload=b"[" * 1024)
@example(payload=b'{"a":' * 200)
@example(payload=b'{"id":"\\ud800","at":1}')
@example(payload=b'{"id":"a","kind":"sos","at":null}')
def test_bytes_are_a_message_or_a_decode_error(leaf: str, payload: bytes) -> None:
    try:
        message = DECODERS[leaf](payload)
    except DecodeError:
        return
    again = DECODERS[leaf](codec.encode(message))
    assert kept(again) == kept(message)


def kept(message: Message) -> Message:
    """What survives a second time on the wire: the count of what was left out does not."""
    return msgspec.structs.replace(message, rejected=0) if isinstance(message, Telemetry) else message


@given(payload=ANY_BYTES)
@example(payload=b"[" * 1024)
def test_whatever_is_published_on_call_is_a_press(payload: bytes) -> None:
    press = codec.read_press(payload)
    assert check_press_id(press.id) == press.id
    if not press.decoded:
        assert press.kind is PressKind.SOS
        assert press.id == codec.strange_press_id(payload)


@given(payload=ANY_BYTES, kind=st.sampled_from(["sos", "fall"]))
def test_an_emergency_is_never_read_as_anything_quiet(payload: bytes, kind: str) -> None:
    press = codec.read_press(payload)
    names_it = f'"kind": "{kind}"'.encode() in payload or f'"kind":"{kind}"'.encode() in payload
    if names_it and press.kind not in codec.RINGING:
        # The word stood deeper inside: the outermost object says one quiet kind, once.
        assert json.loads(payload)["kind"] == press.kind


@given(payload=ANY_BYTES)
def test_a_press_read_strictly_is_read_no_differently(payload: bytes) -> None:
    try:
        strict = codec.decode_press_strict(payload)
    except DecodeError:
        return
    mild = codec.read_press(payload)
    assert mild == strict or not mild.decoded


@given(payload=ANY_BYTES)
def test_equal_bytes_are_the_same_press(payload: bytes) -> None:
    assert codec.read_press(payload) == codec.read_press(bytes(payload))


@pytest.mark.parametrize(
    "metrics",
    [{"a": float("nan")}, {"a": float("inf")}, {"a b": 1.0}, {f"m{i}": 1.0 for i in range(65)}],
    ids=["NaN", "infinity", "a name that is none", "65 metrics"],
)
def test_telemetry_that_a_hub_would_cut_is_not_written(metrics: dict[str, float]) -> None:
    with pytest.raises(EncodeError):
        codec.encode(Telemetry(at=1, metrics=metrics))


def test_what_breaks_its_own_rules_is_not_written() -> None:
    with pytest.raises(EncodeError, match="played_ms"):
        codec.encode(Receipt(run="r-1", state=ReceiptState.PLAYED, played_ms=-1))
    with pytest.raises(EncodeError):
        codec.encode(Receipt(run="r-1", state=ReceiptState.FAILED, detail="\ud800"))


def test_what_is_too_long_for_the_wire_is_not_written() -> None:
    metrics = {f"metric_with_a_long_name_{i}": 0.123456789 for i in range(60)}
    with pytest.raises(EncodeError, match="1024"):
        codec.encode(Telemetry(at=1, metrics=metrics))


def test_a_message_may_fill_its_limit_to_the_last_byte() -> None:
    metrics = {f"metric_of_some_length_{i:02}": 1.5 for i in range(31)}
    room = 1024 - len(codec.encode(Telemetry(at=1, metrics=metrics)))
    filled = metrics | {"m" * (room - len(',"":1.5')): 1.5}
    assert len(codec.encode(Telemetry(at=1, metrics=filled))) == 1024
    with pytest.raises(EncodeError, match="1025"):
        codec.encode(Telemetry(at=10, metrics=filled))


def test_a_press_is_written_without_the_hubs_own_remark() -> None:
    written = codec.encode_press(Press(id="a", kind=PressKind.SOS, at=None, decoded=False))
    assert written == b'{"id":"a","kind":"sos","at":null}'
