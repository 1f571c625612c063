"""Templates to responses: one environment, sentences in the reader's language, times of the county."""

from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from hub.console.context import context_of
from hub.console.language import language_of
from hub.console.pages.times import clock_time, day_time, minute_time

CONSOLE: Final = Path(__file__).parent.parent
LANGUAGE_TAGS: Final = {"zh": "zh-CN", "en": "en"}


def render(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    values: Mapping[str, object] | None = None,
    **more: object,
) -> HTMLResponse:
    """`template` with `values` and `more`; besides there are `t` (a sentence by id), `lang`, `now`, `here`."""
    context, lang = context_of(request), language_of(request)
    body = (
        _environment()
        .get_template(template)
        .render(
            t=partial(context.phrases.say, lang),
            lang=lang,
            lang_tag=LANGUAGE_TAGS[lang],
            now=context.clock.now(),
            here=request.url.path,
            **(values or {}),
            **more,
        )
    )
    return HTMLResponse(body, status, headers={"vary": "cookie, accept-language", **(headers or {})})


def plain_number(value: float) -> str:
    """`value` with one decimal, or with none where that says the same."""
    rounded = round(value, 1)
    return str(int(rounded)) if rounded.is_integer() else str(rounded)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(CONSOLE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["clock_time"] = clock_time
    made.filters["minute_time"] = minute_time
    made.filters["day_time"] = day_time
    made.filters["plain_number"] = plain_number
    return made
