"""The one root error of the device contract, and the reasons a device gives when it refuses."""

from enum import StrEnum


class Kind(StrEnum):
    """What sort of fault it is; the ways out (HTTP, command line) map it once."""

    INVALID = "invalid"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    DENIED = "denied"
    UNAVAILABLE = "unavailable"


class RefusalReason(StrEnum):
    """Why a device did not do what a command asked, as it stands in a receipt or an ack."""

    BAD_SIGNATURE = "bad_signature"
    UNKNOWN_KEY = "unknown_key"
    WRONG_ADDRESS = "wrong_address"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    REPLAYED = "replayed"
    LIMIT = "limit"
    NO_CLOCK = "no_clock"
    FETCH_FAILED = "fetch_failed"
    HASH_MISMATCH = "hash_mismatch"
    UNSUPPORTED = "unsupported"
    BUSY = "busy"


class DeviceContractError(Exception):
    """Something that the contract does not allow; `reason` says what, where and what to do."""

    kind: Kind = Kind.INVALID

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class IdError(DeviceContractError):
    """A device id, press id, zone or area code that does not have the contract's form."""


class TopicError(DeviceContractError):
    """A topic that is none of the contract's."""


class DecodeError(DeviceContractError):
    """Bytes that are not the message their topic promises."""


class EncodeError(DeviceContractError):
    """A message that cannot go on the wire: too long, or a value out of its range."""


class KeyFormatError(DeviceContractError):
    """A key that is not a usable Ed25519 key."""


class CommandRefused(DeviceContractError):
    """A command that a device must not follow, with the reason it owes the hub."""

    kind = Kind.DENIED

    def __init__(self, reason: RefusalReason, detail: str = "") -> None:
        super().__init__(reason.value)
        self.refusal = reason
        self.detail = detail

    def __str__(self) -> str:
        """The reason, and what in the command gave it."""
        return f"{self.reason}: {self.detail}" if self.detail else self.reason
