"""Plans, rosters and coverage as pages and the API read them."""

from collections.abc import Sequence

from sqlalchemy import Connection

from hub.db import calls, coverage, desks, plans, rosters
from hub.domain.calls import Call
from hub.domain.coverage import Post, Residents, Village
from hub.domain.people import User
from hub.domain.policies import Policy
from hub.domain.rosters import Roster


class PlanRead:
    """Implements hub.ports.PlanReads."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def policies(self, prefix: str) -> Sequence[Policy]:
        """The plans in force of the areas whose code begins with `prefix`, and that of their county."""
        return plans.read_policies(self._conn, prefix)

    def versions(self, policy: str) -> Sequence[Policy]:
        """Every version of a plan, newest first."""
        return plans.read_versions(self._conn, policy)

    def rosters(self, prefix: str) -> Sequence[Roster]:
        """The rosters of the areas whose code begins with `prefix`."""
        return rosters.read_rosters(self._conn, prefix)

    def staff(self, place: str) -> Sequence[User]:
        """Whose screen rings at `place`."""
        return rosters.RosterRows(self._conn).staff(place)

    def lacking(self, prefix: str, limit: int) -> Residents:
        """Residents who lack somebody or something."""
        return coverage.read_lacking(self._conn, prefix, limit)

    def posts(self, prefix: str, now: int) -> Sequence[Post]:
        """Centers and clinics, and whether they are awake."""
        return coverage.read_posts(self._conn, prefix, now)

    def held(self) -> Sequence[Call]:
        """Every call that somebody has in hand."""
        return calls.read_held(self._conn)

    def sitting(self, now: int) -> frozenset[str]:
        """The users whose screen is open and may sound."""
        return desks.read_sitting(self._conn, now)

    def villages(self, prefix: str) -> Sequence[Village]:
        """Villages by code."""
        return coverage.read_villages(self._conn, prefix)
