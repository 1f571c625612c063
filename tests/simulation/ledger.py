"""What elders pressed, and what people and devices saw and heard: written down outside the hub, by nobody's word
but their own."""

from dataclasses import dataclass, field

from tests.simulation.county import Button

Key = tuple[str, str]  # device, press


@dataclass(slots=True)
class Pressed:
    """One finger on one key. `rings`: it must become a call; `contract`: its device repeats until `received`."""

    button: Button
    press: str
    kind: str
    at_s: float
    rings: bool
    contract: bool
    owed: bool = True  # False while nobody has promised anything: a plain button whose broker never had it
    gone: bool = False  # its device was destroyed: what nobody had by then cannot come any more
    heard_at_s: float | None = None
    seen_at_s: float | None = None
    seen_by: set[str] = field(default_factory=set)
    kept_in_spool: bool = False

    @property
    def key(self) -> Key:
        """Device and press."""
        return self.button.device, self.press


@dataclass(slots=True)
class Ledger:
    """Every press of the run."""

    presses: dict[Key, Pressed] = field(default_factory=dict)

    def pressed(self, press: Pressed) -> None:
        """A finger."""
        self.presses[press.key] = press

    def seen(self, device: str, press: str, by: str, at_s: float) -> None:
        """A person had it on the screen."""
        known = self.presses.get((device, press))
        if known is not None:
            known.seen_at_s = at_s if known.seen_at_s is None else known.seen_at_s
            known.seen_by.add(by)

    def heard(self, device: str, press: str, at_s: float) -> None:
        """The device has its `received`, or later."""
        known = self.presses.get((device, press))
        if known is not None and known.heard_at_s is None:
            known.heard_at_s = at_s
