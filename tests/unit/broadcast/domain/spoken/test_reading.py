"""The steps of reading, with a general normaliser that only remembers what it was asked."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcast.domain.spoken import LONGEST_TEXT, check_spoken, check_text, to_spoken
from broadcast.errors import Kind, Problem, TextError


def _unread(sentence: str) -> str:
    return sentence


def _problem_of(text: str) -> Problem:
    with pytest.raises(TextError) as raised:
        to_spoken(text, _unread)
    assert raised.value.kind is Kind.INVALID
    return raised.value.problem


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "\u3000\u3000"])
def test_nothing_is_refused(text: str) -> None:
    assert _problem_of(text) is Problem.TEXT_EMPTY


@pytest.mark.parametrize(
    "text",
    ["！！！", "……。", "😀😀😀", "，。：；", "---", "❤️‍🔥", "\u200b", "<b></b>", "Привет", "مرحبا", "བོད་ཡིག"],
)
def test_what_has_no_words_is_refused(text: str) -> None:
    assert _problem_of(text) is Problem.TEXT_UNREADABLE


def test_five_thousand_characters_are_refused_with_both_figures() -> None:
    with pytest.raises(TextError) as raised:
        check_text("村" * 5000)
    assert raised.value.problem is Problem.TEXT_TOO_LONG
    assert dict(raised.value.values) == {"length": 5000, "limit": LONGEST_TEXT}


def test_the_longest_text_is_read_whole() -> None:
    text = "村" * LONGEST_TEXT
    assert to_spoken(text, _unread) == text


@pytest.mark.parametrize("text", ["村\0民", "村\ufffd民", "村" + chr(0xD800) + "民"])
def test_broken_characters_are_named_by_their_place(text: str) -> None:
    with pytest.raises(TextError) as raised:
        check_text(text)
    assert raised.value.problem is Problem.TEXT_BROKEN
    assert raised.value.values["at"] == 2


def test_a_corrected_text_may_be_longer_than_a_written_one() -> None:
    check_spoken("村" * (LONGEST_TEXT + 1))


def test_only_sentences_with_digits_reach_the_general_normaliser() -> None:
    asked: list[str] = []

    def normalise(sentence: str) -> str:
        asked.append(sentence)
        return sentence.replace("7", "七")

    assert to_spoken("请村民注意。共7处。拨打110。", normalise) == "请村民注意。共七处。拨打幺幺零。"
    assert asked == ["共7处。"]


def test_digits_that_nobody_could_read_are_spelled() -> None:
    assert to_spoken("甲7乙", _unread) == "甲七乙"


@given(st.text(min_size=1, max_size=60))
def test_any_text_is_read_without_digits_or_refused(text: str) -> None:
    try:
        spoken = to_spoken(text, _unread)
    except TextError:
        return
    assert spoken
    assert not re.search(r"[0-9]", spoken)
    assert not re.search(r"[\\^|<>=$@#*_{}\[\]]", spoken)


@given(st.text(alphabet="0123456789.-:/年月日元%℃~，、转 号", min_size=1, max_size=30))
def test_any_jumble_of_figures_and_signs_is_read(text: str) -> None:
    spoken = to_spoken("村" + text, _unread)
    assert not re.search(r"[0-9]", spoken)
