"""What a button keeps in its flash: presses that nobody has yet, and how far each of its calls had come."""

import logging

import msgspec

from devices.messages import ReplyState
from firmware_sim.effects import Moment

log = logging.getLogger(__name__)


class KeptPress(msgspec.Struct, frozen=True):
    """A pending press; its age is kept, because monotonic time does not survive a restart."""

    id: str
    payload: bytes
    age_ms: int


class KeptCall(msgspec.Struct, frozen=True):
    """The newest reply about one call: its rank, and the press and question it named."""

    call: str
    press: str
    rev: int
    state: ReplyState
    ask: str | None = None


class KeptButton(msgspec.Struct, frozen=True):
    """All of a button's memory; `saved_at` is wall milliseconds, None when it had no clock."""

    saved_at: int | None = None
    presses: tuple[KeptPress, ...] = ()
    calls: tuple[KeptCall, ...] = ()

    def off_ms(self, now: Moment) -> int:
        """How long the button was off, as far as its clock can tell."""
        if self.saved_at is None or now.wall_ms is None:
            return 0
        return max(0, now.wall_ms - self.saved_at)

    def encoded(self) -> bytes:
        """Return the bytes for the flash."""
        return msgspec.json.encode(self)


def read_kept(state: bytes | None) -> KeptButton:
    """Read a button's memory back; memory that cannot be read counts as empty, as on a first start."""
    if state is None:
        return KeptButton()
    try:
        return msgspec.json.decode(state, type=KeptButton)
    except msgspec.MsgspecError as error:
        log.warning("button memory unreadable, starting without it: %s", error)
        return KeptButton()
