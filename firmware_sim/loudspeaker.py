"""A village loudspeaker, as a pure state machine: what it obeys, what it plays, what it reports.

`devices.verifier` decides what may be obeyed; here it is done. Nothing is read or sent, see `effects`.
"""

from collections.abc import Callable
from typing import Final
from zlib import crc32

from devices import codec, topics
from devices.commands import (
    CacheCommand,
    Command,
    LiveCommand,
    PlayCommand,
    ReportCommand,
    SetCommand,
    StopCommand,
    TimeCommand,
)
from devices.enrolment import Enrolment
from devices.errors import RefusalReason
from devices.ids import new_press_id
from devices.messages import Ack, AckState, Receipt, ReceiptState
from devices.verdicts import Accepted, Answer, Copy, Refused
from firmware_sim.caches import Caches
from firmware_sim.effects import (
    Effect,
    Fetched,
    LastWill,
    Moment,
    Publish,
    Resubscribe,
    Save,
    StartSound,
    StopSound,
)
from firmware_sim.flash import Flash, read_flash
from firmware_sim.jobs import Job, Jobs, Turn
from firmware_sim.judgement import Judgement
from firmware_sim.larder import Larder
from firmware_sim.vitals import Vitals

TURNS_MS: Final = (
    5_000  # the longest that a loudspeaker puts off its fetch; never more than a quarter of its lead
)


class Loudspeaker:
    """One loudspeaker. Every method that takes a moment returns the effects to carry out, in order."""

    def __init__(
        self,
        enrolment: Enrolment,
        vitals: Vitals,
        now: Moment,
        kept: bytes | None = None,
        new_nonce: Callable[[], str] = new_press_id,
    ) -> None:
        """`kept`: the last saved state. The time is unknown at every start, whatever `now.wall_ms` says."""
        self.device = enrolment.id
        self._vitals = vitals
        self._connected = False
        self._judgement = Judgement(enrolment, new_nonce)
        flash = read_flash(kept, self._judgement.state)
        self._judgement.state = flash.state
        self._jobs = Jobs(flash.jobs)
        self._caches = Caches(flash.caches)
        self._larder = Larder()
        self._want_audio(now.mono_ms)

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """The topics to subscribe at QoS 1: its own commands and those of its zones."""
        return (topics.command(self.device), *map(topics.zone_command, self._judgement.zones))

    @property
    def needed(self) -> frozenset[str]:
        """The hashes of the audio that must not be deleted from the device."""
        jobs = (piece.sha256 for job in self._jobs.all() for piece in job.command.audio)
        return frozenset([*jobs, *(piece.sha256 for piece in self._caches.pieces())])

    def last_will(self, session: str) -> LastWill:
        """Begin a connection: the will to open it with."""
        return self._vitals.last_will(session)

    def connected(self, now: Moment) -> list[Effect]:
        """The link is up and subscribed: say so, and ask for the time."""
        self._connected = True
        self._judgement.time.reconnected(now.mono_ms)
        return [self._status(now), *self._ask_time(now)]

    def disconnected(self, now: Moment) -> list[Effect]:  # noqa: ARG002 - the same call for every device
        """The link is down; what was taken on goes on."""
        self._connected = False
        return []

    def received(self, topic: str, payload: bytes, now: Moment) -> list[Effect]:
        """A message from the broker: a command, to be trusted for its signature and never for its topic."""
        if topic not in self.subscriptions:
            return []
        before = self._judgement.state
        verdict = self._judgement.verify(payload, now)
        match verdict:
            case Accepted():
                effects = self._obey(verdict, now)
            case Copy(command, answer):
                effects = [] if answer is None else [self._answer_again(command, answer)]
            case Refused():
                effects = [] if verdict.answer is None else [self._publish(verdict.answer)]
        return effects if self._judgement.state is before else [self._save(), *effects]

    def fetched(self, result: Fetched, now: Moment) -> list[Effect]:
        """The end of a Fetch."""
        self._larder.fetched(result, now.mono_ms)
        turns: list[Turn] = []
        if result.reason is None:
            turns = self._jobs.arrived(result.sha256)
        elif result.is_final:
            turns = self._jobs.unusable(result.sha256)
        effects = self._tell(turns, now)
        for end in self._caches.fetched(result):
            effects.append(self._acknowledge(end.command, end.reason))
        return self._saved([*effects, *self._step(now)])

    def tick(self, now: Moment) -> list[Effect]:
        """Do what is due; call it at `next_ms`, or whenever."""
        effects: list[Effect] = [*self._vitals.tick(self._judgement.trusted(now)), *self._ask_time(now)]
        return effects + self._saved([*self._larder.tick(now.mono_ms), *self._step(now)])

    def next_ms(self) -> int:
        """When `tick` is due next, in monotonic milliseconds."""
        due = [self._vitals.next_ms(), *self._larder.due_ms()]
        time = self._judgement.time
        if time.offset_ms is not None:
            due += self._jobs.due_ms(time.offset_ms)
        if self._connected:
            due.append(time.due_ms)
        return min(due)

    def _obey(self, verdict: Accepted, now: Moment) -> list[Effect]:
        """Do what a command says; what makes sound answers by receipts, all else by an ack."""
        command = verdict.command
        match command:
            case PlayCommand():
                return [] if verdict.known_run else self._take_on(command, verdict.volume or 0, now)
            case CacheCommand():
                self._caches.add(command)
                self._want_audio(now.mono_ms)
                return [*self._larder.tick(now.mono_ms)]
        return [*self._manage(command, verdict.clock_ms, now), self._acknowledge(command), *self._step(now)]

    def _manage(self, command: Command, clock_ms: int | None, now: Moment) -> list[Effect]:
        match command:
            case StopCommand():
                return self._tell(self._jobs.stop(self._judgement.is_voided, now.mono_ms), now)
            case TimeCommand() if clock_ms is not None:
                self._judgement.time.set(clock_ms, now.mono_ms)
                return [self._status(now), *self._tell(self._jobs.interrupted(), now)]
            case SetCommand() if command.zones is not None:
                return [Resubscribe()]
            case ReportCommand():
                return [self._status(now), self._vitals.measure(self._judgement.trusted(now))]
        return []  # keys: the judgement has taken them already; selftest: to answer is the test

    def _take_on(self, command: PlayCommand, volume: int, now: Moment) -> list[Effect]:
        if not self._jobs.add(command, volume):
            busy = Job(command, volume, 0, frozenset())
            return self._tell([Turn(busy, ReceiptState.REFUSED, RefusalReason.BUSY)], now)
        self._want_audio(now.mono_ms + self._turn_ms(command, now))
        return [*self._larder.tick(now.mono_ms), *self._step(now)]

    def _turn_ms(self, command: PlayCommand, now: Moment) -> int:
        """How long to wait before fetching: a zone's loudspeakers hear of a run at once, and take turns."""
        wall_ms = self._judgement.time.wall_ms(now.mono_ms)
        lead_ms = 0 if wall_ms is None else command.start_at - wall_ms
        window_ms = min(TURNS_MS, lead_ms // 4)
        return crc32(f"{self.device} {command.run}".encode()) % window_ms if window_ms > 0 else 0

    def _want_audio(self, from_ms: int) -> None:
        for piece in [*self._jobs.missing(), *self._caches.missing()]:
            self._larder.want(piece, self._judgement.urls(piece), from_ms)

    def _step(self, now: Moment) -> list[Effect]:
        wall_ms = self._judgement.time.wall_ms(now.mono_ms)
        if wall_ms is None:  # without a trusted clock it plays nothing
            return []
        self._caches.expire(wall_ms)
        effects = self._tell(self._jobs.step(now.mono_ms, wall_ms), now)
        self._larder.forget_all_but(self.needed)
        return effects

    def _tell(self, turns: list[Turn], now: Moment) -> list[Effect]:
        """Turn changes of runs into sound, silence and receipts."""
        effects: list[Effect] = []
        for turn in turns:
            job, command = turn.job, turn.job.command
            if turn.state is ReceiptState.PLAYING:
                pieces = tuple(piece.sha256 for piece in command.audio)
                effects.append(StartSound(job.run, pieces, command.repeat, job.volume, job.played_ms))
            elif turn.silences:
                effects.append(StopSound(job.run, job.played_ms))
            effects.append(self._publish(self._receipt(turn, now)))
        return effects

    def _receipt(self, turn: Turn, now: Moment) -> Receipt:
        job = turn.job
        receipt = Receipt(
            run=job.run,
            command=job.command.id,
            state=turn.state,
            at=self._judgement.time.wall_ms(now.mono_ms),
            played_ms=job.played_ms if job.begun else None,
            reason=turn.reason,
            offset_ms=turn.offset_ms,
            drill=job.command.drill,
        )
        self._judgement.remember(job.command, receipt)
        if turn.state not in (ReceiptState.READY, ReceiptState.PLAYING):
            self._judgement.settle(job.run, job.played_ms)
        return receipt

    def _acknowledge(self, command: Command, reason: RefusalReason | None = None) -> Publish:
        state = AckState.DONE if reason is None else AckState.FAILED
        ack = Ack(id=command.id, state=state, reason=reason)
        self._judgement.remember(command, ack)
        return self._publish(ack)

    def _publish(self, answer: Answer) -> Publish:
        leaf = topics.receipt if isinstance(answer, Receipt) else topics.ack
        return Publish(leaf(self.device), codec.encode(answer), qos=1, keep=True)

    def _answer_again(self, command: Command, answer: str) -> Publish:
        leaf = topics.receipt if isinstance(command, PlayCommand | LiveCommand) else topics.ack
        return Publish(leaf(self.device), answer.encode(), qos=1, keep=True)

    def _ask_time(self, now: Moment) -> list[Effect]:
        question = self._judgement.ask_time(now) if self._connected else None
        if question is None:
            return []
        return [Publish(topics.time(self.device), codec.encode(question), qos=0)]

    def _status(self, now: Moment) -> Publish:
        return self._vitals.online(self._judgement.trusted(now))

    def _saved(self, effects: list[Effect]) -> list[Effect]:
        """Put a Save in front when something happened."""
        return [self._save(), *effects] if effects else effects

    def _save(self) -> Save:
        return Save(Flash(self._judgement.state, self._jobs.kept(), self._caches.kept()).encoded())
