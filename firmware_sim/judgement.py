"""Whom a loudspeaker believes: its verifier, its memory of commands, and its clock, kept together."""

from collections.abc import Callable

from devices import codec
from devices.commands import AudioRef, Command, PlayCommand
from devices.effects import audio_urls
from devices.enrolment import Enrolment
from devices.messages import TimeRequest
from devices.state import DeviceState
from devices.verdicts import Answer, Now, Verdict
from devices.verifier import Verifier
from firmware_sim.effects import Moment
from firmware_sim.timekeeper import Timekeeper


class Judgement:
    """One device's `DeviceState` and trusted time; the state is what must survive a restart."""

    def __init__(self, enrolment: Enrolment, new_nonce: Callable[[], str]) -> None:
        self._verifier = Verifier(enrolment)
        self._new_nonce = new_nonce
        self.state: DeviceState = self._verifier.fresh_state()
        self.time = Timekeeper()

    @property
    def zones(self) -> tuple[str, ...]:
        """The zones whose commands are for this device."""
        return self._verifier.zones(self.state)

    def trusted(self, now: Moment) -> Moment:
        """The instant as this device trusts it: without wall time until signed time has come."""
        return Moment(now.mono_ms, self.time.wall_ms(now.mono_ms))

    def verify(self, payload: bytes, now: Moment) -> Verdict:
        """Decide about a command's bytes and remember the decision."""
        verdict, self.state = self._verifier.verify(payload, self.state, self._now(now))
        return verdict

    def ask_time(self, now: Moment) -> TimeRequest | None:
        """Return a question for signed time when it is time for one."""
        if not self.time.is_due(now.mono_ms):
            return None
        self.time.asked(now.mono_ms)
        question, self.state = self._verifier.ask_time(self.state, self._new_nonce(), self._now(now))
        return question

    def remember(self, command: Command, answer: Answer) -> None:
        """Keep what a command was answered, for its copies."""
        text = codec.encode(answer).decode()
        self.state = self._verifier.remember_answer(self.state, command, text)

    def settle(self, run: str, played_ms: int) -> None:
        """Count what a run really cost of the day's minutes."""
        self.state = self._verifier.settle(self.state, run, played_ms)

    def is_voided(self, command: PlayCommand) -> bool:
        """Whether a stop that was obeyed silences this command."""
        return self.state.voided(command.for_, command.run, command.seq)

    def urls(self, piece: AudioRef) -> tuple[str, ...]:
        """The addresses to fetch a piece from, best first."""
        return audio_urls(piece.url, self._verifier.enrolment, self.state)

    def _now(self, now: Moment) -> Now:
        return Now(now.mono_ms, self.time.wall_ms(now.mono_ms))
