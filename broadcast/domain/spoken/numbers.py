"""Numbers as Mandarin says them: counted, digit by digit, and as measured amounts."""

from typing import Final

DIGITS: Final = "零一二三四五六七八九"
_GROUPS: Final = ("", "万", "亿", "万亿")
_PLACES: Final = ("", "十", "百", "千")
_LONGEST_COUNTED: Final = 16


def spell(digits: str, *, one: str = "一") -> str:
    """Digit by digit; `one` is 幺 for telephones, rooms and codes. What is no digit stays."""
    return "".join(
        one if char == "1" else DIGITS[int(char)] if char.isascii() and char.isdigit() else char
        for char in digits
    )


def dial(digits: str) -> str:
    """Digit by digit as over the telephone, 1 as 幺 (yāo), which is not misheard as 7 (qī)."""
    return spell(digits, one="幺")


def count(digits: str) -> str:
    """A whole number counted: 12800 → 一万两千八百. Leading zeros or over 16 digits: digit by digit."""
    if len(digits) > _LONGEST_COUNTED or (len(digits) > 1 and digits[0] == "0"):
        return spell(digits)
    value = int(digits)
    if value == 0:
        return DIGITS[0]
    groups = []
    while value:
        value, group = divmod(value, 10_000)
        groups.append(group)
    said = ""
    skipped = False
    for index in range(len(groups) - 1, -1, -1):
        group = groups[index]
        if not group:
            skipped = bool(said)
            continue
        if said and (skipped or group < 1000):
            said += DIGITS[0]
        skipped = False
        said += _two(_group(group, leading=not said), group, index) + _GROUPS[index]
    return said


def _two(said: str, group: int, index: int) -> str:
    return "两" if group == 2 and index else said


def _group(group: int, *, leading: bool) -> str:
    """One group of four digits, without its 万 or 亿."""
    said = ""
    gap = False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if not digit:
            gap = bool(said)
            continue
        if gap:
            said += DIGITS[0]
            gap = False
        said += _digit(digit, place, first=leading and not said) + _PLACES[place]
    return said


def _digit(digit: int, place: int, *, first: bool) -> str:
    if digit == 1 and place == 1 and first:
        return ""
    if digit == 2 and (place == 3 or (place == 2 and first)):
        return "两"
    return DIGITS[digit]


def number(text: str) -> str:
    """A number with or without sign and decimals: -3.50 → 负三点五零."""
    sign = "负" if text[0] in "-−" else ""
    whole, point, decimals = text.lstrip("-−").partition(".")
    return sign + count(whole or "0") + ("点" + spell(decimals) if point and decimals else "")


def amount(text: str) -> str:
    """A number before a measure word: a bare 2 is 两."""
    return "两" if text == "2" else number(text)


def price(text: str) -> str:
    """A sum of money: as an amount, without the zeros at the end that nobody says."""
    whole, _, decimals = text.partition(".")
    decimals = decimals.rstrip("0")
    return amount(f"{whole}.{decimals}" if decimals else whole)
