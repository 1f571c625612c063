"""Templates: what may be kept, and how blanks are filled in."""

import pytest

from broadcast.domain.priorities import Category
from broadcast.domain.templates import FILLED_LIMIT, NAME_LIMIT, Template, check_filled, checked, fill
from broadcast.errors import BroadcastError, Problem

RAIN = Template(
    id="rain", name="暴雨", category=Category.WEATHER, text="预计{时间}，{地点}有暴雨，请{地点}村民注意。"
)


def template(text: str, name: str = "暴雨") -> Template:
    return Template(id="rain", name=name, category=Category.WEATHER, text=text)


def test_blanks_are_named_once_in_the_order_in_which_they_are_said() -> None:
    assert RAIN.blanks == ("时间", "地点")


def test_every_place_of_a_blank_is_filled_in_and_what_is_filled_in_stays_as_it_is() -> None:
    said = fill(RAIN, {"时间": "今晚{地点}\n8点", " 地点 ": " 上坪村 "})
    assert said == "预计今晚{地点} 8点，上坪村有暴雨，请上坪村村民注意。"


@pytest.mark.parametrize(
    ("values", "problem", "named"),
    [
        ({}, Problem.TEMPLATE_UNFILLED, "时间、地点"),
        ({"时间": "今晚", "地点": " "}, Problem.TEMPLATE_UNFILLED, "地点"),
        ({"时间": "今晚", "地点": "村里", "地址": "x"}, Problem.TEMPLATE_UNASKED, "地址"),
        ({"时间": "今晚", "地点": "村" * (FILLED_LIMIT + 1)}, Problem.TEMPLATE_VALUE, "地点"),
    ],
)
def test_what_is_missing_unasked_for_or_too_long_is_named(
    values: dict[str, str], problem: Problem, named: str
) -> None:
    with pytest.raises(BroadcastError) as raised:
        fill(RAIN, values)
    assert raised.value.problem is problem
    assert named in raised.value.values.values()


def test_a_text_whose_blanks_are_still_open_is_not_sent() -> None:
    check_filled("今晚上坪村有暴雨")
    with pytest.raises(BroadcastError) as raised:
        check_filled("今晚{地点}有暴雨，{地点}")
    assert raised.value.values["unfilled"] == "地点"


def test_a_template_is_kept_with_plain_braces_and_trimmed_blanks() -> None:
    assert checked(template(" 今晚｛ 地点 ｝有雨 ", " 暴雨 ")) == template("今晚{地点}有雨")


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (template("有雨", " "), Problem.TEMPLATE_NAME),
        (template("有雨", "雨" * (NAME_LIMIT + 1)), Problem.TEMPLATE_NAME),
        (template("有雨", "暴\n雨"), Problem.TEMPLATE_NAME),
        (template(" "), Problem.TEXT_EMPTY),
        (template("！！"), Problem.TEXT_UNREADABLE),
        (template("今晚{}有雨"), Problem.TEMPLATE_BLANK),
        (template("今晚{地点有雨"), Problem.TEMPLATE_BLANK),
        (template("今晚{{地点}}有雨"), Problem.TEMPLATE_BLANK),
        (template("今晚{" + "地" * 21 + "}有雨"), Problem.TEMPLATE_BLANK),
        (template("".join(f"{{空{n}}}" for n in range(21))), Problem.TEMPLATE_BLANK),
    ],
)
def test_what_no_template_can_be_is_refused(wrong: Template, problem: Problem) -> None:
    with pytest.raises(BroadcastError) as raised:
        checked(wrong)
    assert raised.value.problem is problem
