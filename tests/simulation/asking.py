"""Somebody asks a hub for something, until it has said yes or no."""

import asyncio
from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING, TypeVar

from hub.domain.errors import HubError, Unavailable
from hub.ports import Transaction

if TYPE_CHECKING:
    from tests.simulation.process import Life
    from tests.simulation.world import World

T = TypeVar("T")
TRIES = 200


async def ask(
    world: "World", dice: Random, who: str, does: str, about: str, what: Callable[..., T]
) -> T | None:
    """What the hub answered; None for no. An answer that got lost is asked for again, perhaps at another hub.

    `what(tx, now=…)` is a service as the console calls it; the story says that `who` `does` it `about` a call.
    """
    for _ in range(TRIES):
        lives = world.serving()  # nobody is let in before a hub has begun
        if lives:
            life = dice.choice(lives)

            def command(tx: Transaction, life: "Life" = life) -> T:
                return what(tx, now=life.clock.now())

            task = life.serve(life.do(command))
            await asyncio.wait({task})
            if not task.cancelled():
                error = task.exception()
                if error is None:
                    world.story.tell(f"{who} {does} {about}".rstrip(), about)
                    return task.result()
                if isinstance(error, HubError) and not isinstance(error, Unavailable):
                    world.story.tell(f"{who} {does} {about}".rstrip() + f": no, {error.code}", about)
                    return None
                if not isinstance(error, HubError):
                    world.failed("a service", repr(error))
        await asyncio.sleep(dice.uniform(0.5, 4))
    return None
