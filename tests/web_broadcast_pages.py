"""The pages of broadcasts as a browser sends and reads them, for tests without one."""

from __future__ import annotations

import re
from typing import Any

import httpx

from tests.stores import VILLAGE
from tests.web import Desk

HTMX = {"HX-Request": "true", "Accept-Language": "zh"}
FORM = {"text": "明天上午停水", "zones": VILLAGE, "when": "now"}
WRONG = re.compile(r'id="wrong-([a-z]+)"[^>]*>([^<]+)</p>')


async def send(desk: Desk, path: str = "", **fields: Any) -> httpx.Response:
    """The form, or one of its questions, as the page sends it."""
    return await desk.http.post(f"/broadcasts{path}", data=fields, headers=HTMX)


async def page_of(desk: Desk, path: str) -> str:
    answer = await desk.http.get(path, headers={"Accept-Language": "zh"})
    assert answer.status_code == 200, answer.text
    return answer.text


async def written(desk: Desk, **different: Any) -> str:
    """The id of a broadcast that the form has sent."""
    answer = await send(desk, **(FORM | different))
    assert answer.status_code == 204, answer.text
    return str(answer.headers["hx-redirect"]).removeprefix("/broadcasts/")


def faults(answer: httpx.Response) -> dict[str, str]:
    """Place on the page → the sentence that stands there."""
    return {place: sentence.strip() for place, sentence in WRONG.findall(answer.text) if sentence.strip()}
