"""The invariants by name, and what the oracle knows of a call from what was committed."""

from dataclasses import dataclass, field

from tests.simulation.ledger import Key
from tests.simulation.promises import Promise

NO_PRESS_WITHOUT_A_CALL = "no press without a call"
ONE_CALL_A_PRESS = "no two calls for one press"
ALIVE_TIMER = "no open call without a live timer"
ALL_ARE_RUNG = "all who should be rung are rung"
NOT_AFTER_THE_END = "nobody is rung, asked or reminded after the end"
TRUE_REPLY = "the device's last reply is true"
WHOLE_FEED = "the live feed has no gap and no double"
ONE_HOLDER = "exactly one holder"
SHOWN_AT_ONCE = "what reaches a hub is on its screens at once"
ONE_OPEN_CALL = "one open call a household"
NEVER_LOST = "every press is stored, shown and replied to in the end"
NOTHING_LEFT = "nothing is left to send"
NO_PART_DIES = "no part of the hub dies of what it meets"
IDLE_HOLDER = "an idle holder is reminded and loses the call, and no other does"
NEXT_IS_ASKED = "who does not accept is followed by the next"
SOMEBODY_IS_THERE = "when nobody is there in time, it is told on"
ENDED_BY_WORD = "a call ends by somebody's word alone"
FAMILY_HEARS = "family hears who has it and that it is over, once and without contradiction"
COMING_IS_TRUE = "whoever is promised to the elder has accepted"
MERGED_LIVES = "what is merged lives on in one call"
NOT_OUTSIDE = "drills and tests trouble nobody outside"
ONE_PLAN = "one plan rings, and it stays as it was"
SHIFT_IS_OVER = "who is off duty has no call, and is given none"

WAITING = ("raised", "ringing")
HELD = ("answered", "dispatched", "on_scene")
OPEN = (*WAITING, *HELD)
OVER = ("resolved", "feedback", "closed")
SAID = {  # what a device may be told in which state; once somebody has accepted, that they come
    **dict.fromkeys(WAITING, ("received",)),
    **dict.fromkeys(HELD, ("answered", "coming")),
    **dict.fromkeys(OVER, ("closed",)),
}
DAY_0_MS = 1_790_000_000_000  # when every run begins
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
    merged_into: str | None = None
