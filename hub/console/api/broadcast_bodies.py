"""The bodies of broadcasts, and what they ask for."""

from typing import Annotated, Final

import msgspec
from pydantic import Field

from broadcast.domain import schedule
from broadcast.domain.broadcasts import Broadcast, VoiceChoice
from broadcast.domain.priorities import Category
from broadcast.domain.schedule import DEFAULT_TZ, LATE_S, LATEST_LATE_S, Timing
from broadcast.domain.templates import MOST_BLANKS, Template, fill
from broadcast.errors import Problem, RequestError
from broadcast.service.writing import MOST_REPEATS, Wanted, wanted_of
from hub.console.api.bodies import NO_NUL, Body, Millis, Text

MOST_ZONES: Final = 500
Zone = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+$")]
Zones = Annotated[tuple[Zone, ...], Field(max_length=MOST_ZONES)]
Short = Annotated[str, Field(max_length=400, pattern=NO_NUL)]
Moment = Annotated[
    int | str,
    Field(
        description="local time of `tz` as `2026-12-01T07:30`, or Unix milliseconds",
        union_mode="left_to_right",
    ),
]
Priority = Annotated[int, Field(strict=True, ge=0, le=255, description="224-255: an emergency")]
Repeat = Annotated[
    int, Field(strict=True, ge=1, le=MOST_REPEATS, description="times that the message is said")
]
Late = Annotated[
    int, Field(strict=True, ge=0, le=LATEST_LATE_S, description="seconds after which a run is skipped")
]
Flag = Annotated[bool, Field(strict=True)]
TemplateId = Annotated[str, Field(max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]
Word = Annotated[str, Field(max_length=400, pattern=NO_NUL)]
Vars = Annotated[
    dict[Word, Word | Annotated[int, Field(strict=True)]],
    Field(
        max_length=2 * MOST_BLANKS,
        description="what stands in each blank of the template, by the blank's name",
    ),
]
RecordingId = Annotated[str, Field(max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]


class BroadcastBody(Body):
    """A text, a recording or a template with its blanks filled in (`vars`), to areas (and groups, as `zones`).

    A template gives its category and, as title, its name, unless others are named.
    Without `at` or `rrule` it goes out as soon as it is prepared and allowed. `spoken`: how the text is to be
    read, when POST /broadcasts/spoken gave something to correct. `from` (also `dtstart`) and `until` bound a rule.
    """

    title: Short = ""
    text: Text = ""
    spoken: Text | None = None
    recording: RecordingId | None = None
    template: TemplateId | None = None
    vars: Vars = Field(default_factory=dict)
    areas: Zones = ()
    zones: Zones = ()
    at: Millis | None = None
    rrule: Short | None = None
    tz: Short = DEFAULT_TZ
    starts: Moment | None = Field(default=None, alias="from")
    dtstart: Moment | None = None
    until: Moment | None = None
    late: Late = LATE_S
    category: Category = Category.NOTICE
    priority: Priority | None = None
    voice: VoiceChoice = VoiceChoice.AUTO
    repeat: Repeat = 2
    drill: Flag = False

    def wanted(self, template: Template | None = None) -> Wanted:
        """What is asked for, from `template` where one is named. RequestError: its blanks, times that are none."""
        filled = self._filled(template)
        is_named = filled is None or "category" in self.model_fields_set
        return Wanted(
            zones=(*self.areas, *self.zones),
            title=self.title if filled is None else self.title.strip() or filled.name,
            text=self.text if filled is None else filled.text,
            spoken=self.spoken,
            recording=self.recording,
            category=self.category if is_named or filled is None else filled.category,
            priority=self.priority,
            voice=self.voice,
            repeat=self.repeat,
            drill=self.drill,
            timing=Timing(
                at=self.at,
                rrule=self.rrule,
                tz=self.tz,
                starts=_local(_one(self.starts, self.dtstart), self.tz, "from"),
                until=_local(self.until, self.tz, "until"),
                late_s=self.late,
            ),
        )

    def _filled(self, template: Template | None) -> Template | None:
        """The template with all its blanks filled in; None when none was asked for."""
        if self.template is None:
            if self.vars:
                raise RequestError(Problem.TEMPLATE_NONE, field="vars")
            return None
        if self.text.strip() or self.recording is not None:
            raise RequestError(Problem.SOURCE, field="template")
        if template is None:
            raise RequestError(Problem.TEMPLATE_UNKNOWN, field="template", template=self.template)
        text = fill(template, {name: str(value) for name, value in self.vars.items()})
        return msgspec.structs.replace(template, text=text)


class BroadcastPatch(BroadcastBody):
    """What is to be different; what is left out stays. With `rev`: 409 when somebody was faster.

    Another text without `spoken` is read anew; another `category` without `priority` has its own.
    """

    rev: Annotated[int, Field(strict=True, ge=1)] | None = None

    def changed(self, broadcast: Broadcast, template: Template | None = None) -> Wanted:
        """`broadcast` with what is asked for."""
        given, asked, before = set(self.model_fields_set), self.wanted(template), wanted_of(broadcast)
        if self.template is not None:
            given.add("text")
        kept: dict[str, object] = {
            name: getattr(before, name) for name in Wanted.__struct_fields__ if name not in given
        }
        if given & {"areas", "zones"}:
            del kept["zones"]
        if "text" in given and "spoken" not in given:
            kept["spoken"] = None
        if given & {"text", "recording"}:  # one takes the place of the other
            kept |= {} if "recording" in given else {"recording": None}
            kept |= {} if "text" in given else {"text": "", "spoken": None}
        if "category" in given and "priority" not in given:
            kept["priority"] = None
        kept["timing"] = self._timing(before.timing, asked.timing)
        return Wanted(**{name: kept.get(name, getattr(asked, name)) for name in Wanted.__struct_fields__})  # type: ignore[arg-type]

    def _timing(self, before: Timing, asked: Timing) -> Timing:
        """A new kind of time takes the place of the old one, whole."""
        given = self.model_fields_set
        if not given & {"at", "rrule", "tz", "starts", "dtstart", "until", "late"}:
            return before
        late_s = asked.late_s if "late" in given else before.late_s
        tz = asked.tz if "tz" in given else before.tz
        if "at" in given and asked.at is not None:
            return Timing(at=asked.at, tz=tz, late_s=late_s)
        rrule = asked.rrule if "rrule" in given else before.rrule
        if rrule is None:
            at = asked.at if given & {"at", "rrule"} else before.at
            return Timing(at=at, tz=tz, late_s=late_s, starts=asked.starts, until=asked.until)
        return Timing(
            rrule=rrule,
            tz=tz,
            starts=asked.starts if given & {"starts", "dtstart"} else before.starts,
            until=asked.until if "until" in given else before.until,
            late_s=late_s,
        )


class ApprovalBody(Body):
    """Which rev was looked at."""

    rev: Annotated[int, Field(strict=True, ge=1)]


class RejectionBody(ApprovalBody):
    """Which rev was looked at, and what is wrong with it."""

    note: Text = ""


class RehearsalBody(Body):
    """The one loudspeaker that is to play it."""

    device: Zone


class StopBody(Body):
    """Where it is to be silent."""

    areas: Zones


class SpokenBody(Body):
    """A text to be read."""

    text: Text


def _one(starts: int | str | None, dtstart: int | str | None) -> int | str | None:
    if starts is not None and dtstart is not None:
        raise RequestError(Problem.TIME_TWICE, field="dtstart")
    return dtstart if starts is None else starts


def _local(moment: int | str | None, tz: str, field: str) -> str | None:
    if moment is None:
        return None
    if isinstance(moment, int):
        if not 0 <= moment <= 2**52:
            raise RequestError(Problem.TIME_LOCAL, field=field)
        return schedule.local_iso(moment, tz)
    return schedule.local_time(moment, field).isoformat()
