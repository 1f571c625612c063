"""The one root error of this package."""

from devices.errors import Kind


class BrokerConfigError(Exception):
    """What was wrong with the broker's folder, accounts or certificates, where, and what to do about it."""

    def __init__(self, reason: str, kind: Kind = Kind.INVALID) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
