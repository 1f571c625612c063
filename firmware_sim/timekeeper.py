"""A loudspeaker's clock: unknown at power-up, set by signed time, asked for until it comes."""

ASK_PAUSES_MS = (5_000, 10_000, 20_000, 40_000, 60_000)
REFRESH_MS = 6 * 3_600_000  # a cheap crystal drifts half a second in that time


class Timekeeper:
    """The running clock's distance from the wall's, and when to ask for it (monotonic ms)."""

    def __init__(self) -> None:
        self.offset_ms: int | None = None  # wall minus monotonic
        self._asked = 0
        self._due_ms = 0

    def wall_ms(self, mono_ms: int) -> int | None:
        """Unix milliseconds; None while the time is not known."""
        return None if self.offset_ms is None else mono_ms + self.offset_ms

    def is_due(self, mono_ms: int) -> bool:
        """Whether to ask now."""
        return mono_ms >= self._due_ms

    def asked(self, mono_ms: int) -> None:
        """A question went out; the next waits longer."""
        self._due_ms = mono_ms + ASK_PAUSES_MS[min(self._asked, len(ASK_PAUSES_MS) - 1)]
        self._asked += 1

    def reconnected(self, mono_ms: int) -> None:
        """A new connection is a new chance: an unanswered question need not wait."""
        if self._asked:
            self._asked, self._due_ms = 0, mono_ms

    def set(self, wall_ms: int, mono_ms: int) -> None:
        """Signed time has come."""
        self.offset_ms = wall_ms - mono_ms
        self._asked, self._due_ms = 0, mono_ms + REFRESH_MS

    @property
    def due_ms(self) -> int:
        """When to ask next."""
        return self._due_ms
