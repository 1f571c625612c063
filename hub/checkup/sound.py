"""ffmpeg and the voice that is always there: both come inside wheels, and both are tried."""

from collections.abc import Iterator

from broadcast.audio import ffmpeg
from broadcast.errors import MasteringError
from broadcast.ports import VoiceUnavailable
from broadcast.speech.espeak import EspeakVoice
from hub.checkup.finding import Finding, broken, fine
from hub.i18n import Phrases

TIMEOUT_S = 20.0


def examine_sound() -> Iterator[Finding]:
    """One finding each."""
    yield _ffmpeg()
    yield _voice()


def _ffmpeg() -> Finding:
    try:
        output = ffmpeg.run_well(["-version"], timeout_s=TIMEOUT_S)
    except (
        MasteringError,
        RuntimeError,
        OSError,
    ) as error:  # imageio-ffmpeg: RuntimeError without its binary
        return broken("ffmpeg", "doctor-ffmpeg-broken", reason=str(error) or type(error).__name__)
    return fine("ffmpeg", "doctor-ffmpeg", version=output.data.decode(errors="replace").splitlines()[0])


def _voice() -> Finding:
    try:
        with EspeakVoice() as voice:
            voice.speak(Phrases().say("zh", "reply-test"))
            return fine("voice", "doctor-voice", name=voice.name)
    except (VoiceUnavailable, OSError) as error:
        return broken("voice", "doctor-voice-broken", reason=str(error))
