"""Sums of money: the sign in front and the word behind are said once, behind."""

from typing import Final

from broadcast.domain.spoken.numbers import amount, price
from broadcast.domain.spoken.rule import NUMBER, TO, Match, Rule, rule, to
from broadcast.domain.spoken.units import PRICED_PER, SAID

_SIGNS: Final = {
    "￥": "元",
    "¥": "元",
    "RMB": "元",
    "CNY": "元",
    "人民币￥": "元",
    "$": "美元",
    "US$": "美元",
    "USD": "美元",
    "HK$": "港元",
    "€": "欧元",
    "EUR": "欧元",
    "£": "英镑",
}
_BIG: Final = r"(?:[十百千]?[万亿]|[千百])"


def _range(found: Match, unit: str) -> str:
    first, second = found["first"], found["second"]
    said = price(first) + (found["big1"] or "")
    return said + (f"{to(found)}{price(second)}{found['big2'] or ''}" if second else "") + unit


def _signed(found: Match) -> str:
    unit = _SIGNS[found["sign"]]
    return _rated(found, _range(found, unit))


def _worded(found: Match) -> str:
    return _rated(found, _range(found, found["unit"]))


def _rated(found: Match, said: str) -> str:
    per = found["per"]
    if not per:
        return said
    each = f"每{SAID.get(found['each'], found['each'])}" if found["each"] else ""
    return f"每{SAID.get(per, per)}{each}{said}"


_SIGN: Final = r"(?P<sign>US\$|HK\$|USD|RMB|CNY|EUR|[￥¥$€£])\s?"
_SUM: Final = rf"(?P<first>{NUMBER})\s?(?P<big1>{_BIG})?"
_PER_ONE: Final = rf"(?:\s?/\s?(?P<per>{PRICED_PER})(?:\s?/\s?(?P<each>{PRICED_PER}))?)?"

RULES: Final[tuple[Rule, ...]] = (
    rule(
        rf"(?<![\d.A-Za-z])(?P<first>{NUMBER})\s?元/(?P<many>\d{{1,4}})\s?(?P<unit>g|克|kg|公斤|斤|ml|毫升|L|升)(?![A-Za-z])",
        lambda found: (
            f"每{amount(found['many'])}{SAID.get(found['unit'], found['unit'])}{price(found['first'])}元"
        ),
    ),
    rule(
        rf"{_SIGN}{_SUM}(?:元?{TO}(?:US\$|HK\$|[￥¥$€£])?\s?(?P<second>{NUMBER})(?P<big2>{_BIG})?)?"
        rf"(?:美元|港元|欧元|英镑|元整|元|块)?{_PER_ONE}",
        _signed,
    ),
    rule(
        rf"(?<![\d.A-Za-z]){_SUM}(?:元?{TO}(?P<second>{NUMBER})\s?(?P<big2>{_BIG})?)?\s?"
        rf"(?P<unit>美元|港元|欧元|英镑|日元|元|块钱|块(?![田地]))(?![素旦月件宵首老帅帝]){_PER_ONE}",
        _worded,
    ),
)
