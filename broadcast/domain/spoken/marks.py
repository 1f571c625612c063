"""List marks, Roman and ringed numerals, and the signs between numbers."""

from typing import Final

from broadcast.domain.spoken.numbers import count
from broadcast.domain.spoken.rule import Rule, rule

_RINGED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_ROMAN: Final = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ"
_START: Final = r"(?:(?<=^)|(?<=[\n。；：！？]))"
_BEFORE_NUMBER: Final = {
    ">": "大于",
    "<": "小于",
    "≥": "大于等于",
    "≤": "小于等于",
    "≈": "约等于",
    "±": "正负",
    "≠": "不等于",
}
_NUMERAL: Final = r"[\d零一二三四五六七八九十百千万两]"

RULES: Final[tuple[Rule, ...]] = (
    rule(rf"{_START}\s?[(（](\d{{1,2}})[)）][、.]?", lambda found: f"{count(found[1])}、"),
    rule(rf"{_START}\s?(\d{{1,2}})(?:、|[.．]\s?(?!\d)|[)）])", lambda found: f"{count(found[1])}、"),
    rule(f"[{_RINGED}][、.]?", lambda found: f"{count(str(_RINGED.index(found[0][0]) + 1))}、"),
    rule(f"[{_ROMAN}]", lambda found: count(str(_ROMAN.index(found[0]) + 1))),
    rule(r"½", lambda _: "二分之一"),
    rule(rf"([><≥≤≈±≠])\s?=?(?=\s?-?{_NUMERAL})", lambda found: _BEFORE_NUMBER[found[1]]),
)

SIGNS: Final[tuple[Rule, ...]] = (
    rule(r"(每(?:小时|分钟|秒))\1", lambda found: found[1]),  # 以每小时20km/h的速度
    rule(r"\+(?=开头|号)", lambda found: "加号" if found.string[found.end()] != "号" else "加"),
    # what still stands between two numerals after all numbers are said
    rule(rf"(?<={_NUMERAL})\s?\+\s?(?={_NUMERAL})", lambda _: "加"),
    rule(rf"(?<={_NUMERAL})\s?=\s?(?={_NUMERAL})", lambda _: "等于"),
    rule(rf"(?<={_NUMERAL})\s?÷\s?(?={_NUMERAL})", lambda _: "除以"),
    rule(rf"(?<={_NUMERAL})\s?[×*]\s?(?={_NUMERAL})", lambda _: "乘"),
    rule(r"[²]", lambda _: "平方"),
    rule(r"[³]", lambda _: "立方"),
    rule(r"\s?&\s?", lambda _: "和"),
    rule(r"(?<=[\u4e00-\u9fff])/(?=[\u4e00-\u9fff])", lambda _: "或"),
    rule(r"(?<=[\u4e00-\u9fff])[·•](?=[\u4e00-\u9fff])", lambda _: ""),
    rule(r"(?:—{1,}|--+|–|~+|～+)", lambda _: "，"),
    rule(r"[\\^|`<>=$@#*_{}\[\]+~°×÷±≈≠≥≤¥￥€£%‰№]", lambda _: " "),
)
