"""How a spoken text is cut for a voice, and where it pauses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcast.domain.spoken.clean import is_readable
from broadcast.speech.phrasing import Phrase, dictate, joined, phrases


def test_every_sentence_is_a_phrase_with_the_pause_of_its_stop() -> None:
    assert phrases("请注意！明天停水；请储水。\n村委会", 100) == (
        Phrase("请注意！", 650),
        Phrase("明天停水；", 500),
        Phrase("请储水。", 900),
        Phrase("村委会", 120),
    )


def test_a_long_sentence_is_cut_at_a_comma() -> None:
    assert phrases("明天上午停水，请各家储水。", 8) == (
        Phrase("明天上午停水，", 300),
        Phrase("请各家储水。", 650),
    )


def test_a_sentence_without_commas_is_cut_anyway() -> None:
    assert [part.text for part in phrases("村" * 25, 10)] == ["村" * 10, "村" * 10, "村" * 5]


def test_stops_alone_are_no_phrase() -> None:
    assert phrases("……！！\n。", 10) == ()


def test_quotes_stay_with_their_sentence() -> None:
    assert [part.text for part in phrases("他说：“停水了。”请储水。", 100)] == [
        "他说：“停水了。”",
        "请储水。",
    ]


def test_short_neighbours_are_joined_while_they_fit() -> None:
    parts = phrases("一句。两句。三句话。", 100)
    assert [part.text for part in joined(parts, 6)] == ["一句。两句。", "三句话。"]


@given(st.text(alphabet="村民请，。！；\n“”、 ", max_size=80), st.integers(3, 30))
def test_no_word_is_lost_and_no_phrase_is_too_long(text: str, longest: int) -> None:
    parts = phrases(text, longest)
    assert [char for part in parts for char in part.text if is_readable(char)] == list(
        filter(is_readable, text)
    )
    assert all(len(part.text) <= longest for part in parts)


@pytest.mark.parametrize(
    ("digits", "grouped"),
    [
        ("幺三八零零幺三八零零零", "幺三八，零零幺三，八零零零"),
        ("零三七幺六五五五幺二三四", "零三七幺，六五五五，幺二三四"),
        ("零三七四六五五幺二三四", "零三七四，六五五，幺二三四"),
        ("零幺零八八八八六六六六", "零幺零，八八八八，六六六六"),
        ("四零零八二零八八二零", "四零零，八二零，八八二零"),
        ("六五五五幺二三四", "六五五五，幺二三四"),
        ("四幺零幺零幺幺九九零零幺零幺幺二三四", "四幺零幺零幺，幺九九零，零幺零幺，幺二三四"),
        ("幺二三四五", "幺二三四五"),
        ("三点一四一五九二六五", "三点一四一五九二六五"),
        ("一千二百三十四万", "一千二百三十四万"),
    ],
)
def test_long_strings_of_digits_are_dictated_in_groups(digits: str, grouped: str) -> None:
    assert dictate(f"电话{digits}。") == f"电话{grouped}。"
