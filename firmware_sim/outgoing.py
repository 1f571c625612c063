"""The presses of one button that nobody has acknowledged yet, and what is due about them."""

from collections.abc import Iterator

from devices import topics
from firmware_sim.effects import AskReply, Effect, GaveUp, PostPress, Publish, SecondPathAnswer
from firmware_sim.kept import KeptPress
from firmware_sim.pending import GIVE_UP_AFTER_MS, UNHEARD_AFTER_MS, Pending

ROOM = 64  # flash is finite; beyond it the oldest goes, since the newest rings as well as any
TRIED_AFTER_START_MS = 600_000


class Outgoing:
    """Pending presses in the order of the finger; times are monotonic milliseconds."""

    def __init__(self, device: str, kept: tuple[KeptPress, ...], now_ms: int, off_ms: int) -> None:
        """Take up the kept presses, `off_ms` older than when they were saved. That is the word of a clock, which may
        come wrong out of a power cut: by itself it ends no press before some minutes of tries."""
        self._topic = topics.call(device)
        oldest_ms = GIVE_UP_AFTER_MS - TRIED_AFTER_START_MS
        ages = {p.id: max(p.age_ms, min(p.age_ms + off_ms, oldest_ms)) for p in kept}
        self._presses = {p.id: Pending.made(p.id, p.payload, now_ms, ages[p.id]) for p in kept}

    def __iter__(self) -> Iterator[Pending]:
        return iter(tuple(self._presses.values()))

    def add(self, press: str, payload: bytes, now_ms: int) -> None:
        """Take a new press, due at once."""
        while len(self._presses) >= ROOM:
            del self._presses[next(iter(self._presses))]
        self._presses[press] = Pending.made(press, payload, now_ms)

    def settle(self, press: str) -> Pending | None:
        """Forget a press that somebody has; None when it was not pending."""
        return self._presses.pop(press, None)

    def resend(self, now_ms: int) -> list[Effect]:
        """The link came up: everything goes at once, whatever its pause."""
        return [self._publish(pending, now_ms) for pending in self]

    def tick(self, now_ms: int, *, connected: bool) -> list[Effect]:
        """Send what is due by either path, and give up what is a day old."""
        effects: list[Effect] = []
        for pending in self:
            if pending.is_over(now_ms):
                del self._presses[pending.id]
                effects.append(GaveUp(pending.id))
                continue
            if connected and pending.mqtt.due_ms <= now_ms:
                effects.append(self._publish(pending, now_ms))
            if not pending.asking and pending.http.due_ms <= now_ms:
                self._presses[pending.id] = self._presses[pending.id].posting()
                effects.append(PostPress(pending.id, pending.payload))
        return effects

    def second_path_failed(self, answer: SecondPathAnswer, now_ms: int) -> list[Effect]:
        """Put the second path off as its answer asks; the other path goes on."""
        pending = self._presses.get(answer.press)
        if pending is None:
            return []
        if answer.status == 429 and not answer.asked:
            # Never for an id not seen before: the hub has it, so ask what it says.
            return [AskReply(pending.id)]
        self._presses[pending.id] = pending.refused(now_ms, answer.retry_after_s)
        return []

    def due_ms(self, *, connected: bool, shown: bool) -> list[int]:
        """When something is due; `shown`: the elder knows already that nobody has it yet."""
        due = [pending.due_ms(connected=connected) for pending in self]
        if not shown:
            due += [pending.pressed_ms + UNHEARD_AFTER_MS for pending in self]
        return due

    def kept(self, now_ms: int) -> tuple[KeptPress, ...]:
        """Return what must survive a restart."""
        return tuple(KeptPress(p.id, p.payload, p.age_ms(now_ms)) for p in self)

    def _publish(self, pending: Pending, now_ms: int) -> Publish:
        self._presses[pending.id] = pending.published(now_ms)
        return Publish(self._topic, pending.payload, qos=1)
