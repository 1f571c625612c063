"""The runs a loudspeaker has taken on, and which of them may sound: a pure decision, one at a time.

Higher priority pre-empts; among equals the first come goes on, from 224 the latest takes over. A run that was
pre-empted resumes where it was, if its `exp` allows. Times: `mono_ms` the running clock, `wall_ms` Unix ms.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from devices.commands import AudioRef, PlayCommand
from devices.enrolment import is_emergency
from devices.errors import RefusalReason
from devices.messages import ReceiptState
from firmware_sim.flash import KeptJob

ROOM = 16


@dataclass(frozen=True, slots=True)
class Job:
    """One run on this device. `since_ms` (monotonic) is set while it sounds."""

    command: PlayCommand
    volume: int
    order: int
    missing: frozenset[str]
    played_ms: int = 0
    since_ms: int | None = None
    begun: bool = False

    @property
    def run(self) -> str:
        """The run's id."""
        return self.command.run

    def played_at(self, mono_ms: int) -> int:
        """How much of it has sounded, in milliseconds."""
        sounding_ms = 0 if self.since_ms is None else mono_ms - self.since_ms
        return min(self.command.duration_ms, self.played_ms + sounding_ms)

    def silenced(self, mono_ms: int) -> "Job":
        """Return it with its sound ended now."""
        return replace(self, played_ms=self.played_at(mono_ms), since_ms=None)

    def ends_ms(self) -> int | None:
        """When its sound is over (monotonic); None while it does not sound."""
        return None if self.since_ms is None else self.since_ms + self.command.duration_ms - self.played_ms


@dataclass(frozen=True, slots=True)
class Turn:
    """A change that the hub hears of in a receipt; `silences`: it ends the sound of this run."""

    job: Job
    state: ReceiptState
    reason: RefusalReason | None = None
    offset_ms: int | None = None
    silences: bool = False


class Jobs:
    """All runs that are not over yet."""

    def __init__(self, kept: tuple[KeptJob, ...] = ()) -> None:
        """Take up what was kept; see `interrupted` for the one that was cut off in the middle."""
        self._jobs: dict[str, Job] = {}
        self._order = 0
        self._stepped_wall_ms = 0
        for job in kept:
            self.add(job.command, job.volume)
            self._jobs[job.command.run] = replace(
                self._jobs[job.command.run], played_ms=job.played_ms, begun=job.begun
            )
        self._cut_off = frozenset(job.command.run for job in kept if job.sounding)

    def interrupted(self) -> list[Turn]:
        """End what sounded when the power went: one run plays once, and nobody knows how far it came."""
        doomed = [job for job in self.all() if job.run in self._cut_off]
        return [self._over(job, ReceiptState.FAILED) for job in doomed]

    def all(self) -> tuple[Job, ...]:
        """Return them in the order they came."""
        return tuple(self._jobs.values())

    def add(self, command: PlayCommand, volume: int) -> bool:
        """Take a run on; False when there is no room."""
        if len(self._jobs) >= ROOM:
            return False
        self._order += 1
        missing = frozenset(piece.sha256 for piece in command.audio)
        self._jobs[command.run] = Job(command, volume, self._order, missing)
        return True

    def missing(self) -> list[AudioRef]:
        """Return the audio that is still to be fetched."""
        return [piece for job in self.all() for piece in job.command.audio if piece.sha256 in job.missing]

    def arrived(self, sha256: str) -> list[Turn]:
        """A piece of audio lies on the device, verified."""
        turns: list[Turn] = []
        for job in self.all():
            if sha256 in job.missing:
                fuller = self._jobs[job.run] = replace(job, missing=job.missing - {sha256})
                if not fuller.missing:
                    turns.append(Turn(fuller, ReceiptState.READY))
        return turns

    def unusable(self, sha256: str) -> list[Turn]:
        """What lies at its address is not what was signed: no run with this piece can ever sound."""
        doomed = [job for job in self.all() if sha256 in job.missing]
        return [self._over(job, ReceiptState.REFUSED, RefusalReason.HASH_MISMATCH) for job in doomed]

    def stop(self, voided: Callable[[PlayCommand], bool], mono_ms: int) -> list[Turn]:
        """End every run whose command was voided."""
        doomed = [job for job in self.all() if voided(job.command)]
        return [self._ended(job, ReceiptState.STOPPED, mono_ms) for job in doomed]

    def step(self, mono_ms: int, wall_ms: int) -> list[Turn]:
        """End what is over, then let sound whatever should sound now."""
        self._stepped_wall_ms = wall_ms
        turns = [*self._finished(mono_ms), *self._expired(wall_ms)]
        sounding, chosen = self._sounding(), self._choice(wall_ms)
        if chosen is None or (sounding is not None and chosen.run == sounding.run):
            return turns
        if sounding is not None:
            silent = self._jobs[sounding.run] = sounding.silenced(mono_ms)
            turns.append(Turn(silent, ReceiptState.PREEMPTED, silences=True))
        started = self._jobs[chosen.run] = replace(chosen, since_ms=mono_ms, begun=True)
        offset_ms = None if chosen.begun else wall_ms - chosen.command.start_at
        return [*turns, Turn(started, ReceiptState.PLAYING, offset_ms=offset_ms)]

    def kept(self) -> tuple[KeptJob, ...]:
        """Return what must survive a restart."""
        return tuple(
            KeptJob(job.command, job.volume, job.played_ms, job.begun, job.since_ms is not None)
            for job in self.all()
        )

    def due_ms(self, wall_minus_mono_ms: int) -> list[int]:
        """When `step` will have something to do (monotonic)."""
        due: list[int] = []
        for job in self.all():
            ends_ms = job.ends_ms()
            if ends_ms is not None:
                due.append(ends_ms)
                continue
            due.append(job.command.exp * 1_000 - wall_minus_mono_ms)
            if not job.missing and job.command.start_at > self._stepped_wall_ms:
                due.append(job.command.start_at - wall_minus_mono_ms)
        return due

    def _finished(self, mono_ms: int) -> list[Turn]:
        over = [job for job in self.all() if (ends := job.ends_ms()) is not None and ends <= mono_ms]
        return [self._ended(job, ReceiptState.PLAYED, mono_ms) for job in over]

    def _expired(self, wall_ms: int) -> list[Turn]:
        turns: list[Turn] = []
        for job in self.all():
            if job.since_ms is not None or wall_ms < job.command.exp * 1_000:
                continue
            if job.begun:  # pre-empted for too long; its last receipt says so already
                del self._jobs[job.run]
                continue
            reason = RefusalReason.FETCH_FAILED if job.missing else RefusalReason.EXPIRED
            turns.append(self._over(job, ReceiptState.REFUSED, reason))
        return turns

    def _ended(self, job: Job, state: ReceiptState, mono_ms: int) -> Turn:
        turn = self._over(job.silenced(mono_ms), state)
        return replace(turn, silences=job.since_ms is not None)

    def _over(self, job: Job, state: ReceiptState, reason: RefusalReason | None = None) -> Turn:
        del self._jobs[job.run]
        return Turn(job, state, reason)

    def _sounding(self) -> Job | None:
        return next((job for job in self.all() if job.since_ms is not None), None)

    def _choice(self, wall_ms: int) -> Job | None:
        due = [job for job in self.all() if not job.missing and job.command.start_at <= wall_ms]
        return max(due, key=_rank, default=None)


def _rank(job: Job) -> tuple[int, bool, int, int]:
    """Compare runs: priority, then the one that sounds (below 224), then who is first, or from 224 last."""
    came = (job.command.start_at, job.order)
    if is_emergency(job.command.priority):
        return job.command.priority, False, *came
    return job.command.priority, job.since_ms is not None, -came[0], -came[1]
