"""The real studio: voices, mastering desk and store put together for the process that prepares broadcasts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from broadcast.audio.mastering import Desk
from broadcast.audio.store import FileStore
from broadcast.ports import Voice
from broadcast.preparation import Studio
from broadcast.speech.espeak import EspeakVoice


@contextmanager
def open_studio(folder: Path, *, edge_voice: str | None = None) -> Iterator[Studio]:
    """A studio over the audio folder, usable from any thread until it is closed.

    `edge_voice` is the county's consent that texts go to Microsoft's service, and the voice it wants there
    (zh-CN-XiaoxiaoNeural …); without it nothing leaves the machine. espeak-ng always stands behind it.
    """
    desk = Desk()
    with EspeakVoice() as espeak:
        voices: list[Voice] = [espeak]
        if edge_voice:
            # Not imported where it is not allowed: nothing of it can be called by mistake.
            from broadcast.speech.edge import EdgeVoice

            voices.insert(0, EdgeVoice(desk.decode_speech, voice=edge_voice))
        yield Studio(voices, desk, FileStore(folder))
