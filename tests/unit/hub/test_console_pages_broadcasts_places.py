"""Places by name, as short as the reader of a run can do with."""

import pytest

from hub.console.pages.broadcasts_places import name_within

COUNTY, TOWN, VILLAGE, GRID = "990421000000", "990421101000", "990421101201", "990421101201-03"
NAMES = {COUNTY: "清溪县", TOWN: "石桥镇", VILLAGE: "上坪村", GRID: "三组"}


@pytest.mark.parametrize(
    ("home", "area", "name"),
    [
        (COUNTY, VILLAGE, "石桥镇 上坪村"),
        (TOWN, VILLAGE, "上坪村"),
        (VILLAGE, VILLAGE, "上坪村"),
        (TOWN, GRID, "上坪村 三组"),
        (VILLAGE, GRID, "三组"),
        (COUNTY, COUNTY, "清溪县"),
        (TOWN, "990421109201", "清溪县"),
    ],
)
def test_what_goes_without_saying_is_left_out(home: str, area: str, name: str) -> None:
    assert name_within(NAMES, home, area) == name
