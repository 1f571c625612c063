"""Who was promised to be rung when: read from the plan that a call keeps, else from the contract's own words.

The rules are written here once more, on purpose: the oracle may not ask the hub's code what is right.
"""

import json
import sqlite3
from dataclasses import dataclass

BUILT_IN = (  # the contract: town and clinic at once, the county within 30 s, then all again each minute
    (0, ("town", "clinic"), None),
    (30, ("county",), None),
    (90, ("all",), 60),
)


@dataclass(frozen=True, slots=True)
class Promise:
    """The steps of one plan: (seconds, whom, repeated each)."""

    steps: tuple[tuple[int, tuple[str, ...], int | None], ...]

    @property
    def longest_silence_s(self) -> float:
        """Nobody who waits is left without a ring for longer: a step that reaches nobody is skipped, and at the
        worst all were taken at once and wait for the last."""
        *_, (last, _, every) = self.steps
        return float(max(last, every or 0))

    def missing(self, area: str, clinic: str | None, waited_s: float, rung: set[str]) -> list[str]:
        """The screens that should have rung after `waited_s` seconds of waiting, and have not."""
        due = [word for after, whom, _ in self.steps if after <= waited_s for word in whom]
        wanted = {target for word in due if (target := _target(word, area, clinic)) is not None}
        return sorted(wanted - rung)


def promise_of(rows: sqlite3.Connection, call: str) -> Promise:
    """The frozen plan of `call`, as its row names it."""
    found = rows.execute("SELECT plan FROM calls WHERE id = ?", (call,)).fetchone()
    if found is not None and found[0]:
        plan, _, version = found[0].rpartition(":")
        kept = rows.execute(
            "SELECT steps FROM policies WHERE id = ? AND version = ?", (plan, version)
        ).fetchone()
        if kept is not None:
            steps = json.loads(kept[0])
            return Promise(tuple((s["after_s"], tuple(s["whom"]), s.get("every_s")) for s in steps))
    return Promise(BUILT_IN)


def _target(word: str, area: str, clinic: str | None) -> str | None:
    """The screens that a word of a plan means here; None for people with telephones, and where there are none."""
    in_town = area[6:9] != "000"
    if word in ("town", "town_loud"):
        return f"center:{area[:9]}000" if in_town else None
    if word == "county":
        return f"center:{area[:6]}000000"
    if word == "clinic" and clinic is not None:
        return f"clinic:{clinic}"
    return None
