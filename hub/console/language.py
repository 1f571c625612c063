"""Which language a request is answered in: Chinese, unless English is plainly preferred."""

from typing import Final

from starlette.requests import HTTPConnection

LANGUAGE_COOKIE: Final = "xy_lang"
DEFAULT: Final = "zh"
KNOWN: Final = frozenset({"zh", "en"})


def language_of(request: HTTPConnection) -> str:
    """`zh` or `en`: the choice kept in a cookie, else Accept-Language (RFC 9110, 12.5.4)."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in KNOWN else preferred(request.headers.get("accept-language", ""))


def preferred(accept_language: str) -> str:
    """The known language of the greatest weight; the first named when equal, Chinese when none is known."""
    best, best_weight = DEFAULT, 0.0
    for part in accept_language.split(","):
        tag, _, parameters = part.partition(";")
        language = tag.strip().lower().partition("-")[0]
        weight = _weight(parameters)
        if language in KNOWN and weight > best_weight:
            best, best_weight = language, weight
    return best


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
