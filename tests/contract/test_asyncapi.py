"""docs/asyncapi.yaml is what the code says, and an AsyncAPI 3 document that hangs together."""

from collections.abc import Iterator
from pathlib import Path

import jsonschema
import msgspec
import pytest
import yaml

from devices import codec, topics
from devices.asyncapi import as_yaml
from devices.commands import CommandType
from devices.messages import (
    Ack,
    AckState,
    Location,
    Press,
    PressKind,
    Receipt,
    ReceiptState,
    Reply,
    ReplyState,
    Status,
    Telemetry,
    TimeRequest,
)
from devices.topics import DELIVERY, DeviceKind, Direction, Leaf
from devices.vectors import MESSAGE_LEAVES, message_cases

FILE = Path(__file__).parents[2] / "docs" / "asyncapi.yaml"
Json = dict[str, object]


def test_the_kept_document_is_the_generated_one() -> None:
    assert FILE.read_text() == as_yaml(), "run: python -m devices.asyncapi > docs/asyncapi.yaml"


@pytest.fixture(scope="module")
def document() -> Json:
    loaded = yaml.safe_load(FILE.read_text())
    assert isinstance(loaded, dict)
    return loaded


def at(document: object, pointer: str) -> object:
    for step in pointer.removeprefix("#/").split("/"):
        assert isinstance(document, dict), pointer
        document = document[step]
    return document


def section(document: Json, pointer: str) -> dict[str, Json]:
    found = at(document, pointer)
    assert isinstance(found, dict)
    return found


def references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        target = node.get("$ref")
        if isinstance(target, str):
            yield target
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_every_reference_leads_somewhere(document: Json) -> None:
    found = set(references(document))
    assert len(found) > 30
    for reference in found:
        assert at(document, reference) is not None


def test_the_document_has_what_asyncapi_3_requires(document: Json) -> None:
    assert document["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= section(document, "info").keys()
    for name, channel in section(document, "channels").items():
        address = str(channel["address"])
        slots = {level[1:-1] for level in address.split("/") if level.startswith("{")}
        assert section(document, f"channels/{name}/parameters").keys() == slots


def test_every_operation_uses_a_message_of_its_own_channel(document: Json) -> None:
    for name, operation in section(document, "operations").items():
        assert operation["action"] in {"send", "receive"}
        channel = at(operation, "channel/$ref")
        messages = operation["messages"]
        assert isinstance(messages, list)
        assert messages, name
        for message in messages:
            assert str(message["$ref"]).startswith(f"{channel}/messages/")


def test_what_a_loudspeaker_may_do_is_what_the_document_lets_it_do(document: Json) -> None:
    rights = set()
    for operation in section(document, "operations").values():
        channel = str(at(operation, "channel/$ref"))
        way = Direction.UP if operation["action"] == "send" else Direction.DOWN
        rights.add((way, str(at(document, f"{channel}/address")).replace("{zone}", "+")))
    assert rights == {tuple(right) for right in topics.rights(DeviceKind.LOUDSPEAKER)}


def test_quality_of_service_and_retention_are_the_tables(document: Json) -> None:
    for leaf in Leaf:
        action = "send" if leaf in topics.UP_LEAVES else "receive"
        binding = section(document, f"operations/{action}{leaf.capitalize()}/bindings")["mqtt"]
        assert (binding["qos"], binding["retain"]) == DELIVERY[leaf]


def test_every_type_of_command_is_described(document: Json) -> None:
    claims = section(document, "components/messages/command")["x-claims"]
    kinds = [at(document, f"{reference}/properties/type/enum") for reference in references(claims)]
    assert kinds == [[kind.value] for kind in CommandType]


def validator(document: Json, leaf: str) -> jsonschema.Draft202012Validator:
    payload = section(document, f"components/messages/{leaf}")["payload"]
    schema = {**payload, "components": document["components"]}
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


MILLIS = 1_790_000_000_000
WHOLE_MESSAGES = {
    Leaf.CALL: codec.encode_press(
        Press(id="a", kind=PressKind.FALL, at=MILLIS, battery=9, loc=Location(lat=1, lon=2))
    ),
    Leaf.STATUS: codec.encode(Status(online=True, session="s", boot="power", every_s=60)),
    Leaf.TELEMETRY: codec.encode(Telemetry(at=MILLIS, metrics={"battery": 87})),
    Leaf.RECEIPT: codec.encode(Receipt(run="r", state=ReceiptState.PLAYED, at=MILLIS, played_ms=1)),
    Leaf.ACK: codec.encode(Ack(id="c", state=AckState.DONE)),
    Leaf.TIME: codec.encode(TimeRequest(nonce="n", t1=0)),
    Leaf.REPLY: codec.encode(
        Reply(
            press="a",
            call=None,
            rev=0,
            state=ReplyState.RECEIVED,
            by="",
            say="收到",
            at=MILLIS,
            drill=False,
            ask=None,
        )
    ),
}


@pytest.mark.parametrize("leaf", WHOLE_MESSAGES)
def test_what_the_code_writes_fits_the_schema(document: Json, leaf: Leaf) -> None:
    validator(document, leaf).validate(msgspec.json.decode(WHOLE_MESSAGES[leaf]))


# A schema here knows no "one of the two", and Python's `$` lets a trailing newline through.
BEYOND_A_SCHEMA = {
    "neither id nor digest",
    "session with a newline at its end",
    "digest with a newline at its end",
}


@pytest.mark.parametrize("leaf", [leaf for leaf in MESSAGE_LEAVES if leaf not in {"call", "telemetry"}])
def test_what_the_code_reads_is_what_the_schema_allows(document: Json, leaf: str) -> None:
    """Each golden vector that is JSON at all, judged by both. (Presses and metrics are read more mildly.)"""
    judge, judged = validator(document, leaf), 0
    for case in message_cases(leaf):
        try:
            value = msgspec.json.decode(case.payload)
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
        if len(case.payload) > codec.MAX_UP_BYTES or case.name in BEYOND_A_SCHEMA:
            continue
        assert judge.is_valid(value) == (case.refused is None), case.name
        judged += 1
    assert judged > 4
