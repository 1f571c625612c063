"""Signs of life of any device: its status with last will, and telemetry every `every_s`."""

from dataclasses import dataclass

from devices import codec, topics
from devices.messages import Clock, Status, Telemetry
from firmware_sim.effects import LastWill, Moment, Publish
from firmware_sim.gauge import Gauge

FIRMWARE = "sim-1.0"


@dataclass(frozen=True, slots=True)
class About:
    """What a device says of itself; `every_s` is the longest silence it promises, `boot` names this start."""

    device: str
    model: str
    boot: str
    every_s: int


class Vitals:
    """Status and telemetry of one device, as effects."""

    def __init__(self, about: About, gauge: Gauge, first_ms: int) -> None:
        """`first_ms`: monotonic time of the first telemetry, spread so that a fleet does not beat as one."""
        self.gauge = gauge
        self._about = about
        self._due_ms = first_ms
        self._session: str | None = None

    def last_will(self, session: str) -> LastWill:
        """Begin the connection `session`; an offline of another one is ignored by the hub."""
        self._session = session
        gone = Status(online=False, session=session)
        return LastWill(topics.status(self._about.device), codec.encode(gone))

    def online(self, now: Moment) -> Publish:
        """Return the status to publish when a connection is up, or when the clock became known."""
        status = Status(
            online=True,
            session=self._session or "none",
            boot=self._about.boot,
            fw=FIRMWARE,
            model=self._about.model,
            every_s=self._about.every_s,
            clock=Clock.NONE if now.wall_ms is None else Clock.OK,
        )
        return Publish(topics.status(self._about.device), codec.encode(status), qos=1, retain=True)

    def tick(self, now: Moment) -> list[Publish]:
        """Measure when it is time; kept while the link is down, so that the gap in a chart fills later."""
        if now.mono_ms < self._due_ms:
            return []
        every_ms = self._about.every_s * 1_000
        self._due_ms += every_ms
        if self._due_ms <= now.mono_ms:  # the process slept: do not catch up beat by beat
            self._due_ms = now.mono_ms + every_ms
        return [self.measure(now)]

    def measure(self, now: Moment) -> Publish:
        """Return what the sensors say now."""
        payload = codec.encode(Telemetry(at=now.wall_ms, metrics=self.gauge.read(now)))
        return Publish(topics.telemetry(self._about.device), payload, qos=0, keep=True)

    def next_ms(self) -> int:
        """When `tick` is due, in monotonic milliseconds."""
        return self._due_ms
