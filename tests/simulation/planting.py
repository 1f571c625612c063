"""How a mistake is planted: as a patch over the real code or tables, for as long as a run lasts."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from unittest.mock import patch

Plant = Callable[[ExitStack], None]


@dataclass(frozen=True, slots=True)
class Planted:
    """A mistake: what is done to the code, or to the tables."""

    name: str
    plant: Plant = lambda _: None
    schema: str = ""
    days: float = 0.0  # what shows only in cases that last; 0: as many as are asked for

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """While this lasts, the hub has the mistake."""
        with ExitStack() as stack:
            self.plant(stack)
            yield


def put(stack: ExitStack, where: object, name: str, instead: object) -> None:
    """Let `name` of `where` be `instead` until `stack` is unwound."""
    stack.enter_context(patch.object(where, name, instead))
