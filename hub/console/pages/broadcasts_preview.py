"""What the studio is asked for when somebody wants to hear a broadcast before it is sent."""

from broadcast.domain.broadcasts import VoiceChoice
from broadcast.domain.people import Author
from broadcast.domain.priorities import Category
from broadcast.domain.spoken import check_spoken, check_text
from broadcast.errors import Problem, RecordingError
from hub.console.context import ConsoleContext
from hub.console.language import DEFAULT
from hub.console.pages.broadcasts_form import BroadcastForm, Source, repeat_of
from hub.domain.errors import Fault, Faulty
from hub.studio.wire import RecordingWanted, TextWanted, Wanted


async def wanted_sound(context: ConsoleContext, form: BroadcastForm, author: Author) -> Wanted:
    """The same question as is asked once the broadcast is saved, so that it is answered from the store then.

    Faulty, BroadcastError: nothing can be made of what the form says.
    """
    emergency = form.category is Category.EMERGENCY
    if form.source is Source.RECORDING:
        sha256 = await _recording(context, form.recording, author)
        return RecordingWanted(sha256=sha256, times=repeat_of(form.repeat), emergency=emergency)
    check_text(form.text)
    if form.given_spoken is not None:
        check_spoken(form.given_spoken)
    return TextWanted(
        text=form.text,
        spoken=form.given_spoken,
        before=context.phrases.say(DEFAULT, "broadcast-drill-said-first") if form.drill else "",
        times=repeat_of(form.repeat),
        emergency=emergency,
        local=form.voice is VoiceChoice.LOCAL,
    )


async def _recording(context: ConsoleContext, recording: str, author: Author) -> str:
    if not recording:
        raise Faulty([Fault("recording", "recording-missing")])
    found = await context.store.read(lambda read: read.broadcasts.recording(recording))
    if found is None or found.created_by != author.id:
        raise RecordingError(Problem.RECORDING_UNKNOWN)
    return found.sha256
