"""Who signs in, and what each may see and do."""

from collections.abc import Collection
from enum import StrEnum

import msgspec

from hub.domain.areas import area_prefix


class Role(StrEnum):
    """What a user is in the county."""

    COUNTY_ADMIN = "county_admin"
    OPERATOR = "operator"  # 值班员 of the county's or a town's center
    CLINIC = "clinic"  # staff of a 社区卫生服务中心 or 卫生院
    VILLAGE_ADMIN = "village_admin"


class User(msgspec.Struct, frozen=True, kw_only=True):
    """One person who signs in. `spoken_name` is what an elder hears ("王值班员")."""

    id: str
    username: str
    name: str
    spoken_name: str
    role: Role
    area: str
    clinic: str | None = None


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """The calls a user may see: of an area (by code prefix) or of a clinic; none when both are None."""

    area_prefix: str | None = None
    clinic: str | None = None

    def sees(self, area: str, clinic: str | None, guests: Collection[str] = ()) -> bool:
        """Whether something of `area` (12-digit code) and `clinic` is inside, or shown to it as one of `guests`."""
        if self.area_prefix is not None and area.startswith(self.area_prefix):
            return True
        return self.clinic is not None and (clinic == self.clinic or self.clinic in guests)


NOTHING = Scope()


def call_scope(user: User) -> Scope:
    """Calls carry medical notes: centers see their area, clinics their own residents, nobody else anything."""
    if user.role in (Role.OPERATOR, Role.COUNTY_ADMIN):
        return Scope(area_prefix=area_prefix(user.area))
    if user.role is Role.CLINIC and user.clinic is not None:
        return Scope(clinic=user.clinic)
    return NOTHING


def register_scope(user: User) -> Scope:
    """Whose data a user may read: the county's, a town's center its town's, a village's admin its village's."""
    if user.role in (Role.COUNTY_ADMIN, Role.OPERATOR, Role.VILLAGE_ADMIN):
        return Scope(area_prefix=area_prefix(user.area))
    return NOTHING


def may_keep_register(user: User) -> bool:
    """Whether the user may change residents, areas and people in their scope."""
    return user.role is Role.COUNTY_ADMIN


def sees_medical_notes(user: User) -> bool:
    """Whether the register shows this user what residents suffer from; village administrators need it not."""
    return user.role in (Role.COUNTY_ADMIN, Role.OPERATOR)


def may_handle_calls(user: User) -> bool:
    """Whether the user may answer and work on the calls in their scope."""
    return user.role in (Role.OPERATOR, Role.CLINIC)


def ring_targets(user: User) -> frozenset[str]:
    """The ring targets at which this user's desk sounds (see routing.Target)."""
    if user.role is Role.OPERATOR:
        return frozenset({f"center:{user.area}"})
    if user.role is Role.CLINIC and user.clinic is not None:
        return frozenset({f"clinic:{user.clinic}"})
    return frozenset()
