"""Who can be reached for a call at this moment: live screens, people with a telephone, the leader on duty."""

from collections.abc import Callable, Sequence

from hub.domain import routing
from hub.domain.calls import Call
from hub.domain.escalation import Reached
from hub.domain.notices import Helper
from hub.domain.plans import Whom
from hub.domain.residents import Near
from hub.ports import Transaction
from hub.services import shifts

NONE, DARK, NO_PHONE = "none", "dark", "no_phone"
NOBODY_NEAR = Near()


class CallReach:
    """Implements hub.domain.escalation.Reach; each look at the rows is made once, and only when asked for."""

    def __init__(
        self, tx: Transaction, call: Call, now: int, is_live: Callable[[str], bool] | None = None
    ) -> None:
        """`is_live` tells whether a ring target is awake; the screens that are open now, unless it is given."""
        self._tx, self._call, self._now = tx, call, now
        self._is_live = is_live or (lambda target: tx.desks.is_live(target, now))
        self._found: dict[Whom, Reached] = {}
        self._live: dict[str, bool] = {}
        self._near: Near | None = None

    def of(self, whom: Whom) -> Reached:
        """Whom the word means for this call."""
        found = self._found.get(whom)
        if found is None:
            found = self._found[whom] = self._screen(whom) or self._told(whom)
        return found

    def _screen(self, whom: Whom) -> Reached | None:
        call = self._call
        if whom in (Whom.TOWN, Whom.TOWN_LOUD):
            return self._rung(routing.town_center(call.area))
        if whom is Whom.CLINIC:
            return self._rung(None if call.clinic is None else routing.clinic_target(call.clinic))
        if whom is Whom.COUNTY:
            return self._rung(routing.county_center(call.area))
        return None

    def _rung(self, target: str | None) -> Reached:
        """A dark screen is rung all the same: it may wake."""
        if target is None:
            return Reached(missing=NONE)
        live = self._live.get(target)
        if live is None:
            live = self._live[target] = self._is_live(target)
        return Reached(screens=(target,), missing="" if live else DARK)

    def _told(self, whom: Whom) -> Reached:
        if not self._call.is_real:
            return Reached()  # a drill troubles nobody at home
        return _people(self._leaders() if whom is Whom.LEADER else self._neighbours(whom))

    def _leaders(self) -> Sequence[Helper]:
        """Of the town's shift, else of the county's."""
        for target in (routing.town_center(self._call.area), routing.county_center(self._call.area)):
            leader = None if target is None else shifts.leader(self._tx, target, self._now)
            if leader is not None:
                return (leader,)
        return ()

    def _neighbours(self, whom: Whom) -> Sequence[Helper]:
        if self._near is None:
            resident = self._call.resident
            self._near = NOBODY_NEAR if resident is None else self._tx.register.near(resident)
        near = self._near
        if whom is Whom.CONTACT:
            return near.contacts[:1]
        if whom is Whom.CONTACTS:
            return near.contacts
        wanted = near.doctor if whom is Whom.DOCTOR else near.grid_worker
        return () if wanted is None else (wanted,)


def _people(found: Sequence[Helper]) -> Reached:
    within = tuple(one for one in found if one.phone or one.user)
    return Reached(people=within, missing="" if within else (NO_PHONE if found else NONE))
