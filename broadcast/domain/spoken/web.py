"""Addresses of the net, said so that somebody could write them down."""

import re
from typing import Final

from broadcast.domain.spoken.numbers import dial
from broadcast.domain.spoken.rule import Match, Rule, rule

_SIGNS: Final = {".": "点", "/": "斜杠", "-": "杠", "_": "下划线", "@": "艾特", ":": "冒号", "~": "波浪号"}
_LABELS: Final = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+"
_TLD: Final = r"(?:com|cn|net|org|gov|edu|info|top|cc|io|app|xyz|vip|site)"
_PATH: Final = r"(?P<path>/[A-Za-z0-9._~/?#=&%+-]*)?"


def _said(address: str) -> str:
    address = re.sub(r"^(?:www|WWW)\.", "三W.", address)
    return dial("".join(_SIGNS.get(char, char) for char in address))


def _url(found: Match) -> str:
    # Query and fragment are for machines; nobody can write them down from a loudspeaker.
    path = re.split(r"[?#]", found["path"] or "")[0].rstrip("/")
    return _said(found["host"] + path)


RULES: Final[tuple[Rule, ...]] = (
    rule(rf"(?<![A-Za-z0-9])[A-Za-z0-9._+-]+@{_LABELS}[A-Za-z]{{2,}}", lambda found: _said(found[0])),
    rule(rf"https?://(?P<host>{_LABELS}[A-Za-z]{{2,}}|[\d.]+)(?::\d+)?{_PATH}", _url),
    rule(rf"(?<![A-Za-z0-9@.])(?P<host>{_LABELS}{_TLD})(?![A-Za-z0-9]){_PATH}", _url),
    rule(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])", lambda found: _said(found[0])),
)
