"""What is known of one case from what was committed: who was asked, who has it since when, and how it ended."""

from dataclasses import dataclass, field

from tests.simulation.known import OPEN

RED_S, SCENE_S = 900.0, 1_800.0
SENT = ("asked", "accepted", "on_the_way", "arrived")
COMING = ("accepted", "on_the_way", "arrived")


@dataclass(slots=True)
class Line:
    """Somebody who was asked to go."""

    kind: str
    to: str
    state: str
    asked_s: float
    former: bool = False  # of the time before the case was reopened


@dataclass(slots=True)
class Track:
    """One case. Times are seconds of the run."""

    id: str
    resident: str | None
    clinic: str | None
    red: bool
    real: bool
    plan: str | None
    state: str = ""
    holder: str | None = None
    holder_s: float = 0.0
    deed_s: float = 0.0  # when its holder last did something, or somebody who was sent
    reminded_s: float = -1.0
    was_answered: bool = False
    cancel_asked: bool = False
    feedback_asked: bool = False
    over: bool = False  # somebody has said so
    over_s: float = 0.0
    changed: bool = False  # one who was asked does not come, since the last look
    unmanned: bool = False
    lines: dict[str, Line] = field(default_factory=dict)
    there_by_s: float | None = None  # when somebody ought to be there
    arrived: bool = False
    merged_into: str | None = None
    # by household, whom the hub has told how often: that somebody (else) has it, and that it is over
    takes: dict[str, int] = field(default_factory=dict)
    ends: dict[str, int] = field(default_factory=dict)
    joined_s: dict[str, float] = field(
        default_factory=dict
    )  # when a household's own call became part of this one

    @property
    def is_open(self) -> bool:
        """Whether the emergency still lasts."""
        return self.state in OPEN

    @property
    def limit_s(self) -> float:
        """How long nobody may be there."""
        return RED_S if self.red else SCENE_S

    def is_wanted(self) -> bool:
        """Whether nobody comes and nobody thinks about it."""
        return not any(line.state in SENT for line in self.lines.values())

    def taken(self, holder: str, now: float) -> None:
        """Somebody (else) has it: their family is to hear so."""
        self.holder, self.holder_s, self.deed_s = holder, now, now
        self.was_answered = True
        for household in self.takes:
            self.takes[household] += 1

    def ended(self, now: float) -> None:
        """Somebody said that it is over."""
        self.over, self.over_s, self.there_by_s = True, now, None
        for household in self.ends:
            self.ends[household] += 1

    def begun_again(self) -> None:
        """It was not over after all."""
        self.over = self.cancel_asked = self.feedback_asked = False
        self.there_by_s = None
        for line in self.lines.values():
            line.former = True
            if line.state in SENT:
                line.state = "done"
