"""Words of a cell made comparable: widths, blanks and marks that nobody sees do not tell two of them apart."""

import re
import unicodedata
from typing import Final

_UNSEEN: Final = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")
_BLANKS: Final = re.compile(r"[\u00a0\u3000]")  # no-break and full-width
_DECORATION: Final = re.compile(r"[\s*:_/()-]+")


def clean(text: str) -> str:
    """`text` without what is not seen and without blanks around it; no-break blanks are blanks."""
    return _BLANKS.sub(" ", _UNSEEN.sub("", text)).strip()


def narrow(text: str) -> str:
    """`text` with full-width digits and marks as their usual ones (NFKC): for figures and codes."""
    return unicodedata.normalize("NFKC", clean(text))


def folded(text: str) -> str:
    """`text` as titles and words are compared: narrow, small letters, without decoration."""
    return _DECORATION.sub("", narrow(text).casefold())
