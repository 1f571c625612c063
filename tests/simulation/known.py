"""The invariants by name, and what the oracle knows of a call from what was committed."""

from dataclasses import dataclass, field

from tests.simulation.ledger import Key
from tests.simulation.promises import Promise

NO_PRESS_WITHOUT_A_CALL = "no press without a call"
ONE_CALL_A_PRESS = "no two calls for one press"
ALIVE_TIMER = "no open call without a live timer"
ALL_ARE_RUNG = "all who should be rung are rung"
NOT_AFTER_THE_END = "nobody is rung after the end"
TRUE_REPLY = "the device's last reply is true"
WHOLE_FEED = "the live feed has no gap and no double"
ONE_HOLDER = "exactly one holder"
SHOWN_AT_ONCE = "what reaches a hub is on its screens at once"
ONE_OPEN_CALL = "one open call a household"
NEVER_LOST = "every press is stored, shown and replied to in the end"
NOTHING_LEFT = "nothing is left to send"
NO_PART_DIES = "no part of the hub dies of what it meets"

WAITING = ("raised", "ringing")
HELD = ("answered", "dispatched", "on_scene")
SAID = {
    "raised": "received",
    "ringing": "received",
    "answered": "answered",
    "dispatched": "coming",
    "on_scene": "coming",
    "resolved": "closed",
    "feedback": "closed",
    "closed": "closed",
}
GRACE_S = 20.0  # what a healthy hub may take for anything


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken promise: its name, one sentence, and whom the story is to tell of."""

    name: str
    text: str
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """A committed event, as anybody could read it."""

    id: int
    type: str
    call: str | None
    area: str
    clinic: str | None
    at_s: float


@dataclass(slots=True)
class Case:
    """What is known of one call from what was committed."""

    id: str
    device: str
    area: str
    clinic: str | None
    raised_s: float
    state: str = ""
    holder: str | None = None
    waits_since_s: float = 0.0
    rung_s: float = 0.0
    rung: set[str] = field(default_factory=set)
    presses: set[Key] = field(default_factory=set)
    said: dict[int, set[str]] = field(default_factory=dict)  # by rev, what its device may be told
    passed: list[str] = field(default_factory=list)  # what it was since the last look
    promise: Promise | None = None
    answered_by: set[str] = field(default_factory=set)
    test: bool = False
