"""So many a minute for each name."""

from collections import deque

from hub.domain.errors import Unavailable

MINUTE_MS = 60_000
NAMES = 50_000


class Throttle:
    """Counts in memory. `limit` a minute for each name; Unavailable (signer-rate) beyond."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._seen: dict[str, deque[int]] = {}

    def admit(self, name: str, now: int) -> None:
        """Count one more of `name` at `now` (Unix ms), or refuse it."""
        seen = self._seen.setdefault(name, deque(maxlen=self._limit))
        # a clock that went back opens the door: it must not shut anybody out until it is there again
        if len(seen) == self._limit and 0 <= now - seen[0] < MINUTE_MS:
            raise Unavailable("signer-rate", address=name.rpartition(" ")[2], limit=self._limit)
        seen.append(now)
        if len(self._seen) > NAMES:
            self._seen = {known: times for known, times in self._seen.items() if now - times[-1] < MINUTE_MS}
