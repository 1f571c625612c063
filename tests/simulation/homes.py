"""People without a screen: whoever is sent, with a telephone; family; elders whose device, or a link, asks them.

They know what reached them: a notice, or what the clinic's own screen showed. What they do is reported to the center
by telephone, where anybody who sees the call writes it down.
"""

import asyncio
import hashlib
import re
from collections import Counter
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from devices.messages import PressKind
from hub.domain.responders import ResponderState
from hub.services import dispatching, reviewing
from tests.simulation.asking import ask
from tests.simulation.devices import SimButton

if TYPE_CHECKING:
    from tests.simulation.people import Person
    from tests.simulation.world import World

OFTEN = 3  # who has set out so often for one call has understood
LINK = re.compile(r"https://hub/f/([0-9a-f]+)")


class Homes:
    """Everybody outside the centers."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._dice = world.fate.stream("homes")
        self._out: set[str] = set()
        self._went: Counter[str] = Counter()

    def told(self, address: str, body: str) -> None:
        """A notice reached a telephone."""
        if self._world.calm:
            return
        link = LINK.search(body)
        if link is not None:
            self._world.background(self._rate(link[1], Random(self._dice.getrandbits(64))))
            return
        asked = "SELECT id FROM responders WHERE phone = ? AND state = 'asked' ORDER BY id"
        for (line,) in self._world.oracle.rows().execute(asked, (address.removeprefix("sms:"),)).fetchall():
            self.asked(line, None)

    def asked(self, line: str, reports: "Person | None") -> None:
        """Somebody was asked to go, and knows it. `reports` writes their steps down; None: whoever is called."""
        if self._world.calm or line in self._out or self._went[line] == OFTEN:
            return
        self._out.add(line)
        self._went[line] += 1
        self._world.background(self._goes(line, reports, Random(self._dice.getrandbits(64))))

    def device_asks(self, button: SimButton) -> None:
        """A device asks the elder what it was like, and lets them think about it."""
        if self._world.calm or button.place.device in self._out:
            return
        self._out.add(button.place.device)
        self._world.background(self._answers(button, Random(self._dice.getrandbits(64))))

    async def _answers(self, button: SimButton, dice: Random) -> None:
        """Also when it is too late, and with the emergency key, which is a call and nothing else."""
        keys = (PressKind.OK, PressKind.OK, PressKind.CALLBACK, PressKind.SOS)
        for _ in range(dice.choice((1, 1, 2))):
            await asyncio.sleep(dice.uniform(3, 100))
            if not self._world.calm and dice.random() < self._world.manners.elder_answers:
                button.press(dice.choice(keys))
        self._out.discard(button.place.device)

    async def _goes(self, line: str, reports: "Person | None", dice: Random) -> None:
        try:
            for state in self._steps(dice):
                await asyncio.sleep(dice.choice((2, 20, 60, 119.9, 150)) * dice.uniform(0.9, 1.1))
                if self._world.calm or not await self._report(line, reports, state, dice):
                    return
        finally:
            self._out.discard(line)

    def _steps(self, dice: Random) -> tuple[ResponderState, ...]:
        manners, on = self._world.manners, ResponderState
        if dice.random() < manners.ignores:
            return ()
        if dice.random() < manners.declines:
            return dice.choice(((on.DECLINED,), (on.DECLINED, on.ACCEPTED, on.ARRIVED)))
        coming = dice.choice(((on.ACCEPTED, on.ON_THE_WAY), (on.ACCEPTED,), (on.ON_THE_WAY,), ()))
        if dice.random() < manners.gives_up:
            return (*coming, on.DECLINED)
        if dice.random() < manners.never_arrives:
            return coming
        return (*coming, on.ARRIVED, on.DONE)[: dice.choice((None, None, -1))]

    async def _report(self, line: str, reports: "Person | None", state: ResponderState, dice: Random) -> bool:
        """As it stands on the card: the line may have moved into another call."""
        query = (
            "SELECT r.call, c.area, c.clinic FROM responders r JOIN calls c ON c.id = r.call WHERE r.id = ?"
        )
        found = self._world.oracle.rows().execute(query, (line,)).fetchone()
        if found is None:
            return False
        call, area, clinic = found
        who = reports
        if who is None or not who.sees(area, clinic):
            able = [one for one in self._world.people if one.sees(area, clinic)]
            who = dice.choice(able)
        move = partial(dispatching.move, call_id=call, line_id=line, by=who.user, state=state)
        return (
            await who.ask(f"reports that {line} {state.value.replace('_', ' ')} for", call, move) is not None
        )

    async def _rate(self, token: str, dice: Random) -> None:
        """Once, twice at the same time, or never."""
        await asyncio.sleep(dice.uniform(3, 200))
        if dice.random() >= self._world.manners.elder_answers:
            return
        hashed = hashlib.sha256(token.encode()).hexdigest()
        for _ in range(dice.choice((1, 1, 2))):
            rate = partial(reviewing.rate, token_hash=hashed, rating=dice.randint(1, 5), note="")
            self._world.background(ask(self._world, dice, "somebody", "rates by link", "", rate))
