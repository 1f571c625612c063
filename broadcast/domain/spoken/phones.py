"""Telephone numbers and hot lines: digit by digit, 1 as 幺; never as sums of thousands."""

import re
from typing import Final

from broadcast.domain.spoken.numbers import dial
from broadcast.domain.spoken.rule import Match, Rule, rule
from broadcast.domain.spoken.units import COUNTED

_NOT_COUNTED: Final = rf"(?!\s?(?:[{COUNTED}]|来[个人户斤亩]))(?![\dA-Za-z.+×*%-])(?!\s?[~～/—–]\s?\d)"
_NOT_A_SUM: Final = r"(?<![\dA-Za-z.,/:¥￥$第共约达近超满仅计余~～—–×*+-])"

_EMERGENCY: Final = r"(?:110|112|114|119|120|122)"
_HOT: Final = (
    r"(?:12110|12117|12119|12121|12122|12123|123(?:0[3-9]|1[0-9]|2[0-9]|3[0-9]|4[0-9]|5[0-9]|6[0-9]|7[0-9]|8[0-9]|9[0-9])"
    r"|95\d{3}|96\d{3,4}|95\d{6}|116\d{3})"
)
_ASKED: Final = (
    r"电话|热线|专线|拨打|致电|拨(?![款付出给])|手机|客服|座机|总机|传真|短信|来电|去电|呼叫|Tel|TEL|tel"
    r"|Q{2}群?|qq群?|微信号?|联系方式|联系人"
)
_MOBILE: Final = r"(?:\+?86[- ]?)?1[3-9]\d[- ]?(?:\d{4}|\*{4})[- ]?\d{4}"
_FIXED: Final = r"[(（]?0\d{2,3}(?:[)）][- ]?|[- —–]|)[1-9]\d{2,3}[- ]?\d{4}"
_SERVICE: Final = r"[48]00[- ]\d{3,4}[- ]?\d{3,4}|[48]00[- ]?\d{3}[- ]\d{4}|400\d{7}"
_EXTENSION: Final = r"(?:(?P<by>\s?转\s?|-)(?P<extension>\d{1,5})(?!\d))?"
_WHOLE: Final = rf"(?<!\d)(?P<line>{_MOBILE}|{_FIXED}|{_SERVICE}){_EXTENSION}(?![\d元万亿])"


def _whole(found: Match) -> str:
    line = found["line"].replace("+", "加").replace("*", "某")
    extension = f"转{dial(found['extension'])}" if found["extension"] else ""
    return dial(re.sub(r"[-()（） —–]", "", line)) + extension


def _asked_for(found: Match) -> str:
    lines = re.sub(r"[ -](?=\d)|(?<=\d)[ -]", "", found["lines"])
    return found["asked"] + found["gap"] + dial(lines.replace("/", "、"))


LINES: Final[tuple[Rule, ...]] = (
    # a bank card as it is printed: in groups of four
    rule(r"(?<!\d)\d{4}(?: \d{4}){2,4}(?: \d{1,3})?(?!\d)", lambda found: dial(found[0].replace(" ", ""))),
    rule(_WHOLE, _whole),
)
"""Numbers that are telephones, or bank cards, by their form alone."""

RULES: Final[tuple[Rule, ...]] = (
    # 报警110/119/120: a list of hot lines, not a fraction
    rule(rf"(?<!\d){_EMERGENCY}(?:/{_EMERGENCY})+(?!\d)", lambda found: dial(found[0].replace("/", "、"))),
    # 咨询电话（工作日）：6555123、6555124
    rule(
        rf"(?P<asked>{_ASKED})(?P<gap>[^\d。！？；;\n]{{0,12}})"
        rf"(?P<lines>\d{{3,4}}[- ]?\d{{3,8}}(?:[、/，,或和及]\s?\d{{3,4}}[- ]?\d{{3,8}})*|\d{{7,12}})"
        rf"{_NOT_COUNTED}",
        _asked_for,
    ),
    # 拨打12345或110: the shorter ones only when nothing is being counted between
    rule(
        rf"(?P<asked>{_ASKED})(?P<gap>(?:(?![共约达近超有满过仅第])[^\d。！？；;\n]){{0,8}})"
        rf"(?P<lines>\d{{3,6}}(?:[、/，,或和及]\s?\d{{3,6}})*){_NOT_COUNTED}",
        _asked_for,
    ),
    # 0371-65551234/65551235, 办公室：6512345
    rule(
        rf"(?<=[零幺二三四五六七八九])(?P<sign>[/、，,或])\s?(?P<line>[2-8]\d{{6,7}}){_NOT_COUNTED}",
        lambda found: found["sign"].replace("/", "或") + dial(found["line"]),
    ),
    rule(
        r"(?P<line>[零幺二三四五六七八九]{7,})/(?P<other>\d{1,4})(?!\d)",
        lambda found: f"{found['line']}或{dial(found['other'])}",
    ),
    # 400电话, 10000号
    rule(r"(?<![\d.])[48]00(?=电话|热线|客服|号码|开头)", lambda found: dial(found[0])),
    rule(r"(?<=[拨打])10000(?=号)", lambda found: dial(found[0])),
    rule(rf"(?<=[:：])\s?(?P<line>[2-8]\d{{6,7}}){_NOT_COUNTED}", lambda found: dial(found["line"])),
    rule(rf"(?<=移动|联通|电信|广电|铁通)(?:100\d\d){_NOT_COUNTED}", lambda found: dial(found[0])),
    rule(rf"{_NOT_A_SUM}(?:{_EMERGENCY}|{_HOT}){_NOT_COUNTED}", lambda found: dial(found[0])),
)
