"""A plan as the county keeps it: its version in force, who wrote it and when."""

import msgspec

from hub.domain.plans import Plan


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The plan, and who brought this version into force at `at` (Unix ms)."""

    plan: Plan
    at: int
    by_id: str
    by_name: str
