"""Who is on duty where, as the rosters say. A place without a roster has everybody of it on duty."""

from hub.domain import rosters
from hub.domain.notices import Helper
from hub.domain.people import User, ring_targets
from hub.ports import Transaction


def leader(tx: Transaction, place: str, now: int) -> Helper | None:
    """The supervisor of the shift that is on at `place` (a ring target)."""
    roster = tx.rosters.of_place(place)
    on = None if roster is None else rosters.duty(roster, now)
    if on is None or on.leader is None:
        return None
    account = tx.accounts.get(on.leader)
    if account is None or account.disabled_at is not None:
        return None
    return Helper(kind="leader", name=account.user.name, phone=on.phone, user=on.leader)


def is_manned(tx: Transaction, place: str, at: int) -> bool:
    """Whether anybody is on duty at `place` at `at`: by its roster, else whoever belongs there."""
    roster = tx.rosters.of_place(place)
    if roster is None:
        return bool(tx.rosters.staff(place))
    return bool(rosters.duty(roster, at).everybody)


def is_on(tx: Transaction, user: User, now: int) -> bool:
    """Whether `user` is on duty: by the roster of a place where their screen rings, or because it has none."""
    found = [tx.rosters.of_place(place) for place in sorted(ring_targets(user))]
    return any(roster is None or user.id in rosters.duty(roster, now).everybody for roster in found)
