"""Names in a file are found as people write them, and written so that they are found again."""

from __future__ import annotations

import pytest

from hub.domain.areas import Area
from hub.domain.errors import Fault
from hub.domain.register import Clinic, Person
from hub.services.import_names import Known, Names, Spelling
from tests.stores import COUNTY, OTHER_TOWN, OTHER_VILLAGE, TOWN, VILLAGE

KNOWN = Known(
    areas=(
        Area(code=COUNTY, name="清溪县", level="county", parent=None),
        Area(code=TOWN, name="石桥镇", level="town", parent=COUNTY),
        Area(code=OTHER_TOWN, name="柳林镇", level="town", parent=COUNTY),
        Area(code=VILLAGE, name="上坪村", level="village", parent=TOWN),
        Area(code=OTHER_VILLAGE, name="上坪村", level="village", parent=OTHER_TOWN),
    ),
    clinics=(Clinic(id="c-1", name="石桥镇卫生院", area=TOWN),),
    people=(
        Person(id="p-1", kind="doctor", name="何医生", area=VILLAGE),
        Person(id="p-2", kind="doctor", name="何医生", area=OTHER_VILLAGE),
        Person(id="p-3", kind="grid_worker", name="孙勇", area=TOWN),
    ),
)
NAMES = Names(KNOWN)


@pytest.mark.parametrize(
    "text", [VILLAGE, "石桥镇上坪村", "石桥镇/上坪村", "石桥镇 > 上坪村", "清溪县石桥镇上坪村"]
)
def test_an_area_is_found_by_code_or_by_names_from_above(text: str) -> None:
    assert NAMES.area("area", text) == VILLAGE


@pytest.mark.parametrize(
    ("text", "code"),
    [("上坪村", "entry-ambiguous"), ("下坪村", "entry-area"), ("9.90421E+11", "entry-digits-lost")],
)
def test_an_area_that_is_not_plain_is_told(text: str, code: str) -> None:
    found = NAMES.area("area", text)
    assert isinstance(found, Fault)
    assert found.code == code


def test_of_two_helpers_of_one_name_the_one_who_serves_the_area_is_meant() -> None:
    assert NAMES.helper("doctor", "何医生", VILLAGE) == "p-1"
    assert NAMES.helper("doctor", "何医生", OTHER_VILLAGE) == "p-2"
    assert isinstance(NAMES.helper("doctor", "何医生", TOWN), Fault)
    assert isinstance(NAMES.helper("doctor", "孙勇", VILLAGE), Fault)
    assert NAMES.clinic("石桥镇卫生院") == NAMES.clinic("c-1") == "c-1"


def test_what_is_spelled_is_found_again() -> None:
    spelling = Spelling(KNOWN)
    for area in KNOWN.areas:
        assert NAMES.area("area", spelling.area(area.code)) == area.code
    assert spelling.area(VILLAGE) == "石桥镇上坪村"
    assert [spelling.helper(one) for one in ("p-1", "p-3", None)] == ["p-1", "孙勇", ""]
    assert [spelling.clinic(one) for one in ("c-1", "c-9", None)] == ["石桥镇卫生院", "c-9", ""]
