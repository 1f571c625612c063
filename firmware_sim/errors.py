"""The one root error of the simulator."""

from typing import Literal

Kind = Literal["invalid", "not_found", "conflict", "denied", "unavailable"]


class FirmwareError(Exception):
    """What the simulator cannot do; the message says what was wrong, where, and what to do."""

    def __init__(self, kind: Kind, message: str) -> None:
        super().__init__(message)
        self.kind = kind
