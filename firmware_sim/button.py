"""A call button, as a pure state machine: nothing is read or sent here, see `effects`.

A press goes out as the same bytes until a reply for its id says `received` or later; a PUBACK proves nothing.
"""

from collections.abc import Callable
from enum import StrEnum

from devices import codec, topics
from devices.errors import DeviceContractError
from devices.ids import new_press_id
from devices.messages import PressKind, PressOnWire, Reply, ReplyState
from firmware_sim.effects import (
    AskReply,
    Effect,
    GaveUp,
    Heard,
    LastWill,
    Moment,
    Save,
    SecondPathAnswer,
    Show,
    Speak,
)
from firmware_sim.kept import KeptButton, read_kept
from firmware_sim.outgoing import Outgoing
from firmware_sim.progress import Progress
from firmware_sim.vitals import Vitals

ASK_EVERY_MS = 30_000


class Panel(StrEnum):
    """What the button's lamp shows."""

    IDLE = "idle"
    CALLING = "calling"
    UNHEARD = "unheard"  # 60 s without `received`: nobody has it yet
    RECEIVED = "received"
    ANSWERED = "answered"
    COMING = "coming"


PANEL_OF = {
    ReplyState.RECEIVED: Panel.RECEIVED,
    ReplyState.ANSWERED: Panel.ANSWERED,
    ReplyState.COMING: Panel.COMING,
}


class Button:
    """One call button. Every method that takes a moment returns the effects to carry out, in order."""

    def __init__(
        self,
        device: str,
        vitals: Vitals,
        now: Moment,
        kept: bytes | None = None,
        new_id: Callable[[], str] = new_press_id,
    ) -> None:
        """`kept`: the last saved state, for a button that comes back after a restart."""
        memory = read_kept(kept)
        self.device = device
        self.panel = Panel.IDLE
        self.undecodable = 0
        self._vitals = vitals
        self._new_id = new_id
        self._connected = False
        self._outgoing = Outgoing(device, memory.presses, now.mono_ms, memory.off_ms(now))
        self._progress = Progress(memory.calls)
        self._asking: str | None = None
        self._ask_due_ms = now.mono_ms + ASK_EVERY_MS

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """The topics to subscribe at QoS 1 on every connection."""
        return (topics.reply(self.device),)

    @property
    def pending(self) -> tuple[str, ...]:
        """The ids of the presses that nobody has acknowledged, oldest first."""
        return tuple(pending.id for pending in self._outgoing)

    @property
    def question(self) -> str | None:
        """What the newest reply asks the elder (`rate`); None for nothing."""
        return self._progress.question

    def last_will(self, session: str) -> LastWill:
        """Begin a connection: the will to open it with."""
        return self._vitals.last_will(session)

    def connected(self, now: Moment) -> list[Effect]:
        """The link is up and subscribed: say so, and send at once all that is pending."""
        self._connected = True
        return [self._vitals.online(now), *self._outgoing.resend(now.mono_ms)]

    def disconnected(self, now: Moment) -> list[Effect]:
        """The link is down; presses go on by the second path, where progress is asked for too."""
        self._connected = False
        self._ask_due_ms = now.mono_ms + ASK_EVERY_MS
        return []

    def press(self, kind: PressKind, now: Moment) -> tuple[str, list[Effect]]:
        """A finger on a key: the press id, and the effects. These bytes are the ones of every copy."""
        press = PressOnWire(
            id=self._new_id(),
            kind=kind,
            at=now.wall_ms,
            battery=self._vitals.gauge.battery(now),
            signal=self._vitals.gauge.signal(),
        )
        self._outgoing.add(press.id, codec.encode_press(press), now.mono_ms)
        effects: list[Effect] = [self._save(now)]
        effects += self._outgoing.tick(now.mono_ms, connected=self._connected)
        return press.id, effects + self._show(now)

    def received(self, topic: str, payload: bytes, now: Moment) -> list[Effect]:
        """A message from the broker; what is no reply to this button is counted or ignored."""
        return self._read_reply(payload, now) if topic == topics.reply(self.device) else []

    def second_path_answered(self, answer: SecondPathAnswer, now: Moment) -> list[Effect]:
        """The answer to a PostPress or AskReply: 200 carries the reply, all else means "again later"."""
        if answer.press == self._asking:
            self._asking = None
            self._ask_due_ms = now.mono_ms + ASK_EVERY_MS
        effects = self._read_reply(answer.body, now) if answer.status == 200 else []
        # Still pending after a 200: its body was no reply to this press, which proves nothing.
        return effects + self._outgoing.second_path_failed(answer, now.mono_ms)

    def tick(self, now: Moment) -> list[Effect]:
        """Do what is due; call it at `next_ms`, or whenever."""
        effects: list[Effect] = [*self._vitals.tick(now)]
        due = self._outgoing.tick(now.mono_ms, connected=self._connected)
        if any(isinstance(effect, GaveUp) for effect in due):
            effects.append(self._save(now))
        return effects + due + self._ask_progress(now) + self._show(now)

    def next_ms(self) -> int:
        """When `tick` is due next, in monotonic milliseconds."""
        due = [self._vitals.next_ms()]
        due += self._outgoing.due_ms(connected=self._connected, shown=self.panel is Panel.UNHEARD)
        if self._wants_progress():
            due.append(self._ask_due_ms)
        return min(due)

    def _read_reply(self, payload: bytes, now: Moment) -> list[Effect]:
        try:
            reply = codec.decode_reply(payload)
        except DeviceContractError:
            self.undecodable += 1
            return []
        return self._follow(reply, now)

    def _follow(self, reply: Reply, now: Moment) -> list[Effect]:
        settled = self._outgoing.settle(reply.press)
        news = self._progress.follow(reply)
        effects: list[Effect] = []
        if settled is not None or news:
            effects.append(self._save(now))
        if settled is not None:
            effects.append(Heard(reply.press, reply, settled.age_ms(now.mono_ms)))
        if news or (settled is not None and self._progress.is_current(reply)):
            effects.append(Speak(reply))
        return effects + self._show(now)

    def _wants_progress(self) -> bool:
        """Without MQTT the later states of a call come only to one who asks."""
        return not self._connected and self._asking is None and self._progress.open_call is not None

    def _ask_progress(self, now: Moment) -> list[Effect]:
        call = self._progress.open_call
        if call is None or not self._wants_progress() or now.mono_ms < self._ask_due_ms:
            return []
        self._asking = call.press
        return [AskReply(call.press)]

    def _show(self, now: Moment) -> list[Effect]:
        panel = self._panel(now.mono_ms)
        if panel is self.panel:
            return []
        self.panel = panel
        return [Show(panel)]

    def _panel(self, now_ms: int) -> Panel:
        pending = tuple(self._outgoing)
        if any(press.is_unheard(now_ms) for press in pending):
            return Panel.UNHEARD
        if pending:
            return Panel.CALLING
        call = self._progress.open_call
        return Panel.IDLE if call is None else PANEL_OF[call.state]

    def _save(self, now: Moment) -> Save:
        presses = self._outgoing.kept(now.mono_ms)
        return Save(KeptButton(now.wall_ms, presses, self._progress.kept()).encoded())
