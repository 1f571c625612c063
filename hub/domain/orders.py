"""An order to the signer: a command as somebody wants it, before it has a number, a life and a signature."""

import msgspec


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be signed and published at `address` (a zone, or a device when `device`).

    `command` is the JSON of a command of `devices.commands` without seq, iat, nbf and exp: the signer gives
    those; `life_s` seconds after `not_before` (Unix ms; now when None) it ends. `created_by` and `approved_by`
    are users' ids: what needs two people needs two different ones.
    """

    id: str
    address: str
    device: bool
    command: bytes
    life_s: int
    not_before: int | None
    created_by: str
    approved_by: str | None
