"""Plausible measured values that drift as real ones do: battery, signal, temperature, supply."""

import math
from random import Random

from firmware_sim.effects import Moment

DAY_MS = 86_400_000
DRAIN_PER_DAY = 0.25  # percent: a lithium cell that lasts a little over a year
REPLACED_BELOW = 4.0


class Gauge:
    """One device's sensors. `read` returns metric names as they stand in telemetry (%, dBm, °C, V, s)."""

    def __init__(self, device: str, rng: Random, now: Moment, *, mains: bool) -> None:
        """`device` fixes what belongs to the place, so that a restart keeps it; `rng` is the noise."""
        place = Random(device)  # noqa: S311 - a walk of numbers, no secret
        self._rng = rng
        self._mains = mains
        self._boot_ms = self._read_ms = now.mono_ms
        self._battery = place.uniform(35, 100)
        self._signal_base = place.uniform(-103, -68)
        self._fading = 0.0
        self._room = place.uniform(-3, 3)

    def battery(self, now: Moment) -> float | None:
        """Charge in percent; None on mains."""
        if self._mains:
            return None
        self._battery -= DRAIN_PER_DAY * max(0, now.mono_ms - self._read_ms) / DAY_MS
        self._read_ms = now.mono_ms
        if self._battery < REPLACED_BELOW:
            self._battery = 100.0
        return round(self._battery, 1)

    def signal(self) -> float:
        """Received strength in dBm: a slow walk about the place's own value."""
        self._fading = 0.85 * self._fading + self._rng.gauss(0, 1.5)
        return round(min(-45.0, max(-120.0, self._signal_base + self._fading)), 1)

    def temperature(self, now: Moment) -> float:
        """Degrees Celsius: warmest at 15 h in China's time, with the place's own offset."""
        day_ms = (now.mono_ms if now.wall_ms is None else now.wall_ms) + 8 * 3_600_000
        phase = 2 * math.pi * ((day_ms % DAY_MS) / DAY_MS - 9 / 24)
        return round(18 + self._room + 5 * math.sin(phase) + self._rng.gauss(0, 0.2), 1)

    def read(self, now: Moment) -> dict[str, float]:
        """Return all metrics of this device."""
        metrics = {"signal": self.signal(), "temperature": self.temperature(now)}
        battery = self.battery(now)
        if battery is not None:
            metrics["battery"] = battery
        else:
            metrics["supply_v"] = round(12.1 + self._rng.gauss(0, 0.08), 2)
        metrics["uptime_s"] = float((now.mono_ms - self._boot_ms) // 1_000)
        return metrics
