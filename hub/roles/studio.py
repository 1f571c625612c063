"""The studio role: no database, no broker; texts and recordings in, finished audio out into its folder."""

import asyncio
import logging
import signal

from broadcast.speech.wetext_reader import read_aloud
from broadcast.studio import open_studio
from hub.settings import Settings
from hub.studio.desk import StudioDesk
from hub.studio.service import StudioService

log = logging.getLogger(__name__)


async def run(settings: Settings) -> None:
    """Until SIGTERM or SIGINT. Errors: StoreError (the audio folder), OSError (the socket)."""
    settings.recordings_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    with open_studio(settings.audio_dir, edge_voice=settings.edge_voice) as studio:
        service = StudioService(StudioDesk(studio, settings.recordings_dir))
        read_aloud("1")  # loads the grammars before anybody waits for them
        serving = asyncio.create_task(service.run(settings.run_dir))
        until = asyncio.create_task(stopping.wait())
        done, _ = await asyncio.wait({serving, until}, return_when=asyncio.FIRST_COMPLETED)
        for task in (serving, until):
            task.cancel()
        await asyncio.gather(serving, until, return_exceptions=True)
        service.end()
    if serving in done:
        serving.result()
