"""Elders who press now and then: when, which button, and what they mean by it."""

from collections.abc import Sequence
from random import Random
from typing import Protocol, TypeVar

from devices.messages import PressKind

# How often an elder means what. Chosen so that a demo shows every kind, not from any statistics.
MEANINGS = {PressKind.SOS: 85, PressKind.FALL: 8, PressKind.TEST: 7}
ANSWERS = {PressKind.OK: 80, PressKind.CALLBACK: 20}


class Pressable(Protocol):
    """A button as its owner sees it."""

    @property
    def question(self) -> str | None:
        """What it asks just now."""


B = TypeVar("B", bound=Pressable)


class Presser:
    """Decides by its own dice; `mean_s` is the mean time from one press anywhere to the next."""

    def __init__(self, rng: Random, mean_s: float) -> None:
        self._rng = rng
        self._mean_s = mean_s

    def pause_s(self) -> float:
        """Draw the time to the next press; presses come independently, so it is exponential."""
        return self._rng.expovariate(1 / self._mean_s)

    def choose(self, buttons: Sequence[B]) -> tuple[B, PressKind]:
        """Draw who presses what; one who is asked answers more readily than others call."""
        asked = [button for button in buttons if button.question is not None]
        if asked and self._rng.random() < 0.5:
            return self._rng.choice(asked), self._draw(ANSWERS)
        return self._rng.choice(buttons), self._draw(MEANINGS)

    def _draw(self, weights: dict[PressKind, int]) -> PressKind:
        return self._rng.choices(list(weights), list(weights.values()))[0]
