"""A loudspeaker over real roads: it fetches, plays to a recorder, and changes its subscriptions."""

import asyncio
from pathlib import Path
from random import Random

from firmware_sim.connection import Account
from firmware_sim.effects import Effect, Fetch, Resubscribe, StartSound, StopSound
from firmware_sim.journal import Line
from firmware_sim.loudspeaker import Loudspeaker
from firmware_sim.recorder import Sounding, record
from firmware_sim.runner import Runner
from firmware_sim.world import World


class LoudspeakerRunner(Runner):
    """A loudspeaker alive; what it plays is written to the world's recordings."""

    def __init__(self, loudspeaker: Loudspeaker, account: Account, world: World, rng: Random) -> None:
        super().__init__(loudspeaker, account, world, rng)
        self.loudspeaker = loudspeaker
        self._sounding: Sounding | None = None
        self._aloud: asyncio.Task[None] | None = None

    def _do(self, effect: Effect) -> None:
        match effect:
            case Fetch():
                self._world.background(self._fetch(effect))
            case StartSound():
                self._start_sound(effect)
            case StopSound():
                self._stop_sound(effect)
            case Resubscribe():
                self._link.resubscribe()
            case _:
                super()._do(effect)

    async def _fetch(self, what: Fetch) -> None:
        result = await self._world.store.fetch(self.device, what)
        self._carry_out(self.loudspeaker.fetched(result, self._now()))
        if result.reason is None:
            self._world.store.prune(self.device, self.loudspeaker.needed)

    def _start_sound(self, sound: StartSound) -> None:
        files = tuple(self._world.store.path(self.device, sha256) for sha256 in sound.pieces)
        self._sounding = Sounding(sound, files, self._world.wall_ms())
        if self._world.aloud is not None:
            playing = self._world.aloud.play(self._sounding, self._world.wall_ms)
            self._aloud = self._world.background(playing)

    def _stop_sound(self, stop: StopSound) -> None:
        sounding, self._sounding = self._sounding, None
        if self._aloud is not None:
            self._aloud.cancel()
        if sounding is not None and self._world.recordings is not None:
            folder = self._world.recordings / self.device
            self._world.background(self._record(sounding, stop, folder))

    async def _record(self, sounding: Sounding, stop: StopSound, folder: Path) -> None:
        wav = await record(sounding, stop, folder)
        self._world.journal.write(
            Line(sounding.started_ms, self.device, "played", run=stop.run, wav=str(wav) if wav else None)
        )
