"""What is kept in docs/ about the API, its events and its metrics is what the program does."""

import re
from pathlib import Path

import msgspec

from hub.console import openapi
from hub.console.api.events import wire
from hub.console.app import routes
from hub.domain.events import EventType
from hub.metrics import Metrics

DOCS = Path(__file__).parents[4] / "docs"
REF = re.compile(r'"#/components/schemas/([^"]+)"')


def test_the_kept_openapi_document_is_the_programs() -> None:
    kept = (DOCS / "openapi.json").read_text(encoding="utf-8")
    assert kept == openapi.text(routes()), "run: python -m hub.console.openapi > docs/openapi.json"


def test_the_document_is_openapi_3_1_and_refers_to_nothing_that_is_missing() -> None:
    text = openapi.text(routes())
    document = msgspec.json.decode(text)
    assert document["openapi"].startswith("3.1")
    assert set(REF.findall(text)) <= document["components"]["schemas"].keys()


def test_every_route_of_the_api_tells_of_its_problems() -> None:
    paths = msgspec.json.decode(openapi.text(routes()))["paths"]
    answers = [operation["responses"] for methods in paths.values() for operation in methods.values()]
    assert len(answers) > 20
    assert all("application/problem+json" in told["default"]["content"] for told in answers)


def test_every_post_of_people_takes_an_idempotency_key_but_signing_in() -> None:
    paths = msgspec.json.decode(openapi.text(routes()))["paths"]
    without = {
        path
        for path, methods in paths.items()
        if "post" in methods
        and "Idempotency-Key" not in {one["name"] for one in methods["post"].get("parameters", [])}
    }
    # signing in twice makes two sessions of which one is forgotten; a press is known by its own id; a link works once
    assert without == {"/api/v1/session", "/api/v1/device/calls", "/api/v1/feedback/{token}"}


def test_every_event_is_documented() -> None:
    told = set(
        re.findall(r"^\| `([a-z._]+)` \|", (DOCS / "events.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert told == {event.value for event in EventType} | {"reset", "desk"}


def test_every_metric_is_documented() -> None:
    told = re.findall(
        r"^\| `([a-z_]+)` \| (\w+) \|", (DOCS / "metrics.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    kinds = {one.name: type(one).__name__.lower() for one in Metrics().instruments()}
    assert dict(told) == kinds


def test_an_event_without_a_row_leaves_the_resume_point_alone() -> None:
    from hub.domain.events import Event

    row = Event(id=7, type="call.raised", at=1, call_id="c", area="", clinic=None, data=b'{"id":"c"}')
    shown = msgspec.structs.replace(row, id=0, type="call.unrecorded", data=b"{}")
    assert wire(row) == b'id: 7\nevent: call.raised\ndata: {"id":"c"}\n\n'
    assert wire(shown) == b"event: call.unrecorded\ndata: {}\n\n"
