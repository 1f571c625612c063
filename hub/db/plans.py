"""Plans as rows: each version stands for ever, one of each area is in force."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, Select, bindparam, func, select, update

from devices.ids import county_of, town_of
from hub.db.plan_tables import policies
from hub.db.prepared import Prepared, Row
from hub.db.statements import insert_unless_there
from hub.domain.plans import BUILT_IN, DEFAULT, Plan, Step, split_reference
from hub.domain.policies import Policy

_COLUMNS = ("id", "version", "area", "name", "steps")
_PLAN = select(*(policies.c[name] for name in _COLUMNS))
_IN_FORCE = Prepared(
    _PLAN.where(policies.c.current, policies.c.area.in_([bindparam("town_"), bindparam("county_")]))
    .order_by((policies.c.area == bindparam("town_")).desc())
    .limit(1)
)
_VERSION = Prepared(
    _PLAN.where(policies.c.id == bindparam("id_"), policies.c.version == bindparam("version_"))
)
_steps = msgspec.json.Decoder(tuple[Step, ...])


class PlanRows:
    """Implements hub.ports.Plans on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def in_force(self, area: str) -> Plan:
        """The plan of a call in `area`: its town's, its county's, else the built-in one."""
        county = county_of(area)
        row = _IN_FORCE.one(self._conn, {"town_": town_of(area) or county, "county_": county})
        return DEFAULT if row is None else _plan(row)

    def version(self, reference: str | None) -> Plan:
        """The plan that a call was opened under; None: before there were any."""
        name, number = split_reference(reference) if reference is not None else (BUILT_IN, 1)
        row = None if name == BUILT_IN else _VERSION.one(self._conn, {"id_": name, "version_": number})
        return DEFAULT if row is None else _plan(row)

    def get(self, policy: str) -> Policy | None:
        """The version in force of the policy."""
        return read_policy(self._conn, policy)

    def of_area(self, area: str) -> Policy | None:
        """The policy written for exactly `area`."""
        return _one(self._conn, _ALL.where(policies.c.current, policies.c.area == area))

    def put(self, policy: Policy) -> bool:
        """A new version comes into force; the one before stays for the calls that stand on it. False: another hub
        wrote the same version, or a plan for the same area, this instant."""
        self.retire(policy.plan.id)
        plan = policy.plan
        row = {name: getattr(plan, name) for name in _COLUMNS} | {
            "steps": msgspec.json.encode(plan.steps).decode(),
            "current": True,
            "at": policy.at,
            "by_id": policy.by_id,
            "by_name": policy.by_name,
        }
        return self._conn.execute(insert_unless_there(self._conn, policies), row).rowcount == 1

    def retire(self, policy: str) -> None:
        """No version of the policy is in force."""
        self._conn.execute(update(policies).where(policies.c.id == policy).values(current=False))

    def newest(self, policy: str) -> int:
        """The highest version; 0 for a policy that never was."""
        query = select(func.max(policies.c.version)).where(policies.c.id == policy)
        return self._conn.execute(query).scalar() or 0


_ALL: Select[Any] = select(policies)


def read_policies(conn: Connection, prefix: str) -> Sequence[Policy]:
    """The policies in force of the areas whose code begins with `prefix`, and that of the county they lie in."""
    above = prefix[:6].ljust(12, "0")
    here = policies.c.area.startswith(prefix, autoescape=True) | (policies.c.area == above)
    query = _ALL.where(policies.c.current, here).order_by(policies.c.area)
    return [_policy(row) for row in conn.execute(query).mappings()]


def read_policy(conn: Connection, policy: str) -> Policy | None:
    """The version in force of the policy."""
    return _one(conn, _ALL.where(policies.c.id == policy, policies.c.current))


def read_versions(conn: Connection, policy: str) -> Sequence[Policy]:
    """Every version, newest first."""
    query = _ALL.where(policies.c.id == policy).order_by(policies.c.version.desc())
    return [_policy(row) for row in conn.execute(query).mappings()]


def _one(conn: Connection, query: Select[Any]) -> Policy | None:
    row = conn.execute(query).mappings().first()
    return None if row is None else _policy(row)


def _policy(row: RowMapping) -> Policy:
    plan = _plan(tuple(row[name] for name in _COLUMNS))
    return Policy(plan=plan, at=row["at"], by_id=row["by_id"], by_name=row["by_name"])


def _plan(row: Row) -> Plan:
    policy, version, area, name, steps = row
    assert isinstance(steps, str)  # noqa: S101 -- as the column is
    return msgspec.convert(
        {"id": policy, "version": version, "area": area, "name": name, "steps": _steps.decode(steps)}, Plan
    )
