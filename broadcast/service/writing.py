"""A broadcast is written, changed, approved, rejected or taken back."""

import msgspec

from broadcast.domain import broadcasts, priorities, schedule
from broadcast.domain.broadcasts import Broadcast, BroadcastState, VoiceChoice
from broadcast.domain.people import Author
from broadcast.domain.priorities import Category
from broadcast.domain.schedule import Timing
from broadcast.domain.spoken import check_spoken, check_text
from broadcast.errors import Problem, RequestError
from broadcast.rows import Tale, Told, Work
from broadcast.service import places, planning

TITLE_LIMIT = 80
MOST_REPEATS = 5


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A broadcast as somebody wants it: a text or a recording, to zones, at a time.

    `spoken`: how the text is to be read, when its author has corrected that. `priority` None: as the category
    has it.
    """

    zones: tuple[str, ...]
    title: str = ""
    text: str = ""
    spoken: str | None = None
    recording: str | None = None
    category: Category = Category.NOTICE
    priority: int | None = None
    voice: VoiceChoice = VoiceChoice.AUTO
    repeat: int = 2
    drill: bool = False
    timing: Timing = Timing()


def check(wanted: Wanted, now: int, before: Timing | None = None) -> Wanted:
    """`wanted` made whole, by all that can be said without the register. Some rules take long: half a second.

    `before`: the timing that it had so far; when nothing of it changes it is not asked whether it still may.
    TextError, RequestError: what is wrong, and where.
    """
    if bool(wanted.text.strip()) is (wanted.recording is not None):
        if not wanted.recording:
            check_text(wanted.text)  # says whether it is empty, or all blanks
        raise RequestError(Problem.SOURCE, field="text")
    if wanted.recording is None:
        check_text(wanted.text)
    if wanted.spoken is not None:
        check_spoken(wanted.spoken)
    title = wanted.title.strip() or _first_words(wanted.text)
    if len(title) > TITLE_LIMIT or not title.isprintable():
        raise RequestError(Problem.TITLE, field="title", limit=TITLE_LIMIT)
    timing = wanted.timing if wanted.timing == before else schedule.check(wanted.timing, now)
    return msgspec.structs.replace(
        wanted, title=title, timing=timing, priority=priorities.priority_of(wanted.category, wanted.priority)
    )


def create(work: Work, wanted: Wanted, author: Author, now: int) -> Broadcast:
    """Write a broadcast that `check` has made whole; it is prepared next. RequestError as in places.check."""
    blank = Broadcast(
        id=work.new_id("bc", now),
        rev=1,
        state=BroadcastState.PREPARING,
        title="",
        text="",
        spoken="",
        spoken_given=False,
        recording=None,
        category=wanted.category,
        priority=0,
        volume=0,
        voice=wanted.voice,
        repeat=wanted.repeat,
        drill=wanted.drill,
        zones=(),
        area=author.area,
        county_wide=False,
        needs_two=False,
        timing=wanted.timing,
        created_by=author.by,
        created_at=now,
        edited_by=author.by,
        edited_at=now,
    )
    broadcast = _filled(work, blank, wanted, author)
    work.broadcasts.insert(broadcast)
    _tell(work, Told.CREATED, broadcast, author, now)
    return broadcast


def change(
    work: Work, broadcast_id: str, wanted: Wanted, author: Author, rev: int | None, now: int
) -> Broadcast:
    """Make it as `wanted` (whole, by `check`); what is heard, where or when is prepared and approved anew."""
    before = own(work, broadcast_id, author)
    broadcasts.require_rev(before, rev)
    after = broadcasts.changed(before, _filled(work, before, wanted, author), author.by, now)
    if after == before:
        return before
    _swap(work, before, after)
    if after.rev != before.rev:
        work.runs.forget_planned(before.id)
    _tell(work, Told.CHANGED, after, author, now)
    return after


def approve(work: Work, broadcast_id: str, by: Author, rev: int, now: int) -> Broadcast:
    """The second person agrees: it goes out at its time."""
    before = own(work, broadcast_id, by)
    after = broadcasts.approve(before, by, rev, now)
    _swap(work, before, after)
    _tell(work, Told.APPROVED, after, by, now)
    planning.plan_once(work, after, now)
    return after


def reject(work: Work, broadcast_id: str, by: Author, rev: int, note: str, now: int) -> Broadcast:
    """The second person does not agree, and says why."""
    before = own(work, broadcast_id, by)
    after = broadcasts.reject(before, by, rev)
    _swap(work, before, after)
    _tell(work, Told.REJECTED, after, by, now, note)
    return after


def cancel(work: Work, broadcast_id: str, by: Author, now: int) -> None:
    """Take it back. Conflict while it is on air."""
    before = own(work, broadcast_id, by)
    after = broadcasts.cancel(before)
    if after == before:
        return
    _swap(work, before, after)
    work.runs.forget_planned(before.id)
    _tell(work, Told.CANCELLED, after, by, now)


def own(work: Work, broadcast_id: str, author: Author) -> Broadcast:
    """A broadcast that the author may act on. RequestError: none of that id, or not in their areas."""
    found = work.broadcasts.get(broadcast_id)
    if found is None or not author.reaches(found.area):
        raise RequestError(Problem.UNKNOWN)
    return found


def wanted_of(broadcast: Broadcast) -> Wanted:
    """What it takes to write the very same again."""
    return Wanted(
        zones=broadcast.zones,
        title=broadcast.title,
        text=broadcast.text,
        spoken=broadcast.spoken if broadcast.spoken_given else None,
        recording=broadcast.recording,
        category=broadcast.category,
        priority=broadcast.priority,
        voice=broadcast.voice,
        repeat=broadcast.repeat,
        drill=broadcast.drill,
        timing=broadcast.timing,
    )


def _filled(work: Work, broadcast: Broadcast, wanted: Wanted, author: Author) -> Broadcast:
    where = places.check(work.places, wanted.zones, author)
    if wanted.recording is not None and wanted.recording != broadcast.recording:
        _check_recording(work, wanted.recording, author)
    priority = priorities.priority_of(wanted.category, wanted.priority)
    reading_stays = wanted.spoken is None and wanted.text == broadcast.text and not broadcast.spoken_given
    return msgspec.structs.replace(
        broadcast,
        title=wanted.title,
        text=wanted.text,
        spoken=broadcast.spoken if reading_stays else wanted.spoken or "",
        spoken_given=wanted.spoken is not None,
        recording=wanted.recording,
        category=wanted.category,
        priority=priority,
        volume=priorities.volume_of(priority),
        voice=wanted.voice,
        repeat=wanted.repeat,
        drill=wanted.drill,
        zones=where.zones,
        area=where.area,
        county_wide=where.county_wide,
        needs_two=priorities.needs_two(priority, county_wide=where.county_wide),
        timing=wanted.timing,
    )


def _check_recording(work: Work, recording: str, author: Author) -> None:
    found = work.broadcasts.recording(recording)
    if found is None or found.created_by != author.id:
        raise RequestError(Problem.RECORDING_UNKNOWN, field="recording")


def _swap(work: Work, before: Broadcast, after: Broadcast) -> None:
    if not work.broadcasts.swap(before, after):
        raise work.collide()  # somebody changed it this instant: look again


def _tell(work: Work, told: Told, broadcast: Broadcast, by: Author, now: int, note: str = "") -> None:
    work.tell(Tale(told=told, at=now, area=broadcast.area, broadcast=broadcast, by=by.by, note=note))


def _first_words(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 20 else words[:19] + "…"
