"""What falls due in a case that somebody has."""

from hub.domain.calls import Call
from hub.ports import Timer, Transaction


def fire(tx: Transaction, timer: Timer, call: Call, now: int) -> bool:  # noqa: ARG001 -- nothing is armed yet
    """Do what the step `case.…` asks; False when the case needs it no longer."""
    return False
