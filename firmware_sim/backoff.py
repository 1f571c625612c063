"""When to try a lost connection again: exponential with full jitter.

After "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015): spread over the whole span, so that a
county's devices do not come back as one after a power cut.
"""

from random import Random

BASE_S = 1.0
CAP_S = 60.0
STEADY_AFTER_S = 30.0


class Backoff:
    """The pauses of one connection."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._failures = 0

    def pause_s(self, lasted_s: float) -> float:
        """Return the pause after a connection that lasted so long; 0 for one that never came up.

        Only a connection that held is a success: one that is cut at once, again and again, backs off too.
        """
        self._failures = 0 if lasted_s >= STEADY_AFTER_S else self._failures + 1
        return self._rng.uniform(0, min(CAP_S, BASE_S * 2.0 ** min(self._failures, 16)))
