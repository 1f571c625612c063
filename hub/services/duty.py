"""Who may take a call now."""

from devices.ids import county_of
from hub.domain.calls import Call
from hub.domain.people import Role, User
from hub.ports import Transaction
from hub.services import shifts
from hub.services.casefile import may_work


def may_take(tx: Transaction, user: User, call: Call, now: int) -> bool:
    """Whether `user`, who is handed `call`, can begin to work on it now."""
    return may_work(user, call) and shifts.is_on(tx, user, now)


def leads(user: User) -> bool:
    """Whether the user may hand over what others hold: an operator of the county's center."""
    return user.role is Role.OPERATOR and county_of(user.area) == user.area
