"""What goes on beside the calls: help asked for by telephone, drills, changes of plans, rosters and residents."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from hub.domain.entries import STATUSES, ResidentDraft
from hub.domain.plans import Step
from hub.domain.rosters import Change, Shift
from hub.services import entering, policies, residents, rostering
from hub.services.entering import Asked, Entry
from hub.services.policies import PolicyChange
from hub.services.rostering import RosterChange
from tests.simulation import county
from tests.simulation.asking import ask
from tests.simulation.known import DAY_0_MS

if TYPE_CHECKING:
    from tests.simulation.world import World

MIDDLE = ("town_loud", "county", "grid_worker", "doctor", "leader", "contact", "contacts", "clinic")


class Office:
    """Whoever keeps the county's data, and whoever takes telephone calls."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._keeper = county.keeper()

    def begin(self) -> None:
        """Let everything that this run's people do happen, again and again."""
        m = self._world.manners
        for name, every_s, deed in (
            ("telephone", m.entered_every_s, self._enter),
            ("plans", m.plan_every_s, self._plan),
            ("rosters", m.roster_every_s, self._roster),
            ("residents", m.status_every_s, self._status),
        ):
            if every_s:
                dice = self._world.fate.stream("office", name)
                self._world.background(self._again_and_again(every_s, dice, deed))

    async def _again_and_again(
        self, every_s: float, dice: Random, deed: Callable[[Random], Awaitable[None]]
    ) -> None:
        while True:
            await asyncio.sleep(dice.expovariate(1 / every_s))
            if self._world.calm:
                return
            await deed(dice)

    async def _enter(self, dice: Random) -> None:
        """For somebody of the register, or wherever help is needed."""
        who = dice.choice(self._world.people)
        known = [
            place
            for place in self._world.elders.places
            if place.resident and who.sees(place.area, place.clinic)
        ]
        place = dice.choice(known) if known and dice.random() < 0.8 else None
        entry = Entry(
            kind=dice.choice(tuple(Asked)),
            resident=None if place is None else place.resident,
            area=who.user.area if place is None else None,
            phone="13900001111",
            drill=dice.random() < self._world.manners.drills,
        )
        what = "a drill" if entry.drill else f"help asked for by {entry.kind.value}"
        enter = partial(entering.enter, entry=entry, by=who.user)
        await ask(self._world, dice, who.user.id, f"enters {what}", entry.resident or "", enter)

    async def _plan(self, dice: Random) -> None:
        """A plan of its own for a county or town, a new version of it, or none any more."""
        area = dice.choice((county.COUNTY, *county.TOWNS))
        query = "SELECT id FROM policies WHERE area = ? AND current"
        found = self._world.oracle.rows().execute(query, (area,)).fetchone()
        steps = _steps(dice)
        if found is None:
            add = partial(policies.add_policy, area=area, name="预案", steps=steps, by=self._keeper)
            await self._does(dice, f"writes a plan for {area}", add)
        elif dice.random() < 0.3:
            remove = partial(policies.remove_policy, policy=found[0], by=self._keeper)
            await self._does(dice, f"takes the plan of {area} away", remove)
        else:
            change = PolicyChange(steps=steps)
            changed = partial(policies.change_policy, policy=found[0], change=change, by=self._keeper)
            await self._does(dice, f"changes the plan of {area}", changed)

    async def _roster(self, dice: Random) -> None:
        """Two shifts that change in a few minutes; swaps; or everybody on duty again."""
        place = dice.choice((f"center:{county.COUNTY}", *(f"center:{town}" for town in county.TOWNS)))
        staff = [
            p.user.id for p in self._world.people if place == f"center:{p.user.area}" and not p.user.clinic
        ]
        query = "SELECT id FROM rosters WHERE place = ?"
        found = self._world.oracle.rows().execute(query, (place,)).fetchone()
        if found is None:
            change = RosterChange(name="值班", shifts=self._shifts(dice, staff))
            add = partial(rostering.add_roster, place=place, change=change, by=self._keeper)
            await self._does(dice, f"writes the roster of {place}", add)
        elif dice.random() < 0.2:
            remove = partial(rostering.remove_roster, roster=found[0], by=self._keeper)
            await self._does(dice, f"takes the roster of {place} away", remove)
        else:
            change = self._swap(dice, staff)
            changed = partial(rostering.change_roster, roster=found[0], change=change, by=self._keeper)
            await self._does(dice, f"changes the roster of {place}", changed)

    def _shifts(self, dice: Random, staff: list[str]) -> tuple[Shift, ...]:
        """One that ends soon, and one that begins then."""
        at = datetime.fromtimestamp((DAY_0_MS + self._world.loop.time() * 1000) / 1000, UTC)
        end = at.replace(second=0, microsecond=0) + timedelta(minutes=dice.randint(1, 8))
        first, second = dice.choice(staff), dice.choice(staff)
        lead = dice.choice((None, "u-county-1", first))
        early = _shift("早班", end - timedelta(hours=12), 720, first)
        return early, _shift("晚班", end, 720, second, lead, "13811112222" if lead else "")

    def _swap(self, dice: Random, staff: list[str]) -> RosterChange:
        if dice.random() < 0.5:
            return RosterChange(shifts=self._shifts(dice, staff))
        since = DAY_0_MS + int(self._world.loop.time() * 1000) + dice.choice((0, 5_000, 120_000))
        out, into = dice.choice(staff), dice.choice((*staff, None))
        until = since + dice.choice((60_000, 300_000, 3_600_000))
        return RosterChange(changes=(Change(since=since, until=until, out=out, into=into),))

    async def _status(self, dice: Random) -> None:
        """Away, in hospital, dead: a press rings all the same."""
        place = dice.choice([each for each in self._world.elders.places if each.resident])
        status = dice.choice(STATUSES)
        draft = ResidentDraft(status=status)
        change = partial(
            residents.change_resident, resident=place.resident or "", draft=draft, by=self._keeper
        )
        await self._does(dice, f"writes that {place.resident} is {status}", change)

    async def _does(self, dice: Random, does: str, what: Callable[..., object]) -> None:
        await ask(self._world, dice, self._keeper.id, does, "", what)


def _steps(dice: Random) -> tuple[Step, ...]:
    """A plan such as a county might write: its own first screens, its own order, its own patience."""
    first = dice.choice((("town", "clinic"), ("town",), ("clinic", "town"), ("county", "town")))
    steps, after_s = [Step(after_s=0, whom=first)], 0
    for whom in dice.sample(MIDDLE, dice.randint(0, 3)):
        after_s += dice.choice((5, 10, 20))
        steps.append(Step(after_s=after_s, whom=(whom,)))
    steps.append(Step(after_s=after_s + dice.choice((5, 20)), whom=("county",)))
    every_s = dice.choice((30, 60, 90))
    return (*steps, Step(after_s=steps[-1].after_s + dice.choice((10, 30)), whom=("all",), every_s=every_s))


def _shift(
    name: str, start: datetime, minutes: int, who: str, lead: str | None = None, phone: str = ""
) -> Shift:
    return Shift(
        name=name, start=f"{start:%Y-%m-%dT%H:%M}", rrule="FREQ=DAILY", minutes=minutes, people=(who,),
        tz="UTC", leader=lead, phone=phone,
    )  # fmt: skip
