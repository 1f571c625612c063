"""What happened, in plain sentences, in virtual time; the oracle tells it when something is wrong."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

KEPT = 20_000
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, and whom it is about: a device, a call, a hub, or everybody (empty)."""

    at_s: float
    about: tuple[str, ...]
    text: str


class Story:
    """The newest lines of a run."""

    def __init__(self, time: Callable[[], float], kept: int = KEPT) -> None:
        self._time = time
        self._lines: deque[Line] = deque(maxlen=kept)

    def tell(self, text: str, *about: str) -> None:
        """It happened now. Without `about` it concerns everybody: a hub that dies, a network that is cut."""
        self._lines.append(Line(self._time(), about, text))

    def of(self, *names: str, most: int = SHOWN) -> list[str]:
        """The newest `most` sentences about `names`, and what concerned everybody."""
        wanted = set(names)
        told = [line for line in self._lines if not line.about or not wanted.isdisjoint(line.about)]
        return [sentence(line) for line in told[-most:]]

    def whole(self) -> list[str]:
        """Every sentence that is kept."""
        return [sentence(line) for line in self._lines]


def sentence(line: Line) -> str:
    """With its time, as h:mm:ss.mmm since the run began."""
    return f"{clock(line.at_s)}  {line.text}"


def clock(at_s: float) -> str:
    """Virtual time as people read it."""
    ms = round(at_s * 1000)
    hours, rest = divmod(ms, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"
