"""The hub's clock: monotonic time anchored on the wall, so that a stepped wall clock does not move calls.

Hubs that share a database count by its clock instead (`hub.workers.county_time`): two that disagree would each take
for overdue what the other has just begun.
"""

import time
from collections.abc import Callable

STEP_MS = 5_000
PLAUSIBLE_MS = 1_704_067_200_000  # 2024-01-01; before it the wall clock is plainly wrong


class Clock:
    """Unix ms that never jump: the wall is read once, then time is counted.

    Slow drift of the wall (NTP slewing) is followed at each `check`; a step of more than 5 s is a fault: it is
    reported until somebody mends it, and taken over at the next start. Once a shared time was given to `follow`, that
    is counted from, and the wall is only compared with it.
    """

    def __init__(
        self,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._anchor_ms = self._wall_ms() - self._counted_ms()
        self.is_shared = False
        self.step_ms = 0

    def now(self) -> int:
        """Unix ms UTC."""
        return self._anchor_ms + self._counted_ms()

    def is_plausible(self) -> bool:
        """False while the clock is before 2024: calls go on, schedules wait."""
        return self.now() >= PLAUSIBLE_MS

    def check(self) -> int:
        """Compare with the wall, to be called now and then; a step in ms (0: none) that was seen and not
        followed. `step_ms` keeps it for /readyz. A small difference is followed."""
        ahead = self._wall_ms() - self.now()
        if abs(ahead) <= STEP_MS:
            self._anchor_ms += 0 if self.is_shared else ahead
            self.step_ms = 0
        else:
            self.step_ms = ahead
        return self.step_ms

    def follow(self, now: int) -> int:
        """It is `now` (Unix ms) by the clock that several hubs share, and counts from there; the ms that it moved."""
        moved = now - self.now()
        self._anchor_ms += moved
        self.is_shared = True
        return moved

    def _wall_ms(self) -> int:
        return int(self._wall() * 1000)

    def _counted_ms(self) -> int:
        return int(self._monotonic() * 1000)
