"""A call's events as people read them."""

from functools import partial

import msgspec
import pytest

from hub.console.pages.targets import TargetNames, say_targets
from hub.console.pages.timeline import timeline
from hub.domain.calls import Call, CallState
from hub.domain.events import Event, EventType
from hub.domain.views import By, EventView, call_view
from hub.i18n import LANGUAGES, Phrases

AT = 1_790_039_520_000
NAMES = TargetNames(areas={"990421101000": "石桥镇"}, clinics={"clinic-1": "石桥镇卫生院"})
TELEPHONED = Call(
    id="c-1",
    kind="telephone",
    state=CallState.RINGING,
    device="",
    resident=None,
    resident_name=None,
    area="990421101201",
    clinic=None,
    raised_at=AT,
)
OF_CALLS = [kind for kind in EventType if kind.value.startswith(("call.", "press.", "timer."))]


def event(event_id: int, view: EventView) -> Event:
    data = msgspec.json.encode(view)
    return Event(id=event_id, type=view.type, at=view.at, call_id="c-1", area="", clinic=None, data=data)


def said(view: EventView, lang: str = "zh") -> str:
    (entry,) = timeline([event(1, view)], partial(say_targets, Phrases(), lang, NAMES))
    return Phrases().say(lang, entry.sentence, **entry.params)


def test_the_newest_stands_first_with_who_and_what_they_wrote() -> None:
    raised = EventView(type="call.raised", at=AT)
    noted = EventView(type="call.noted", at=AT + 1, by=By("u-1", "王芳"), note="邻居已到")
    first, second = timeline([event(1, raised), event(2, noted)], "、".join)
    assert (first.by, first.note, first.at) == ("王芳", "邻居已到", AT + 1)
    assert second.type == "call.raised"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind in OF_CALLS if kind is not EventType.CALL_UNRECORDED])
def test_every_event_of_a_call_has_its_sentence(kind: EventType, lang: str) -> None:
    text = said(EventView(type=kind.value, at=AT), lang)
    assert not text.startswith("event-")
    assert "{" not in text


def test_a_dialled_number_tells_when_help_was_promised_in_the_countys_time() -> None:
    dialled = EventView(type="call.dialled", at=AT, number="120", promised_at=AT + 720_000)
    assert said(dialled) == "登记已拨打 120，对方说约 09:24 到"
    assert said(msgspec.structs.replace(dialled, promised_at=None)) == "登记已拨打 120"


def test_outcomes_are_told_in_words() -> None:
    assert said(EventView(type="call.resolved", at=AT, outcome="false_alarm")) == "处置完毕：误报"
    assert said(EventView(type="call.called_back", at=AT, callback="busy")) == "回拨本人：占线"
    assert said(EventView(type="call.closed", at=AT, rating=5)) == "回访结案，5 分"
    assert said(EventView(type="call.closed", at=AT)) == "回访结案"


def test_who_was_rung_is_named_as_the_register_names_them() -> None:
    targets = ("center:990421101000", "clinic:clinic-1", "center:990421000000")
    rung = EventView(type="call.rung", at=AT, targets=targets, step="first")
    assert said(rung) == "开始响铃：石桥镇综治中心、石桥镇卫生院、990421000000"
    assert (
        said(msgspec.structs.replace(rung, targets=targets[:1], step="again")) == "再次响铃：石桥镇综治中心"
    )


def test_a_call_entered_by_hand_was_not_pressed() -> None:
    entered = EventView(type="call.raised", at=AT, call=call_view(TELEPHONED), number="0990-5550000")
    assert said(entered) == "登记电话求助，来电号码 0990-5550000"
    assert said(EventView(type="call.raised", at=AT)) == "按下呼救"


def test_the_call_one_was_merged_with_is_named_by_whose_it_is() -> None:
    merged = event(1, EventView(type="call.merged", at=AT, other="c-2"))
    (entry,) = timeline([merged], "、".join, {"c-2": "田玉珍"})
    assert "田玉珍" in Phrases().say("zh", entry.sentence, **entry.params)
