"""What one session must still be given: in order, at most so much, and again until it is acknowledged."""

from collections import deque
from dataclasses import dataclass

from broker_config.mosquitto_conf import MAX_INFLIGHT_MESSAGES

MAX_WAITING_MESSAGES = 50_000
MAX_WAITING_BYTES = 64 * 1024 * 1024
_PACKET_IDS = 65_535


@dataclass(frozen=True, slots=True)
class Message:
    """What was published."""

    topic: str
    payload: bytes


class Outbox:
    """The QoS 1 messages of one session. Does no I/O: it says what to send, its owner sends it."""

    def __init__(self) -> None:
        self._waiting: deque[Message] = deque()
        self._waiting_bytes = 0
        self._inflight: dict[int, Message] = {}
        self._last_id = 0

    def put(self, message: Message) -> bool:
        """Take a message at the end; False when so much waits already that it is dropped."""
        size = len(message.payload)
        if len(self._waiting) >= MAX_WAITING_MESSAGES or self._waiting_bytes + size > MAX_WAITING_BYTES:
            return False
        self._waiting.append(message)
        self._waiting_bytes += size
        return True

    def next(self) -> tuple[int, Message] | None:
        """The packet id and message to send next; None when nothing waits or too much is unacknowledged."""
        if not self._waiting or len(self._inflight) >= MAX_INFLIGHT_MESSAGES:
            return None
        message = self._waiting.popleft()
        self._waiting_bytes -= len(message.payload)
        packet_id = self._free_id()
        self._inflight[packet_id] = message
        return packet_id, message

    def acknowledge(self, packet_id: int) -> None:
        """The client has it; an unknown id is ignored, as it answers what was sent before a reconnect."""
        self._inflight.pop(packet_id, None)

    def unacknowledged(self) -> list[tuple[int, Message]]:
        """What was sent and not acknowledged, in order: to be sent again when the client is back."""
        return list(self._inflight.items())

    @property
    def idle(self) -> bool:
        """Whether no acknowledgement is awaited that would ask for more."""
        return not self._inflight

    def _free_id(self) -> int:
        while True:
            self._last_id = self._last_id % _PACKET_IDS + 1
            if self._last_id not in self._inflight:
                return self._last_id
