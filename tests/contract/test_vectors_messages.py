"""The golden messages, read by the code that the hub and the simulated devices share."""

from collections.abc import Callable

import msgspec
import pytest
from msgspec import structs

from devices import codec, topics
from devices.errors import DeviceContractError
from devices.messages import Message
from devices.vectors import MESSAGE_LEAVES, MessageCase, TopicCase, message_cases, topic_cases

READERS: dict[str, Callable[[bytes], Message]] = {
    "call": codec.read_press,
    "status": codec.decode_status,
    "telemetry": codec.decode_telemetry,
    "receipt": codec.decode_receipt,
    "ack": codec.decode_ack,
    "time": codec.decode_time_request,
    "reply": codec.decode_reply,
}
CASES = [
    pytest.param(leaf, case, id=f"{leaf}: {case.name}")
    for leaf in MESSAGE_LEAVES
    for case in message_cases(leaf)
]


def named_fields(fields: object) -> dict[str, object]:
    """Null and absent are the same here; the vectors name what a message holds."""
    assert isinstance(fields, dict)
    return {name: value for name, value in fields.items() if value is not None}


@pytest.mark.parametrize(("leaf", "case"), CASES)
def test_bytes_are_the_message_or_the_refusal_of_the_vector(leaf: str, case: MessageCase) -> None:
    if case.refused is not None:
        with pytest.raises(DeviceContractError) as refusal:
            READERS[leaf](case.payload)
        assert refusal.value.kind == case.refused
    else:
        message = msgspec.to_builtins(structs.asdict(READERS[leaf](case.payload)))
        assert named_fields(message) == named_fields(msgspec.json.decode(case.message))


@pytest.mark.parametrize("case", topic_cases(), ids=lambda case: repr(case.topic))
def test_a_topic_says_what_the_vector_says(case: TopicCase) -> None:
    if case.refused is not None:
        with pytest.raises(DeviceContractError) as refusal:
            topics.parse(case.topic)
        assert refusal.value.kind == case.refused
    else:
        parsed = topics.parse(case.topic)
        assert (parsed.leaf, parsed.device, parsed.zone) == (case.leaf, case.device, case.zone)
