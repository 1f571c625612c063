"""One press on its way: when it is sent again, by which path, and when the elder is told that nobody has it.

The schedule is the contract's: 2, 4, 8, 16, 30, 30 … s, the second path from 10 s on, "not received" shown
at 60 s, given up after 24 h. All times are the device's monotonic milliseconds.
"""

from dataclasses import dataclass, replace

PAUSES_MS = (2_000, 4_000, 8_000, 16_000, 30_000)
SECOND_PATH_AFTER_MS = 10_000
UNHEARD_AFTER_MS = 60_000
GIVE_UP_AFTER_MS = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Lane:
    """One path of one press: when it is due and how often it was used."""

    due_ms: int
    sends: int = 0

    def sent(self, now_ms: int) -> "Lane":
        """Return the lane after a send: the pause grows along the ladder and stays at its last step."""
        pause_ms = PAUSES_MS[min(self.sends, len(PAUSES_MS) - 1)]
        return Lane(now_ms + pause_ms, self.sends + 1)

    def held(self, now_ms: int, hold_ms: int) -> "Lane":
        """Return the lane put off as the other side asked, never by more than the ladder's last step."""
        return replace(self, due_ms=now_ms + min(max(hold_ms, PAUSES_MS[0]), PAUSES_MS[-1]))


@dataclass(frozen=True, slots=True)
class Pending:
    """A press without `received`. `payload` is fixed at the finger; no copy has other bytes."""

    id: str
    payload: bytes
    pressed_ms: int
    mqtt: Lane
    http: Lane
    asking: bool = False  # a second-path request is under way

    @classmethod
    def made(cls, press: str, payload: bytes, now_ms: int, age_ms: int = 0) -> "Pending":
        """Return a press due at once; `age_ms` is its age when it comes back from flash after a restart."""
        pressed_ms = now_ms - age_ms
        second_path_ms = max(now_ms, pressed_ms + SECOND_PATH_AFTER_MS)
        return cls(press, payload, pressed_ms, mqtt=Lane(now_ms), http=Lane(second_path_ms))

    def age_ms(self, now_ms: int) -> int:
        """How long ago the finger was there."""
        return now_ms - self.pressed_ms

    def is_unheard(self, now_ms: int) -> bool:
        """Whether the elder must be shown that nobody has this press yet."""
        return self.age_ms(now_ms) >= UNHEARD_AFTER_MS

    def is_over(self, now_ms: int) -> bool:
        """Whether 24 h have passed."""
        return self.age_ms(now_ms) >= GIVE_UP_AFTER_MS

    def published(self, now_ms: int) -> "Pending":
        """Return it after a copy went out over MQTT."""
        return replace(self, mqtt=self.mqtt.sent(now_ms))

    def posting(self) -> "Pending":
        """Return it with a second-path request under way."""
        return replace(self, asking=True)

    def refused(self, now_ms: int, retry_after_s: int | None) -> "Pending":
        """Return it after the second path did not take it: later again, as asked or as the ladder says."""
        http = self.http.sent(now_ms)
        if retry_after_s is not None:
            http = http.held(now_ms, retry_after_s * 1_000)
        return replace(self, asking=False, http=http)

    def due_ms(self, *, connected: bool) -> int:
        """When something is due next about this press by one of the open ways."""
        due = [self.pressed_ms + GIVE_UP_AFTER_MS]
        if connected:
            due.append(self.mqtt.due_ms)
        if not self.asking:
            due.append(self.http.due_ms)
        return min(due)
