"""A file on its way in: read in a child, planned against the register, written in one transaction or not at all."""

import contextlib
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Generic, TypeVar

import msgspec

from hub.console.context import ConsoleContext
from hub.console.register.titles import read_job
from hub.domain.areas import Area
from hub.domain.entries import AreaDraft, ClinicDraft, DeviceEntry, Draft, PersonDraft, ResidentDraft
from hub.domain.errors import Invalid, Unavailable
from hub.domain.people import User, register_scope
from hub.domain.register import Clinic, Person
from hub.domain.residents import ResidentRecord
from hub.ports import Reader, Transaction
from hub.services import import_kinds
from hub.services.import_kinds import AreaRules, ClinicRules, PersonRules, ResidentRules
from hub.services.import_names import Known
from hub.services.import_staging import (
    AT_A_TIME,
    WORTH_STAGING,
    drop,
    forget_abandoned,
    kept_ids,
    mark_of,
    stage,
)
from hub.services.importing import ImportWrong, Line, LineFault, Plan, plan
from hub.services.keeping import require_keeper
from hub.sheets.messages import SheetKind

R = TypeVar("R", ResidentRecord, Area, Person, Clinic, DeviceEntry)


@dataclass(frozen=True, slots=True)
class Planned(Generic[R]):
    """One kind of file: what its lines are, and how they are planned."""

    name: SheetKind
    draft: type[Draft]
    plan: Callable[[Reader, Sequence[Line], User, int], Plan[R]]


@dataclass(frozen=True, slots=True)
class Kind(Planned[R]):
    """And how the plan is written."""

    write: Callable[[Transaction, Plan[R], User, int], None]


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a file, or would: how many entries are new, changed, the same as before.

    `digest` names exactly these changes; `checked` says that nothing has been written.
    """

    added: int
    changed: int
    unchanged: int
    digest: str
    checked: bool


async def make_plan(context: ConsoleContext, kind: Planned[R], data: bytes, user: User) -> Plan[R]:
    """What the file would change, its wrong lines named. Denied; Invalid: it is no table; Unavailable."""
    require_keeper(user)
    job = read_job(context.phrases, kind.name)
    reading = await context.sheets.read(job, data, kind.draft)
    if reading.refused is not None:
        raise Invalid(reading.refused.code, **reading.refused.params)
    if reading.header:
        raise ImportWrong([LineFault(reading.header_line, fault) for fault in reading.header])
    lines = [Line(one.number, one.draft, one.faults) for one in reading.lines]
    now = context.clock.now()
    return await context.store.read(lambda read: kind.plan(read, lines, user, now))


@contextlib.asynccontextmanager
async def staged(context: ConsoleContext, kind: Kind[R], made: Plan[R]) -> AsyncIterator[Plan[R]]:
    """`made` with most of its new residents written already, hidden; `kind.write` of it shows them.

    Whatever becomes of that, nothing hidden stays. Conflict, Unavailable.
    """
    if kind.name is not SheetKind.RESIDENTS or len(made.added) < WORTH_STAGING:
        yield made
        return
    store, now = context.store, context.clock.now()
    mark = mark_of(now, secrets.randbelow(1_000))
    records = [one for one in made.added if isinstance(one, ResidentRecord)]
    try:
        await store.run(lambda tx: forget_abandoned(tx, now))
        removed = await store.run(lambda tx: kept_ids(tx, records))
        fresh = [one for one in records if one.id not in removed]
        for start in range(0, len(fresh), AT_A_TIME):
            part = fresh[start : start + AT_A_TIME]
            await store.run(partial(stage, records=part, mark=mark, now=now))
        rest = tuple(one for one in made.added if getattr(one, "id", "") in removed)
        yield msgspec.structs.replace(made, added=rest, staged=len(fresh), mark=mark)
    finally:
        with contextlib.suppress(Unavailable):  # the next import forgets it
            await store.run(lambda tx: drop(tx, mark))


def taken(made: Plan[R], *, checked: bool) -> Taken:
    """What a plan comes to."""
    return Taken(
        added=len(made.added),
        changed=len(made.changed),
        unchanged=made.unchanged,
        digest=made.digest,
        checked=checked,
    )


def known(read: Reader, user: User) -> Known:
    """What lines may refer to: all that the user may see."""
    prefix = register_scope(user).area_prefix
    if prefix is None:
        return Known(areas=())
    return Known(areas=read.areas(prefix), clinics=read.clinics(prefix), people=read.people(prefix))


def _plan_residents(read: Reader, lines: Sequence[Line], user: User, now: int) -> Plan[ResidentRecord]:
    prefix = register_scope(user).area_prefix
    there = () if prefix is None else read.residents(prefix)
    return plan(lines, ResidentRules(known(read, user), there, now))


def _plan_areas(read: Reader, lines: Sequence[Line], user: User, _now: int) -> Plan[Area]:
    return plan(lines, AreaRules(known(read, user), lines, user))


def _plan_people(read: Reader, lines: Sequence[Line], user: User, _now: int) -> Plan[Person]:
    return plan(lines, PersonRules(known(read, user)))


def _plan_clinics(read: Reader, lines: Sequence[Line], user: User, _now: int) -> Plan[Clinic]:
    return plan(lines, ClinicRules(known(read, user)))


RESIDENTS: Final = Kind(SheetKind.RESIDENTS, ResidentDraft, _plan_residents, import_kinds.import_residents)
AREAS: Final = Kind(SheetKind.AREAS, AreaDraft, _plan_areas, import_kinds.import_areas)
PEOPLE: Final = Kind(SheetKind.PEOPLE, PersonDraft, _plan_people, import_kinds.import_people)
CLINICS: Final = Kind(SheetKind.CLINICS, ClinicDraft, _plan_clinics, import_kinds.import_clinics)
