"""The form in which a broadcast is written: its fields, and all that is wrong with them, each at its place."""

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Final, TypeVar

import msgspec
from fastapi import Form
from pydantic import BaseModel, ConfigDict, Field

from broadcast.domain import priorities, schedule
from broadcast.domain.broadcasts import Broadcast, VoiceChoice
from broadcast.domain.priorities import Category
from broadcast.domain.schedule import Timing
from broadcast.domain.spoken import check_spoken, check_text
from broadcast.domain.templates import check_filled
from broadcast.errors import BroadcastError, Problem
from broadcast.service import writing
from broadcast.service.writing import MOST_REPEATS, Wanted
from hub.console.api.bodies import NO_NUL
from hub.console.pages.broadcasts_when import WEEKDAYS, Choice, When, choice_of, timing_of
from hub.domain.errors import Fault, Faulty

T = TypeVar("T")
SPOTS: Final = ("text", "spoken", "recording", "title", "category", "priority", "repeat", "zones", "when")
"""Where a fault may stand on the page."""
_SPOT_OF_FIELD: Final = {"areas": "zones"} | dict.fromkeys(("from", "until", "rrule", "at", "tz"), "when")
_OF_RECORDINGS: Final = frozenset(problem for problem in Problem if problem.name.startswith("RECORDING_"))

Words = Annotated[str, Field(pattern=NO_NUL)]


class Source(StrEnum):
    """What is played."""

    TEXT = "text"
    RECORDING = "recording"


class BroadcastForm(BaseModel):
    """The fields as the browser sends them; everything is optional, so that what is missing is said in words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Source = Source.TEXT
    template: Words = ""
    title: Words = ""
    text: Words = ""
    spoken: Words = ""
    corrected: bool = False
    recording: Words = ""
    category: Category = Category.NOTICE
    priority: Words = ""
    voice: VoiceChoice = VoiceChoice.AUTO
    repeat: Words = "2"
    drill: bool = False
    zones: Annotated[list[Words], Field(max_length=2000)] = []
    when: When = When.NOW
    at: Words = ""
    time: Words = ""
    days: list[Words] = []
    starts: Words = ""
    until: Words = ""
    rule: Words = ""
    rev: int | None = None
    key: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{0,43}$")] = ""

    @property
    def choice(self) -> Choice:
        """The fields that say when."""
        return Choice(
            when=self.when,
            at=self.at,
            time=self.time,
            days=tuple(day for day in WEEKDAYS if day in self.days),
            starts=self.starts,
            until=self.until,
            rule=self.rule,
        )

    @property
    def given_spoken(self) -> str | None:
        """How the text is to be read, where its author has corrected that."""
        return self.spoken if self.corrected and self.source is Source.TEXT else None


SentForm = Annotated[BroadcastForm, Form()]


class Checked:
    """Runs one check after another and keeps what each has to say."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def value(self, check: Callable[[], T], spot: str | None = None) -> T | None:
        """What `check` returns; None when it finds a fault, which stands at `spot` or where it belongs."""
        try:
            return check()
        except BroadcastError as error:
            self.faults.append(fault_of(error, spot))
        except Faulty as error:
            self.faults += error.faults
        return None


def read_form(form: BroadcastForm, now: int, before: Timing | None = None) -> Wanted:
    """The broadcast that the form asks for, sound in all that can be said without the register.

    `before`: the timing that it had so far. Faulty: everything that is wrong, each with its spot. Some rules
    take half a second to be looked through: call it in a thread.
    """
    checked = Checked()
    _check_source(form, checked)
    priority = checked.value(lambda: _priority(form))
    repeat = checked.value(lambda: repeat_of(form.repeat))
    timing = checked.value(lambda: check_timing(form.choice, now, before))
    if not form.zones:
        checked.faults.append(Fault("zones", Problem.NO_ZONES.value))
    if checked.faults or timing is None or repeat is None:
        raise Faulty(checked.faults)
    is_text = form.source is Source.TEXT
    wanted = Wanted(
        zones=tuple(form.zones),
        title=form.title,
        text=form.text if is_text else "",
        spoken=form.given_spoken,
        recording=None if is_text else form.recording,
        category=form.category,
        priority=priority,
        voice=form.voice,
        repeat=repeat,
        drill=form.drill,
        timing=timing,
    )
    whole = checked.value(lambda: writing.check(wanted, now, timing))
    if whole is None:
        raise Faulty(checked.faults)
    return whole


def check_timing(choice: Choice, now: int, before: Timing | None = None) -> Timing:
    """The chosen time made whole; as it was `before`, it may lie in the past. Faulty, RequestError."""
    if before is not None and choice == choice_of(before):
        return before
    return schedule.check(timing_of(choice, now), now)


def fault_of(error: BroadcastError, spot: str | None = None) -> Fault:
    """Where on the page an error belongs, and the sentence it is told in."""
    field = str(error.values.get("field", "text"))
    natural = "recording" if error.problem in _OF_RECORDINGS else _SPOT_OF_FIELD.get(field, field)
    place = spot or natural
    params = {name: value if isinstance(value, str) else round(value) for name, value in error.values.items()}
    return Fault(place if place in SPOTS else "text", error.problem.value, params)


def repeat_of(text: str) -> int:
    """How often the message is said. Faulty."""
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= MOST_REPEATS):
        raise Faulty([Fault("repeat", "repeat-range", {"limit": MOST_REPEATS})])
    return int(text)


def form_of(broadcast: Broadcast) -> BroadcastForm:
    """The form filled in with a broadcast that is to be changed."""
    choice = choice_of(broadcast.timing)
    usual = priorities.PRIORITIES[broadcast.category]
    return BroadcastForm(
        source=Source.TEXT if broadcast.recording is None else Source.RECORDING,
        title=broadcast.title,
        text=broadcast.text,
        spoken=broadcast.spoken,
        corrected=broadcast.spoken_given,
        recording=broadcast.recording or "",
        category=broadcast.category,
        priority="" if broadcast.priority == usual else str(broadcast.priority),
        voice=broadcast.voice,
        repeat=str(broadcast.repeat),
        drill=broadcast.drill,
        zones=list(broadcast.zones),
        rev=broadcast.rev,
        **{**msgspec.structs.asdict(choice), "days": list(choice.days)},
    )


def _check_source(form: BroadcastForm, checked: Checked) -> None:
    if form.source is Source.RECORDING:
        if not form.recording:
            checked.faults.append(Fault("recording", "recording-missing"))
        return
    checked.value(lambda: check_text(form.text), "text")
    if form.template:
        checked.value(lambda: check_filled(form.text), "text")
    if form.given_spoken is not None:
        checked.value(lambda: check_spoken(form.spoken), "spoken")


def _priority(form: BroadcastForm) -> int | None:
    asked = form.priority.strip()
    if not asked:
        return None
    if not (asked.isascii() and asked.isdecimal() and int(asked) <= 255):
        raise Faulty([Fault("priority", "priority-range")])
    return priorities.priority_of(form.category, int(asked))
