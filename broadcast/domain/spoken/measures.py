"""Measures: percentages, temperatures, quantities with units, medicine and ranges of them."""

from typing import Final

from broadcast.domain.spoken.numbers import amount, count, number
from broadcast.domain.spoken.rule import NUMBER, TO, Match, Rule, rule, to
from broadcast.domain.spoken.units import DOSED, DOSED_PER, SAID, TIMES, TWO_OF

_UNIT: Final = "|".join(sorted(SAID, key=len, reverse=True))
_MINUS: Final = "-−"
_SIGNED: Final = rf"[-−]?{NUMBER}"
_FIRST: Final = rf"(?P<first>(?:(?<![\d.A-Za-z])[-−])?{NUMBER})"
_SECOND: Final = rf"(?:{TO}(?P<second>{_SIGNED}))?"
_RANGE: Final = rf"(?<![\d.A-Za-z])(?P<first>{NUMBER})(?:{TO}(?P<second>{NUMBER}))?\s?"


def _degrees(text: str) -> str:
    return f"零下{number(text[1:])}" if text[0] in _MINUS else number(text)


def _temperature(found: Match) -> str:
    scale = "华氏度" if found["scale"] in {"℉", "°F", "华氏度"} else "摄氏度"
    first, second = found["first"], found["second"]
    if second is None:
        return _degrees(first) + scale
    if first[0] in _MINUS and second[0] in _MINUS:
        return f"零下{number(first[1:])}{to(found)}{number(second[1:])}{scale}"
    above = "零上" if first[0] in _MINUS else ""
    return f"{_degrees(first)}{to(found)}{above}{_degrees(second)}{scale}"


def _share(found: Match, of: str) -> str:
    first, second = found["first"], found["second"]
    if (first, second, of) == ("100", None, "百分之"):
        return "百分之百"
    return _part(first, of) + (f"{to(found)}{_part(second, of)}" if second else "")


def _part(text: str, of: str) -> str:
    return ("负" if text[0] in _MINUS else "") + of + number(text.lstrip(_MINUS))


def _measured(found: Match) -> str:
    said, name, per = _span(found), SAID[found["unit"]], found["per"]
    if not per:
        return said + name
    if per in TIMES:
        return f"每{TIMES[per]}{said}{name}"
    if per not in SAID:
        return f"每{per}{said}{name}"
    return f"{said}{name}每{SAID.get(per, per)}"


def _dosed(found: Match) -> str:
    return f"每{SAID.get(found['per'], found['per'])}{_span(found)}{found['unit']}"


def _span(found: Match) -> str:
    first, second = found["first"], found["second"]
    return amount(first) + (f"{to(found)}{amount(second)}" if second else "")


def _pressure(found: Match) -> str:
    unit = "毫米汞柱" if found["unit"] else ""
    return f"血压，高压{count(found['high'])}，低压{count(found['low'])}{unit}"


def _plain_range(found: Match) -> str:
    # A range of counted things begins with 两 (2-3天), one of numbered things with 二 (2-3组)
    said = number if found["named"] else amount
    return f"{said(found['first'])}{found['big'] or ''}到{said(found['second'])}"


RANGES: Final[tuple[Rule, ...]] = (
    rule(rf"{_RANGE}(?P<unit>{DOSED})/(?P<per>{DOSED_PER})", _dosed),
    rule(
        r"(?<![\d.A-Za-z:/-])(?P<first>\d+(?:\.\d+)?)(?P<big>[万千百亿])?\s?(?:-|–|—{1,2}|~)\s?"
        rf"(?P<second>{NUMBER})(?![\d.:/-]|\s?[A-Za-z=%‰℃°㎡㎏㎝㎜㎞㎎μ])"
        r"(?=(?P<named>级|号|楼|单元|组|层|期|类|型|队|班|栋|幢)?)",
        _plain_range,
    ),
)
"""Ranges without a unit of their own; before numbered places take the second end alone."""

RULES: Final[tuple[Rule, ...]] = (
    rule(r"血压[^\d。，]{0,6}(?P<high>\d{2,3})/(?P<low>\d{2,3})(?!\d)\s?(?P<unit>mmHg|毫米汞柱)?", _pressure),
    rule(rf"{_FIRST}\s?(?:℃|°C|°)?{_SECOND}\s?(?P<scale>℃|°C|℉|°F|摄氏度|华氏度)", _temperature),
    rule(rf"(?<=[温至到低约为降,，])[-−]({NUMBER})(?=度)", lambda found: f"零下{number(found[1])}"),
    rule(
        rf"(?<![\d.A-Za-z])[-−]({NUMBER})度?{TO}([-−])?({NUMBER})(?=度(?![^，。；]{{0,3}}[经纬]))",
        lambda found: f"零下{number(found[1])}{to(found)}{'零下' if found[3] else '零上'}{number(found[4])}",
    ),
    rule(rf"{_FIRST}%?{_SECOND}\s?%", lambda found: _share(found, "百分之")),
    rule(rf"{_FIRST}‰?{_SECOND}\s?‰", lambda found: _share(found, "千分之")),
    # 250mm/24h, 1200万m³
    rule(
        rf"{_RANGE}(?P<unit>{_UNIT}|毫米|立方米)/(?P<hours>\d{{1,2}})(?:h|小时)(?![A-Za-z])",
        lambda found: f"每{amount(found['hours'])}小时{_span(found)}{SAID.get(found['unit'], found['unit'])}",
    ),
    rule(
        rf"(?<![\d.A-Za-z])({NUMBER})\s?([百千]?[万亿])\s?({_UNIT})(?![A-Za-z])",
        lambda found: f"{amount(found[1])}{found[2]}{SAID[found[3]]}",
    ),
    rule(
        rf"{_RANGE}(?P<unit>{_UNIT})(?:/(?P<per>{_UNIT}|小时|秒|分钟|d|天|亩|人|次|日)(?![A-Za-z]))?(?![A-Za-z])",
        _measured,
    ),
    rule(rf"(?<![\d.A-Za-z])({NUMBER})\s?[*×xX]\s?(?=\d)", lambda found: f"{number(found[1])}乘"),
    rule(r"(?<![\dA-Za-z.])(\d{1,4})(岁|周岁)\+", lambda found: f"{count(found[1])}{found[2]}以上"),
    rule(r"(?<![\d.A-Za-z])2(?=两)", lambda _: "二"),
    rule(rf"(?<![\d.A-Za-z第])2(?=[{TWO_OF}])", lambda _: "两"),
    # 20w is slang for 20万, 2000w is a heater
    rule(r"(?<![\d.A-Za-z])(\d{3,5})w(?![A-Za-z\d])", lambda found: f"{number(found[1])}瓦"),
    rule(rf"(?<![\d.A-Za-z])({NUMBER})w(?![A-Za-z\d])", lambda found: f"{amount(found[1])}万"),
    rule(
        rf"(?<![\d.A-Za-z])({NUMBER})([百千]?[万亿]?)\+(?![\d.A-Za-z])",
        lambda found: f"{amount(found[1])}{found[2]}以上",
    ),
    # what is left of them counts something: general normalisers dial these wherever they stand
    rule(r"(?<![\dA-Za-z.])(1[12]\d)(?![\dA-Za-z.])", lambda found: count(found[1])),
)
