"""What every fault is: where it is proven, who presses, and how it is inflicted."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, NamedTuple

from tests.proving.ground import Ground, draw_passwords, running_program


class Scene(NamedTuple):
    """Where it happens; `hold_s`: how long what lasts shall last; `tell`: gives orders to the buttons."""

    ground: Ground
    hold_s: float
    tell: Callable[[str], None]


class Fault(ABC):
    """One row of the table. `contract`: buttons that repeat until `received`, because the broker or the way to
    it is hurt; plain QoS 1 otherwise. `needs_root` says what for; empty: anybody may."""

    name: ClassVar[str]
    says: ClassVar[str]
    contract: ClassVar[bool] = False
    needs_root: ClassVar[str] = ""
    double: ClassVar[float] = 0.0
    buttons: ClassVar[int | None] = None

    @contextmanager
    def ground(self, folder: Path, buttons: int) -> Iterator[Ground]:
        """The program that will be hurt, running."""
        with running_program(folder, draw_passwords(buttons)) as ground:
            yield ground

    @abstractmethod
    def inflict(self, scene: Scene) -> int:
        """Hurt it; when the fault was over (CLOCK_MONOTONIC, ns). RuntimeError: it could not be inflicted."""
