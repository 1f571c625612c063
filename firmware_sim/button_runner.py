"""A call button over real roads: what it says and shows, its second path, and who waits for its presses."""

import asyncio
from random import Random

import msgspec

from devices.messages import PressKind
from firmware_sim.button import Button
from firmware_sim.connection import Account
from firmware_sim.effects import AskReply, Effect, GaveUp, Heard, PostPress, Show, Speak
from firmware_sim.journal import Line
from firmware_sim.runner import Runner
from firmware_sim.world import World


class ButtonRunner(Runner):
    """A button that can be pressed; its waiters are told when somebody has the press."""

    def __init__(self, button: Button, account: Account, world: World, rng: Random) -> None:
        super().__init__(button, account, world, rng)
        self.button = button
        self._waiting: dict[str, asyncio.Future[Heard | GaveUp]] = {}

    def press(self, kind: PressKind) -> tuple[str, asyncio.Future[Heard | GaveUp]]:
        """Press a key; the future is done when the press was received, or given up."""
        press, effects = self.button.press(kind, self._now())
        told = self._waiting[press] = self._world.exchange.loop.create_future()
        self._carry_out(effects)
        return press, told

    def _do(self, effect: Effect) -> None:
        match effect:
            case PostPress() | AskReply():
                self._world.background(self._by_second_path(effect))
            case Speak(reply):
                state = reply.state
                self._note(Line(0, "", "spoke", reply.press, reply.call, state, reply.say))
            case Show(panel):
                self._note(Line(0, "", "showed", panel=panel))
            case Heard(press):
                self._settle(press, effect)
            case GaveUp(press):
                self._note(Line(0, "", "gave_up", press))
                self._settle(press, effect)
            case _:
                super()._do(effect)

    async def _by_second_path(self, what: PostPress | AskReply) -> None:
        answer = await self._world.second_path.ask(what, self.account)
        self._carry_out(self.button.second_path_answered(answer, self._now()))

    def _settle(self, press: str, outcome: Heard | GaveUp) -> None:
        told = self._waiting.pop(press, None)
        if told is not None and not told.done():
            told.set_result(outcome)

    def _note(self, line: Line) -> None:
        full = msgspec.structs.replace(line, at=self._world.wall_ms(), device=self.device)
        self._world.journal.write(full)
