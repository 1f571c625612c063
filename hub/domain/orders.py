"""An order to the signer: a command as somebody wants it, before it has a number, a life and a signature."""

import msgspec


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be signed and published at `address` (a zone, or a device when `device`).

    `command` is the JSON of a command of `devices.commands` without seq, iat, nbf and exp: the signer gives
    those (and `id` and `for`, from here, when they are left out). It ends `life_s` seconds after `not_before`
    (Unix ms), or else after a play's own `start_at`, or else after it is signed. `created_by` and
    `approved_by` are users' ids: what needs two people needs two different ones. After `until` (Unix ms)
    nobody wants it any more: an order that waited so long is refused. A play's own end refuses it as well.
    """

    id: str
    address: str
    device: bool
    command: bytes
    life_s: int
    not_before: int | None
    created_by: str
    approved_by: str | None
    until: int | None = None
