"""Names of devices, presses, zones and areas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import ids
from devices.errors import IdError
from devices.ids import AreaLevel

COUNTY = "990121000000"
TOWN = "990121100000"
VILLAGE = "990121100201"
GRID = "990121100201-03"


@pytest.mark.parametrize("device", ["b", "b-0193", "A.b_c-9", "0x00158d0001234567", "a" * 64])
def test_a_device_may_be_called(device: str) -> None:
    assert ids.check_device_id(device) == device


@pytest.mark.parametrize(
    "device", ["", "-b", ".b", "a b", "a/b", "a+b", "a#b", "村", "a\n", "a" * 65, "hub.1.calls", "HUB.1"]
)
def test_a_device_may_not_be_called(device: str) -> None:
    with pytest.raises(IdError):
        ids.check_device_id(device)


@given(st.text(max_size=70))
def test_whatever_names_a_device_is_one_plain_level_of_a_topic(text: str) -> None:
    try:
        ids.check_device_id(text)
    except IdError:
        return
    assert text.isascii()
    assert not set(text) & set("/+#$ \n\x00")


def test_press_ids_are_long_random_and_proper() -> None:
    drawn = {ids.new_press_id() for _ in range(1000)}
    assert len(drawn) == 1000
    for press in drawn:
        assert ids.check_press_id(press) == press
        assert len(press) == 16  # 96 bits at 6 a character


def test_an_improper_press_id_is_named_in_the_error() -> None:
    with pytest.raises(IdError, match="a b"):
        ids.check_press_id("a b")


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        (COUNTY, AreaLevel.COUNTY, None),
        (TOWN, AreaLevel.TOWN, COUNTY),
        (VILLAGE, AreaLevel.VILLAGE, TOWN),
        (GRID, AreaLevel.GRID, VILLAGE),
        ("990121100201003", AreaLevel.GRID, VILLAGE),
        ("441900000000", AreaLevel.COUNTY, None),
        ("441900003000", AreaLevel.TOWN, "441900000000"),
    ],
)
def test_a_code_says_its_level_and_what_it_lies_in(code: str, level: AreaLevel, parent: str | None) -> None:
    assert ids.area_level(code) is level
    assert ids.parent_of(code) == parent


def test_every_code_knows_its_village_town_and_county() -> None:
    def places(code: str) -> tuple[str | None, str | None, str]:
        return ids.village_of(code), ids.town_of(code), ids.county_of(code)

    assert places(GRID) == (VILLAGE, TOWN, COUNTY)
    assert places(VILLAGE) == (VILLAGE, TOWN, COUNTY)
    assert places(TOWN) == (None, TOWN, COUNTY)
    assert places(COUNTY) == (None, None, COUNTY)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "990121",
        "99012110020",
        "9901211002011234567890",
        "990000000000",
        "990121000201",
        "990121100000-01",
        "99012110020x",
        "９９０１２１１００２０１",
        "990121100201-",
        "990121100201\n",
    ],
)
def test_what_is_no_area_code_is_refused(code: str) -> None:
    with pytest.raises(IdError):
        ids.area_level(code)


@pytest.mark.parametrize("zone", [COUNTY, TOWN, VILLAGE, GRID, "g-squares", "g-1.a_b"])
def test_a_zone_is_an_area_or_a_group(zone: str) -> None:
    assert ids.check_zone(zone) == zone


@pytest.mark.parametrize("zone", ["squares", "g-", "g-a b", "g-a/b", "+", "#"])
def test_what_is_neither_is_no_zone(zone: str) -> None:
    with pytest.raises(IdError):
        ids.check_zone(zone)


def test_invented_counties_lie_in_a_province_that_does_not_exist() -> None:
    allotted = {*range(11, 16), 21, 22, 23, *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66)}
    elsewhere = {66, 71, 81, 82, 83, 90}
    assert int(ids.UNALLOTTED_PROVINCE) not in allotted | elsewhere
    assert ids.area_level(ids.UNALLOTTED_PROVINCE + "0121000000") is AreaLevel.COUNTY
