"""Areas that hold one another, and what makes a broadcast the whole county's."""

from __future__ import annotations

import pytest

from broadcast.domain.people import Author
from broadcast.domain.zones import Loudspeaker, common_area, covers, is_county_wide, narrowed

COUNTY, TOWN, OTHER_TOWN = "990421000000", "990421101000", "990421102000"
VILLAGE, GRID, OTHER = "990421101201", "990421101201-03", "990421102201"


def test_an_area_holds_itself_and_what_lies_in_it() -> None:
    assert covers(COUNTY, GRID)
    assert covers(TOWN, VILLAGE)
    assert covers(VILLAGE, VILLAGE)
    assert not covers(VILLAGE, TOWN)
    assert not covers(TOWN, OTHER)


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ((VILLAGE, TOWN), (TOWN,)),
        ((VILLAGE, OTHER, VILLAGE), (VILLAGE, OTHER)),
        ((GRID, "g-river", VILLAGE), ("g-river", VILLAGE)),
        ((COUNTY, TOWN, VILLAGE, GRID), (COUNTY,)),
    ],
)
def test_an_area_inside_another_is_not_told_twice(asked: tuple[str, ...], kept: tuple[str, ...]) -> None:
    assert narrowed(asked) == kept


@pytest.mark.parametrize(
    ("areas", "common"),
    [
        ((VILLAGE,), VILLAGE),
        ((VILLAGE, GRID), VILLAGE),
        ((VILLAGE, "990421101202"), TOWN),
        ((VILLAGE, OTHER), COUNTY),
        ((GRID, COUNTY), COUNTY),
    ],
)
def test_the_common_area_is_the_smallest_that_holds_all(areas: tuple[str, ...], common: str) -> None:
    assert common_area(areas) == common


def speakers(*areas: str) -> list[Loudspeaker]:
    return [Loudspeaker(f"s-{n}", area) for n, area in enumerate(areas)]


def test_the_whole_county_is_the_whole_county_in_whatever_words() -> None:
    everyone = speakers(VILLAGE, VILLAGE, OTHER)
    assert is_county_wide((COUNTY,), everyone, everyone)
    assert is_county_wide((TOWN, OTHER_TOWN), everyone, everyone)
    assert is_county_wide(("g-all",), everyone, everyone)
    assert not is_county_wide((TOWN,), everyone[:2], everyone)
    assert not is_county_wide((TOWN,), everyone[:2], everyone[:2])  # a county of one town


def test_an_author_is_heard_in_their_area_alone() -> None:
    author = Author(id="u", name="周平", area=TOWN, may_approve=False)
    assert author.reaches(VILLAGE)
    assert not author.reaches(OTHER)
    assert not author.reaches(COUNTY)
