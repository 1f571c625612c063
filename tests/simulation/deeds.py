"""What somebody does with a call they have: everything that the console lets them do, from the answer to the rating.

Each deed says whether there is still something to do for them: not once they have handed the call on, or the hub
has said no. Whatever they find out, they find out as at a desk: from the hub's answers and from their screen.
"""

import hashlib
from collections.abc import Awaitable, Callable
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from hub.domain.calls import AFTERWARDS, Call, Outcome
from hub.domain.feedback import AskBy
from hub.ports import Transaction
from hub.services import dispatching, handling, merging, reviewing
from hub.services.dispatching import Dial, Sending
from hub.services.reviewing import LinkToSend
from tests.simulation import county

if TYPE_CHECKING:
    from tests.simulation.people import Person

STEPS_S = (15.0, 30.0, 60.0, 90.0, 150.0)  # when steps of the usual plan fall due
NUMBERS = ("120", "119", "110")
Deed = Callable[[str], Awaitable[bool]]


class Deeds:
    """The work of one person."""

    def __init__(self, person: "Person", dice: Random) -> None:
        self._person = person
        self._world = person.world
        self._manners = person.world.manners
        self._user = person.user
        self._dice = dice

    async def handle(self, call: str, wait_s: float) -> None:
        """Answer after `wait_s`, and see it through."""
        person, world = self._person, self._world
        await person.pause(wait_s)
        if self._happens(self._manners.merges / 4) and not await self._merge(call):
            return
        if person.sees_in_other_hands(call) and self._happens(world.wanted.look_first):
            return
        answer = partial(handling.answer, call_id=call, by=self._user)
        if self._happens(world.weather.answers_twice):
            world.background(person.ask("answers", call, answer))
        if await person.ask("answers", call, answer) is None:
            return
        world.oracle.answered(self._user, call)
        if await self._work(call):
            await self._resolve(call)

    async def follow_up(self, call: str, wait_s: float) -> None:
        """It is over: ask what it was like, or do not, and close the case."""
        await self._person.pause(wait_s)
        if self._happens(self._manners.asks_elder):
            await self._ask_elder(call)
            await self._person.pause(self._dice.uniform(5, 200))
        if self._happens(self._manners.reopens / 2):
            await self._reopen(call)
            return
        rating = self._dice.choice((None, 1, 3, 5))
        close = partial(reviewing.close, call_id=call, by=self._user, rating=rating, note="")
        if await self._person.ask("closes", call, close) is not None and self._happens(
            self._manners.reopens / 2
        ):
            await self._person.pause(self._dice.uniform(1, 60))
            await self._reopen(call)

    async def _work(self, call: str) -> bool:
        """Until there is nothing to be done but to end it."""
        dice, world, manners = self._dice, self._world, self._manners
        for _ in range(dice.randint(0, manners.busy)):
            await self._person.pause(dice.uniform(1, 60))
            if world.calm:
                return True
            if not await self._deed()(call):
                return False
        if self._happens(manners.lingers):
            return await self._linger(call)
        await self._person.pause(2 if world.calm else dice.uniform(1, 90))
        if self._happens(world.weather.releases):
            release = partial(handling.release, call_id=call, by=self._user)
            await self._person.ask("gives back", call, release)
            return False
        return True

    def _deed(self) -> Deed:
        manners = self._manners
        chosen: tuple[tuple[float, Deed], ...] = (
            (manners.sends * 2, self._send),
            (manners.sends / 4, self._dial),
            (manners.idles, self._leave),
            (manners.hands_over, self._hand_over),
            (manners.merges, self._merge),
            (0.2, self._note),
            (0.1, self._call_back),
            (0.2, self._extend),
            (0.2, self._confirm_cancel),
        )
        weights = [weight for weight, _ in chosen]
        return self._dice.choices([deed for _, deed in chosen], weights)[0]

    async def _linger(self, call: str) -> bool:
        """It takes its time: somebody is sent, and again, and one click each few minutes keeps the call."""
        await self._send(call)
        until_s = self._world.loop.time() + self._dice.uniform(600, 2400)
        while self._world.loop.time() < until_s and not self._world.calm:
            await self._person.pause(self._dice.uniform(60, 290))
            if not await self._dice.choice((self._extend, self._note, self._send))(call):
                return False
        return True

    async def _leave(self, call: str) -> bool:
        """To the kettle, or for good; whoever comes back goes on as if nothing had been."""
        self._world.story.tell(f"{self._user.id} leaves the desk with {call} in hand", call)
        await self._person.pause(self._dice.choice((100, 250, 290, 400)) * self._dice.uniform(0.8, 1.2))
        return True

    async def _send(self, call: str) -> bool:
        rows = self._world.oracle.rows()
        found = rows.execute("SELECT resident, clinic FROM calls WHERE id = ?", (call,)).fetchone()
        resident, clinic = (None, None) if found is None else found
        known: list[str] = [f"clinic:{name}" for name in (clinic, self._dice.choice(county.CLINICS)) if name]
        helpers = "SELECT doctor, grid_worker FROM residents WHERE id = ?"
        for row in rows.execute(helpers, (resident,)):
            known += [f"person:{name}" for name in row if name is not None]
        family = "SELECT id FROM contacts WHERE resident = ? ORDER BY position"
        known += [f"contact:{name}" for (name,) in rows.execute(family, (resident,))]
        sending = Sending(to=self._dice.choice((*known, "person:nobody", "120")), note="快去")
        sent = partial(dispatching.dispatch, call_id=call, by=self._user, sending=sending)
        await self._person.ask(f"sends {sending.to} to", call, sent)
        return True

    async def _dial(self, call: str) -> bool:
        dial = Dial(number=self._dice.choice(NUMBERS))
        dialled = partial(dispatching.dialled, call_id=call, by=self._user, dial=dial)
        await self._person.ask(f"dials {dial.number} for", call, dialled)
        return True

    async def _hand_over(self, call: str) -> bool:
        colleagues = [one.user.id for one in self._world.people if one is not self._person]
        to = self._dice.choice((*colleagues, *colleagues, county.keeper().id, "u-nobody"))
        over = partial(handling.hand_over, call_id=call, by=self._user, to=to, note="")
        after = await self._person.ask(f"hands to {to}", call, over)
        return after is None or after.holder is None or after.holder.id == self._user.id

    async def _merge(self, call: str) -> bool:
        """With any other call on the screen, in either direction; some in the second in which a step falls due."""
        others = [
            one for one in await self._person.open_calls() if one.id != call and one.resolved_at is None
        ]
        if not others:
            return True
        other = self._dice.choice(others)
        if self._happens(self._manners.merges_at_a_step):
            await self._until_a_step(other)
        gone, into = self._dice.choice(((call, other.id), (other.id, call)))
        merged = partial(merging.merge, call_id=gone, into_id=into, by=self._user)
        after = await self._person.ask(f"merges {gone} into", into, merged)
        if after is None or into == call:
            return True
        if after.holder is not None and after.holder.id == self._user.id:
            self._person.take_on(into)
        return False

    async def _until_a_step(self, other: Call) -> None:
        case = self._world.oracle.cases.get(other.id)
        if case is None:
            return
        waited_s = self._world.loop.time() - case.waits_since_s
        to_come = [step_s - waited_s for step_s in STEPS_S if 0 < step_s - waited_s < 60]
        if to_come:
            await self._person.pause(to_come[0] + self._dice.choice((0, 0, 0.001, 0.01)))

    async def _note(self, call: str) -> bool:
        note = partial(handling.note, call_id=call, by=self._user, text="家人已知")
        return await self._person.ask("writes a note to", call, note) is not None

    async def _call_back(self, call: str) -> bool:
        outcome = self._dice.choice(handling.CALLED_BACK)
        called = partial(handling.called_back, call_id=call, by=self._user, outcome=outcome, text="")
        return await self._person.ask("telephones about", call, called) is not None

    async def _extend(self, call: str) -> bool:
        extend = partial(handling.extend, call_id=call, by=self._user)
        return await self._person.ask("extends", call, extend) is not None

    async def _confirm_cancel(self, call: str) -> bool:
        """Perhaps nobody has asked for it: then the hub says no, and the work goes on."""
        cancel = partial(handling.confirm_cancel, call_id=call, by=self._user, note="")
        return await self._person.ask("confirms the cancel of", call, cancel) is None

    async def _resolve(self, call: str) -> None:
        outcomes = [one for one in Outcome if self._world.calm is False or one is not Outcome.CANCELLED]
        outcome = self._dice.choice(outcomes)
        resolve = partial(handling.resolve, call_id=call, by=self._user, outcome=outcome, note="")
        done = await self._person.ask(f"resolves ({outcome})", call, resolve)
        if done is None and outcome is Outcome.CANCELLED:  # only the elder can: say how it was
            resolve = partial(resolve, outcome=Outcome.HELPED)
            done = await self._person.ask("resolves (helped)", call, resolve)
        if done is not None and done.state in AFTERWARDS:
            await self.follow_up(call, 2 if self._world.calm else self._dice.uniform(1, 60))

    async def _ask_elder(self, call: str) -> None:
        way = self._dice.choice(tuple(AskBy))

        def ask(tx: Transaction, now: int) -> Call:
            return reviewing.ask(tx, call, self._user, way, self._new_link(), now)

        await self._person.ask(f"asks by {way} about", call, ask)

    def _new_link(self) -> LinkToSend:
        """Each request makes its own, as in `hub.console.links`."""
        token = f"{self._dice.getrandbits(64):016x}"
        return LinkToSend(hashlib.sha256(token.encode()).hexdigest(), f"https://hub/f/{token}")

    async def _reopen(self, call: str) -> None:
        reopen = partial(handling.reopen, call_id=call, by=self._user, note="又不舒服")
        await self._person.ask("reopens", call, reopen)

    def _happens(self, chance: float) -> bool:
        return not self._world.calm and self._dice.random() < chance
