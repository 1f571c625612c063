"""Dates and times of day; the first end of a range is said as the second."""

from typing import Final

from broadcast.domain.spoken.numbers import amount, count, number, spell
from broadcast.domain.spoken.rule import TO, Match, Rule, rule, to
from broadcast.domain.spoken.units import COUNTED

_YEAR: Final = r"(?:1[5-9]|20)\d\d"
_MONTH: Final = r"(?:1[0-2]|0?[1-9])"
_DAY: Final = r"(?:3[01]|[12]\d|0?[1-9])"
_CLOCK: Final = r"(?<![\d:.])(?P<hour>2[0-4]|[01]?\d):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?![\d:])"
_PART: Final = r"(?P<part>上午|早上|早晨|中午|下午|傍晚|晚上|夜间|凌晨)?"
_AGE_NOT_DATE: Final = r"(?<![近约达有超满过余距])"
# Days with a name of their own; the others are spelled with 一
_NAMED_DAYS: Final = {"3·15": "三幺五", "5·12": "五幺二", "11·9": "幺幺九"}


def _plain(digits: str) -> str:
    return count(str(int(digits)))


def _whole_date(found: Match) -> str:
    return f"{spell(found['year'])}年{_plain(found['month'])}月{_plain(found['day'])}日"


def _clock(found: Match) -> str:
    hour = amount(str(int(found["hour"])))
    minute, second = found["minute"], found["second"]
    said = f"{hour}点"
    if second is None:
        return said if minute == "00" else f"{said}{_minutes(minute)}分"
    return f"{said}{_minutes(minute)}分{_minutes(second)}秒"


def _half_day(found: Match) -> str:
    after_noon = "晚上" if 6 <= int(found["hour"]) < 12 else "下午"
    return (found["part"] or ("上午" if found["half"] in "Aa" else after_noon)) + _clock(found)


def _minutes(digits: str) -> str:
    return number(digits) if digits[0] != "0" else "零" + ("" if digits == "00" else count(digits[1]))


def _named_day(found: Match) -> str:
    return _NAMED_DAYS.get(found[0].replace("•", "·"), spell(found[1]) + spell(found[2]))


RULES: Final[tuple[Rule, ...]] = (
    rule(
        r"(?:(?<=比分)|(?<=比例)|(?<=配比)|(?<=按)|(?<=兑))(\d{1,4}):(\d{1,4})(?!\d)",
        lambda found: f"{count(found[1])}比{count(found[2])}",
    ),
    rule(
        rf"(?<![\d.])(?P<year>{_YEAR})(?P<sign>[-/.])(?P<month>{_MONTH})(?P=sign)(?P<day>{_DAY})(?![\d.])",
        _whole_date,
    ),
    # 3.1—3.15: a date unless something is measured in it
    rule(
        rf"(?<![\d.])({_MONTH})\.({_DAY}){TO}({_MONTH})\.({_DAY})(?![\d.%]|\s?[{COUNTED}A-Za-z])",
        lambda found: (
            f"{_plain(found[1])}月{_plain(found[2])}日{to(found)}{_plain(found[4])}月{_plain(found[5])}日"
        ),
    ),
    # 截止11-30, 11.30日: month and day, by what stands beside them
    rule(
        rf"(?P<by>截止|截至|截止到|截止日期[:：]?|截止时间[:：]?|日期[:：]|时间[:：])\s?({_MONTH})[-/.]({_DAY})"
        rf"(?![\d.:%-]|\s?[{COUNTED}A-Za-z点时到至~—])",
        lambda found: f"{found['by']}{_plain(found[2])}月{_plain(found[3])}日",
    ),
    rule(
        rf"(?<![\d.])({_MONTH})\.({_DAY})(?=[日号])", lambda found: f"{_plain(found[1])}月{_plain(found[2])}"
    ),
    rule(r"(?<![\d.])(\d\d)(?=年(?:出生|生人|生的|属|\d{1,2}月))", lambda found: spell(found[1])),
    rule(r"(?<![\d.])3\.15(?=晚会|国际|消费|打假|活动)", lambda _: "三幺五"),
    rule(
        rf"(?<!\d)({_YEAR})(?=春节|元旦|清明|端午|中秋|国庆|届|版|款|级|学年)", lambda found: spell(found[1])
    ),
    rule(
        rf"(?<!\d)({_YEAR})年?{TO}({_YEAR})(?=年|学年|财年)",
        lambda found: f"{spell(found[1])}{to(found)}{spell(found[3])}",
    ),
    rule(
        rf"{_AGE_NOT_DATE}(?<![\d.])({_YEAR})(?=年(?!历史|的历史|来|前|之久|左右))(?=年)",
        lambda found: spell(found[1]),
    ),
    rule(r"(?<![\d.])(\d{4,5})(?=年)", lambda found: count(found[1])),
    rule(
        rf"(?<![\d.])({_MONTH})月({_DAY})([日号])?{TO}({_MONTH})月({_DAY})([日号])",
        lambda found: (
            f"{_plain(found[1])}月{_plain(found[2])}{found[3] or ''}"
            f"{to(found)}{_plain(found[5])}月{_plain(found[6])}{found[7]}"
        ),
    ),
    rule(
        rf"(?<![\d.])({_MONTH})月({_DAY})([日号])?{TO}({_DAY})([日号])",
        lambda found: (
            f"{_plain(found[1])}月{_plain(found[2])}{found[3] or ''}{to(found)}{_plain(found[5])}{found[6]}"
        ),
    ),
    rule(
        rf"(?<![\d.])({_MONTH})(月)?{TO}({_MONTH})(?=月(?!\d))",
        lambda found: f"{_plain(found[1])}{found[2] or ''}{to(found)}{_plain(found[4])}",
    ),
    rule(
        rf"(?<![\d.])({_DAY})([日号])?{TO}({_DAY})(?=[日号])",
        lambda found: f"{_plain(found[1])}{found[2] or ''}{to(found)}{_plain(found[4])}",
    ),
    rule(
        rf"(?<![\d.])({_MONTH})月(?:({_DAY})(?=[日号]))?",
        lambda found: f"{_plain(found[1])}月{_plain(found[2]) if found[2] else ''}",
    ),
    rule(rf"(?<![\d.])({_DAY})(?=[日号](?![楼院栋线门]))", lambda found: _plain(found[1])),
    rule(
        rf"(?<![\d.:])(\d{{1,2}}){TO}(\d{{1,2}})(?=[点时](?!候))",
        lambda found: f"{amount(found[1])}{to(found)}{amount(found[3])}",
    ),
    rule(rf"{_PART}(?P<half>[AaPp])\.?[Mm]\.?\s?{_CLOCK}", _half_day),
    rule(rf"{_PART}{_CLOCK}\s?(?P<half>[AaPp])\.?[Mm](?![A-Za-z])", _half_day),
    rule(_CLOCK, _clock),
    rule(
        r"(?<![\d.])(\d{1,2})(点|时)(?P<minute>[0-5]\d)?(?=分|刻|半|整|[^\d]|$)",
        lambda found: (
            f"{amount(str(int(found[1])))}{found[2]}{_minutes(found['minute']) if found['minute'] else ''}"
        ),
    ),
    rule(r"(?<![\d.·•])(\d{1,2})[·•](\d{1,2})(?!\d)", _named_day),
    rule(rf"(?<=[点时分年月日号秒半整]){TO}(?=[零一二两三四五六七八九十\d上下中凌早晚次当])", to),
)
