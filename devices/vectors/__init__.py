"""Golden vectors: bytes in, message or refusal out. Every implementer of the contract passes them.

They are plain JSON, to be read from any language. A message has a file named by its leaf, with cases of
{"name", "text" or "hex", "message" or "refused"}; `topics.json` has {"topic", "leaf", "device" or "zone"} or
{"topic", "refused"}; `commands.json` has stories, see CommandStory.
"""

from __future__ import annotations

from importlib import resources
from typing import Final

import msgspec
from msgspec import Raw, Struct

from devices.enrolment import Enrolment

MESSAGE_LEAVES: Final = ("call", "status", "telemetry", "receipt", "ack", "time", "reply")


class MessageCase(Struct, frozen=True, kw_only=True):
    """One payload, given as text (UTF-8) or hex, and the message it is, or the kind of error it meets."""

    name: str
    text: str | None = None
    hex: str | None = None
    message: Raw = Raw()
    refused: str | None = None

    @property
    def payload(self) -> bytes:
        """The bytes as they come over the wire."""
        return bytes.fromhex(self.hex) if self.hex is not None else (self.text or "").encode()


class TopicCase(Struct, frozen=True, kw_only=True):
    """One topic, and what it says or that it is refused."""

    topic: str
    leaf: str | None = None
    device: str | None = None
    zone: str | None = None
    refused: str | None = None


class Step(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that happens to a device: it asks for time (`ask`), or the bytes `payload` come on `command`.

    Then `verdict` is accepted, copy or refused, and what else is named holds; `answer` is the ack or receipt
    that is owed (null: none).
    """

    name: str
    mono_ms: int
    wall_ms: int | None
    ask: str | None = None
    payload: str | None = None
    verdict: str | None = None
    reason: str | None = None
    volume: int | None = None
    known_run: bool = False
    clock_ms: int | None = None
    answer: Raw = Raw(b"null")


class CommandStory(Struct, frozen=True, kw_only=True):
    """What happens to one device from its enrolment on, step by step."""

    name: str
    enrolment: Enrolment
    steps: tuple[Step, ...]


class _Messages(Struct, frozen=True):
    cases: tuple[MessageCase, ...]


class _Topics(Struct, frozen=True):
    cases: tuple[TopicCase, ...]


class _Commands(Struct, frozen=True):
    cases: tuple[CommandStory, ...]


def message_cases(leaf: str) -> tuple[MessageCase, ...]:
    """Return the vectors of one leaf of MESSAGE_LEAVES."""
    return msgspec.json.decode(_read(leaf), type=_Messages).cases


def topic_cases() -> tuple[TopicCase, ...]:
    """Return the vectors of topics."""
    return msgspec.json.decode(_read("topics"), type=_Topics).cases


def command_stories() -> tuple[CommandStory, ...]:
    """Return the vectors of signed commands."""
    return msgspec.json.decode(_read("commands"), type=_Commands).cases


def _read(name: str) -> bytes:
    return resources.files(__name__).joinpath(f"{name}.json").read_bytes()
