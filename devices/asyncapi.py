"""The contract as an AsyncAPI 3 document, seen from a device: `python -m devices.asyncapi > docs/asyncapi.yaml`.

Written from the very structs and tables that the code runs on, so that it cannot say anything else.
"""

from __future__ import annotations

import sys
from typing import Final

import msgspec

from devices import jws
from devices.codec import MAX_DOWN_BYTES, MAX_UP_BYTES
from devices.commands import Command
from devices.ids import AREA_CODE_RE, DEVICE_ID_RE, GROUP_ID_RE
from devices.messages import END, Ack, PressOnWire, Receipt, Reply, Status, TimeRequest
from devices.telemetry import MAX_METRICS, METRIC_NAME_RE
from devices.topics import DELIVERY, UP_LEAVES, VERSION, Leaf
from devices.vectors import message_cases

Json = dict[str, object]

_STRUCTS: Final = {
    Leaf.CALL: PressOnWire,
    Leaf.STATUS: Status,
    Leaf.RECEIPT: Receipt,
    Leaf.ACK: Ack,
    Leaf.TIME: TimeRequest,
    Leaf.REPLY: Reply,
}
_SUMMARIES: Final = {
    Leaf.CALL: "A press. Whatever is published here rings, unless it reads as cancel, test, ok or callback.",
    Leaf.STATUS: "A sign of life, at least every `every_s`; with `online` false also the last will.",
    Leaf.TELEMETRY: "Measured values by name. What is no finite number is left out and counted.",
    Leaf.RECEIPT: "What this loudspeaker did with a run.",
    Leaf.ACK: "The answer to a command. What cannot be trusted is answered by its digest, once in 10 s.",
    Leaf.TIME: "Asks for signed time; a command of type `time` answers.",
    Leaf.REPLY: "Progress of this device's call; the highest `rev` of a call wins.",
    Leaf.COMMAND: "A signed command for this device.",
}
_ZONE_COMMAND: Final = "zoneCommand"


def document() -> Json:
    """Return the whole document as plain JSON values."""
    schemas, claims = _schemas()
    return {
        "asyncapi": "3.0.0",
        "info": _info(),
        "defaultContentType": "application/json",
        "channels": _channels(),
        "operations": _operations(),
        "components": {"messages": _messages(claims), "schemas": schemas},
    }


def as_yaml() -> str:
    """Return the document as it stands in docs/asyncapi.yaml."""
    import yaml

    text: str = yaml.safe_dump(document(), sort_keys=False, allow_unicode=True, width=110)
    return "# Generated: python -m devices.asyncapi > docs/asyncapi.yaml\n" + text


def _info() -> Json:
    return {
        "title": "Xiangyin device contract",
        "version": VERSION.removeprefix("v") + ".0.0",
        "description": (
            "What a call button or a loudspeaker says to the hub over MQTT 3.1.1 or 5 (send), and hears from "
            "it (receive). User name = client id = device id. UTF-8 JSON; unknown fields are ignored; times "
            "are Unix milliseconds UTC (iat, nbf, exp: seconds). "
            f"At most {MAX_UP_BYTES} bytes upward, {MAX_DOWN_BYTES} downward. "
            "How to build a device: docs/device-guide.md; examples to test against: devices/vectors/."
        ),
        "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
    }


def _channels() -> Json:
    channels: Json = {
        leaf.value: {
            "address": f"{VERSION}/d/{{device}}/{leaf}",
            "description": _SUMMARIES[leaf],
            "parameters": {"device": {"description": f"Its user name and client id: {DEVICE_ID_RE.pattern}"}},
            "messages": {leaf.value: {"$ref": f"#/components/messages/{leaf}"}},
        }
        for leaf in Leaf
    }
    channels[_ZONE_COMMAND] = {
        "address": f"{VERSION}/z/{{zone}}/command",
        "description": "A signed command for all loudspeakers of a zone. Buttons may not read it.",
        "parameters": {
            "zone": {"description": f"An area {AREA_CODE_RE.pattern} or a group {GROUP_ID_RE.pattern}"}
        },
        "messages": {"command": {"$ref": "#/components/messages/command"}},
    }
    return channels


def _operations() -> Json:
    operations: Json = {}
    for leaf in Leaf:
        action = "send" if leaf in UP_LEAVES else "receive"
        operations[f"{action}{leaf.capitalize()}"] = _operation(action, leaf.value, leaf)
    operations["receiveZoneCommand"] = _operation("receive", _ZONE_COMMAND, Leaf.COMMAND)
    return operations


def _operation(action: str, channel: str, leaf: Leaf) -> Json:
    delivery = DELIVERY[leaf]
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{leaf}"}],
        "bindings": {
            "mqtt": {"qos": delivery.qos, "retain": delivery.retained, "bindingVersion": "0.2.0"},
        },
    }


def _messages(claims: Json) -> Json:
    messages: Json = {}
    for leaf in Leaf:
        if leaf is Leaf.COMMAND:
            continue
        name = _STRUCTS[leaf].__name__ if leaf in _STRUCTS else "Telemetry"
        messages[leaf.value] = {
            "summary": _SUMMARIES[leaf],
            "payload": {"$ref": f"#/components/schemas/{name}"},
            "examples": [_example(leaf)],
        }
    messages[Leaf.COMMAND.value] = {
        "summary": "A compact JWS (RFC 7515) over the claims given in x-claims.",
        "contentType": "application/jose",
        "payload": {
            "type": "string",
            "maxLength": jws.MAX_TOKEN_BYTES,
            "pattern": r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$",
        },
        "x-header": {"alg": "Ed25519", "kid": "<RFC 7638 thumbprint of the key>", "typ": jws.TYP},
        "x-claims": claims,
    }
    return messages


def _example(leaf: Leaf) -> Json:
    """Show the first golden vector of the leaf."""
    case = message_cases(leaf)[0]
    return {"name": case.name.replace(" ", "-"), "payload": msgspec.json.decode(case.payload)}


def _schemas() -> tuple[Json, Json]:
    types = [*_STRUCTS.values(), Command]
    found = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    # In JSON Schema `$` is the very end already: the look-ahead that Python needs would only puzzle.
    plain = msgspec.json.encode(found).replace(msgspec.json.encode(END)[1:-1], b"$")
    (*_, claims), components = msgspec.json.decode(plain, type=tuple[list[Json], Json])
    return {**components, "Telemetry": _telemetry()}, claims


def _telemetry() -> Json:
    return {
        "title": "Telemetry",
        "type": "object",
        "description": f"Any numeric metrics, at most {MAX_METRICS}, each named {METRIC_NAME_RE.pattern}",
        "properties": {"at": {"type": ["integer", "null"], "description": "Unix milliseconds UTC"}},
        "additionalProperties": {"type": "number"},
        "maxProperties": MAX_METRICS + 1,
    }


if __name__ == "__main__":
    sys.stdout.write(as_yaml())
