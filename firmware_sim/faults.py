"""Bad luck on the way, both up and down: lost, doubled, late, overtaken, mangled messages; a wrong clock."""

from dataclasses import dataclass, fields
from random import Random

from firmware_sim.errors import FirmwareError

OVERTAKEN_BY_S = 3.0


@dataclass(frozen=True, slots=True)
class FaultProfile:
    """How bad it is: chances from 0 to 1 a message, a mean delay and a clock's error in seconds."""

    drop: float = 0.0
    double: float = 0.0
    reorder: float = 0.0
    mangle: float = 0.0
    delay_s: float = 0.0
    clock_off_s: float = 0.0

    @classmethod
    def parse(cls, text: str) -> "FaultProfile":
        """Read `drop=0.1,delay_s=2`; FirmwareError names what is wrong."""
        names = [field.name for field in fields(cls)]
        values: dict[str, float] = {}
        for part in filter(None, text.split(",")):
            name, _, value = part.partition("=")
            try:
                values[name.strip()] = float(value)
            except ValueError:
                raise FirmwareError("invalid", f"fault {part!r}: use name=number") from None
        if unknown := values.keys() - set(names):
            raise FirmwareError("invalid", f"fault {', '.join(sorted(unknown))}: use {', '.join(names)}")
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One copy of a message that arrives, `after_s` late."""

    after_s: float
    payload: bytes


class FaultyWay:
    """One device's way through the world; decides each message's fate by its own dice."""

    def __init__(self, profile: FaultProfile, rng: Random) -> None:
        self._profile = profile
        self._rng = rng

    def carry(self, payload: bytes) -> list[Arrival]:
        """Return the copies that arrive: none when it is lost, two when it is doubled."""
        profile = self._profile
        if self._rng.random() < profile.drop:
            return []
        copies = 2 if self._rng.random() < profile.double else 1
        return [Arrival(self._delay_s(), self._mangled(payload)) for _ in range(copies)]

    def _delay_s(self) -> float:
        delay_s = self._rng.expovariate(1 / self._profile.delay_s) if self._profile.delay_s else 0.0
        if self._rng.random() < self._profile.reorder:
            delay_s += self._rng.uniform(0, OVERTAKEN_BY_S)
        return delay_s

    def _mangled(self, payload: bytes) -> bytes:
        if not payload or self._rng.random() >= self._profile.mangle:
            return payload
        place = self._rng.randrange(len(payload))
        flipped = bytes([payload[place] ^ self._rng.randrange(1, 256)])
        if self._rng.random() < 0.5:  # half of them are cut short as well
            return payload[:place] + flipped
        return payload[:place] + flipped + payload[place + 1 :]
