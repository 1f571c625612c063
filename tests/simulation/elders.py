"""Fingers on buttons: who presses what when, and which buttons there are by now."""

import asyncio
from random import Random
from typing import TYPE_CHECKING

from devices.messages import PressKind
from tests.simulation import county
from tests.simulation.devices import PlainButton, SimButton

if TYPE_CHECKING:
    from tests.simulation.world import World


class Elders:
    """Everybody with a button. A button is made when it is first pressed: before that nothing happens."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self.places = county.buttons(world.wanted.buttons)
        self._buttons: dict[str, SimButton | PlainButton] = {}
        self._households: dict[str, list[county.Button]] = {}
        for place in self.places:
            self._households.setdefault(place.subject, []).append(place)
        self._shared = [both for both in self._households.values() if len(both) > 1]

    def contract_buttons(self) -> list[SimButton]:
        """Those that keep the contract, of all that were ever pressed."""
        return [button for button in self._buttons.values() if isinstance(button, SimButton)]

    async def press(self) -> None:
        """Now and then, until the county rests."""
        world = self._world
        dice = world.fate.stream("fingers")
        while True:
            await asyncio.sleep(dice.expovariate(1 / world.wanted.presses_s))
            if world.calm:
                return
            place = dice.choice(self.places)
            button = self._button(place)
            kind = dice.choices(
                (PressKind.SOS, PressKind.FALL, PressKind.TEST, PressKind.CANCEL), (16, 4, 1, 2)
            )[0]
            button.press(kind)
            while dice.random() < world.weather.press_again:
                other = self._button(self._neighbour(place)) if dice.random() < 0.5 else button
                wait_s = dice.choice((0.01, 0.3, 5, 60)) * dice.random()
                world.loop.call_later(wait_s, other.press, PressKind.SOS)
            if isinstance(button, SimButton) and dice.random() < world.weather.smashed:
                world.loop.call_later(dice.uniform(0.5, 30), button.smash)

    def press_together(self, dice: Random) -> None:
        """Two of one household in the same moment, perhaps one in which the database takes its time: then several
        hubs have a press of theirs in hand when it goes on."""
        if dice.random() < 0.5:
            self._world.hangs(dice.uniform(0.2, 2.0))
        for place in dice.choice(self._shared) if self._shared else ():
            self._world.loop.call_later(dice.uniform(0, 0.03), self._button(place).press, PressKind.SOS)

    def somebody_presses(self, dice: Random, smashed: float) -> None:
        """An emergency, whose button may not outlive it."""
        if self._world.calm:
            return
        button = self._button(dice.choice(self.places))
        button.press(PressKind.SOS)
        if isinstance(button, SimButton) and dice.random() < smashed:
            self._world.loop.call_later(dice.uniform(0.5, 5), button.smash)

    def _neighbour(self, place: county.Button) -> county.Button:
        """Another button of the same household, if there is one."""
        same = [each for each in self._households[place.subject] if each is not place]
        return same[0] if same else place

    def _button(self, place: county.Button) -> SimButton | PlainButton:
        button = self._buttons.get(place.device)
        if button is None:
            world = self._world
            dice = world.fate.stream("button", place.device)
            plain = dice.random() < world.weather.plain
            button = PlainButton(place, world.here, dice) if plain else SimButton(place, world.here, dice)
            self._buttons[place.device] = button
        return button
