"""The text as typed or pasted, made plain: one form for each sign, nothing that cannot be spoken."""

import html
import re
import unicodedata
from typing import Final

_TAG: Final = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_BREAK: Final = re.compile(r"<br\s*/?>|</(?:p|div|li|tr|h\d)>", re.IGNORECASE)
_INVISIBLE: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\u00ad]")
_THOUSANDS: Final = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
# 5,6个 and 3,5,8组 are lists, and no numbers with thousands
_LISTED: Final = re.compile(r"(?<=\d),(?=\d{1,2}(?!\d))")
_BLANKS: Final = re.compile(r"[ \t\u00a0\u3000]+")
_LINES: Final = re.compile(r" ?[\r\n\u2028\u2029\v\f]+[\s]*")
_WIDE: Final = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_SIGNS: Final = {
    ord(wide): plain
    for wide, plain in zip("％＋－＝／＠＆＃＊＜＞～＄￥﹣−﹪．→", "%+-=/@&#*<>~$¥--%.到", strict=True)
}
_WIDE_IN_NUMBERS: Final = re.compile(r"(?<=\d)：(?=\d)")
_CJK: Final = "\u3400-\u9fff"
_HALF_STOPS: Final = {",": "，", ";": "；", "!": "！", "?": "？", ":": "："}
_HALF_STOP: Final = re.compile(rf"(?<=[{_CJK}”’）》】]) ?([,;!?:])(?!//) ?|([,;!?]) ?(?=[{_CJK}“‘（《【])")
_HALF_END: Final = re.compile(rf"(?<=[{_CJK}])\.(?=\s|$|[{_CJK}])")
_REPEATED: Final = re.compile(r"([，。！？；、：])(?:\s*[，。！？；、：])+")
_DOTS: Final = re.compile(r"\.{3,}|。{2,}|…+")
# Tibetan, Arabic, Cyrillic … are letters too, and no voice that we have says a word of them
_SAYABLE: Final = re.compile(
    "[A-Za-z\u00aa-\u024f\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\uff21-\uff5a\U00020000-\U0003ffff]"
)
# Letters, numbers, punctuation and the few symbols that the rules know how to say; all else is ornament.
_SPOKEN_CATEGORIES: Final = frozenset({"L", "N", "P", "Z"})
_SPOKEN_SYMBOLS: Final = frozenset("+<>=~$^|`°℃℉¥€£×÷±≥≤≈≠‰㎡㎏㎝㎜㎞㎎㎥№²³\n")


def is_readable(char: str) -> bool:
    """Whether a Mandarin voice could say this character: an ideograph, a Latin letter or a number."""
    kind = unicodedata.category(char)[0]
    return kind == "N" or (kind == "L" and _SAYABLE.fullmatch(char) is not None)


def clean(text: str) -> str:
    """Plain text: no markup, no ornament, half-width digits and letters, full-width stops, single blanks."""
    text = html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))
    text = _INVISIBLE.sub("", text).translate(_WIDE).translate(_SIGNS)
    text = "".join(char if _is_spoken(char) else " " for char in text)
    text = _WIDE_IN_NUMBERS.sub(":", text)
    text = _THOUSANDS.sub(lambda found: found[0].replace(",", ""), text)
    text = _LISTED.sub("、", text)
    text = _LINES.sub("\n", text)
    return _BLANKS.sub(" ", text).strip()


def _is_spoken(char: str) -> bool:
    return unicodedata.category(char)[0] in _SPOKEN_CATEGORIES or char in _SPOKEN_SYMBOLS


def tidy_stops(text: str) -> str:
    """Full-width stops beside ideographs (voices pause at no others), and one where several stood."""
    text = _HALF_STOP.sub(lambda found: _HALF_STOPS[found[1] or found[2]], text)
    text = _DOTS.sub("……", _HALF_END.sub("。", text))
    return _REPEATED.sub(_strongest, text)


def _strongest(found: re.Match[str]) -> str:
    return min(found[0].replace(" ", ""), key="！？。；：，、".find)
