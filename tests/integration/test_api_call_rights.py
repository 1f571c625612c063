"""A call of another town or clinic does not exist, on whatever route one asks for it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from hub.console import openapi
from hub.console.app import routes
from hub.domain.people import User
from tests.stores import CLINIC_STAFF, OPERATOR, OTHER_OPERATOR, VILLAGE_ADMIN
from tests.web import RunningHub, problem

CALL = "{call_id}"
# a body that each route would take from somebody who may; a route that is new asks for one here
BODIES: dict[str, object | None] = {
    "note": {"note": "x"},
    "dial": {"number": "120"},
    "callback": {"outcome": "spoke"},
    "handover": {"to": OPERATOR.id},
    "dispatch": {"to": "120", "note": ""},
    "resolve": {"outcome": "helped"},
    "merge": {"into": "c-other"},
    "ask-feedback": {"by": "call_back"},
    "feedback": {"rating": 5},
    **dict.fromkeys(("answer", "release", "extend", "confirm-cancel", "reopen"), None),
}
STEPS = ("accept", "decline", "on-the-way", "arrived", "done")


def walks() -> list[tuple[str, str, object | None]]:
    """Every (method, path, body) of the OpenAPI document that names a call."""
    paths = msgspec.json.decode(openapi.text(routes()))["paths"]
    return [
        (method, way, body)
        for path, methods in paths.items()
        if CALL in path
        for method in methods
        for way, body in _ways(path, method)
    ]


def _ways(path: str, method: str) -> list[tuple[str, object | None]]:
    if "{step}" in path:
        return [(path.replace("{responder_id}", "q-1").replace("{step}", step), None) for step in STEPS]
    assert path.count("{") == 1, f"{path}: say here what else stands in it"
    return [(path, None if method == "get" else BODIES[path.rsplit("/", 1)[1]])]


def test_the_walk_goes_everywhere() -> None:
    ends = {path.split(CALL)[1] for _, path, _ in walks()}
    assert {f"/{name}" for name in BODIES} <= ends
    assert {f"/responders/q-1/{step}" for step in STEPS} <= ends
    assert "" in ends


@pytest.mark.parametrize(
    "user", [OTHER_OPERATOR, VILLAGE_ADMIN, CLINIC_STAFF], ids=lambda user: user.username
)
async def test_a_stranger_finds_no_call_on_any_route(sqlite_hub: RunningHub, user: User) -> None:
    hub = sqlite_hub
    call = await hub.press("b-2" if user is CLINIC_STAFF else "b-1")
    before = await hub.store.read(lambda read: read.last_event_id())
    desk = await hub.sign_in(user)
    wrong: dict[str, Any] = {}
    for method, path, body in walks():
        answer = await desk.http.request(method, path.replace(CALL, call), json=body)
        if answer.status_code != 404 or problem(answer, 404)["type"] != "call-unknown":
            wrong[f"{method} {path}"] = (answer.status_code, answer.text)
    assert wrong == {}
    assert await hub.store.read(lambda read: read.last_event_id()) == before
