"""Counting in Mandarin."""

import pytest

from broadcast.domain.spoken.numbers import amount, count, dial, number, price


@pytest.mark.parametrize(
    ("digits", "said"),
    [
        ("0", "零"),
        ("2", "二"),
        ("10", "十"),
        ("12", "十二"),
        ("20", "二十"),
        ("101", "一百零一"),
        ("110", "一百一十"),
        ("200", "两百"),
        ("222", "两百二十二"),
        ("1000", "一千"),
        ("1001", "一千零一"),
        ("1010", "一千零一十"),
        ("2200", "两千二百"),
        ("10000", "一万"),
        ("10001", "一万零一"),
        ("12800", "一万两千八百"),
        ("20000", "两万"),
        ("100000", "十万"),
        ("101000", "十万一千"),
        ("110000", "十一万"),
        ("1000010", "一百万零一十"),
        ("100005000", "一亿零五千"),
        ("200000000", "两亿"),
        ("1234567890", "十二亿三千四百五十六万七千八百九十"),
        ("007", "零零七"),
        ("12345678901234567", "一二三四五六七八九零一二三四五六七"),
    ],
)
def test_counts(digits: str, said: str) -> None:
    assert count(digits) == said


def test_a_telephone_has_no_sums() -> None:
    assert dial("96110转8") == "九六幺幺零转八"


def test_decimals_are_spelled() -> None:
    assert number("-3.50") == "负三点五零"
    assert number("12.05") == "十二点零五"


def test_a_bare_two_is_counted_as_a_pair() -> None:
    assert amount("2") == "两"
    assert amount("12") == "十二"


def test_a_price_drops_the_zeros_nobody_says() -> None:
    assert price("12.50") == "十二点五"
    assert price("3.00") == "三"
    assert price("2.00") == "两"
