"""What is read out to 120, 119 and 110: complete, in order, and never made up."""

import msgspec
import pytest

from hub.console.pages.briefing import NUMBERS, briefing, coordinates, full_address, sex
from hub.domain.residents import Card, Resident
from hub.i18n import LANGUAGES, Phrases

NOW = 1_790_000_000_000
PATH = ("清溪县", "石桥镇", "石桥社区")
ELDER = Resident(
    id="r-1",
    name="周桂兰",
    area="990121100001",
    address="石桥社区老街17号",
    phone="15401210001",
    way_in="老街口进去左手第三家",
    landmark="石拱桥东头",
    born=1941,
    sex="女",
    conditions="高血压，装过心脏支架",
    meets_ambulance="女儿周敏在老街口接车",
    lat=29.91342,
    lon=109.17261,
)


def read_out(number: str, resident: Resident | None, lang: str = "zh") -> list[str]:
    card = Card(resident=resident, area_path=PATH if resident else (), contacts=())
    lines = briefing(number, card, "清溪县石桥镇综治中心", NOW)
    return [Phrases().say(lang, line.sentence, **line.params) for line in lines]


def test_the_ambulance_hears_where_who_and_what_in_that_order() -> None:
    assert read_out("120", ELDER) == [
        "您好，这里是清溪县石桥镇综治中心。有一位老人按了呼救按钮，请派救护车。",
        "地址：清溪县石桥镇石桥社区老街17号。",
        "怎么走：老街口进去左手第三家",
        "旁边是：石拱桥东头",
        "接应的人：女儿周敏在老街口接车",
        "当事人：周桂兰，女，85 岁。",
        "已知病情：高血压，装过心脏支架",
        "家里电话：15401210001。",
        "坐标（WGS-84）：29.91342, 109.17261。",
        "请问大约多久能到？车到之前我们该做什么？",
    ]


def test_what_the_register_does_not_know_is_left_out() -> None:
    bare = Resident(id="r-2", name="何秀英", area="990121100001", address="")
    lines = read_out("120", bare)
    assert lines[1:-1] == ["地址：清溪县石桥镇石桥社区。", "当事人：何秀英。"]
    assert len(read_out("110", None)) == 2


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("number", NUMBERS)
def test_every_line_of_every_number_has_its_sentence(number: str, lang: str) -> None:
    assert not [line for line in read_out(number, ELDER, lang) if line.startswith("brief-") or "{" in line]


def test_an_address_says_nothing_twice() -> None:
    assert full_address(ELDER, PATH) == "清溪县石桥镇石桥社区老街17号"
    other = msgspec.structs.replace(ELDER, address="老街17号")
    assert full_address(other, PATH) == "清溪县石桥镇石桥社区老街17号"
    whole = msgspec.structs.replace(ELDER, address="石桥镇石桥社区老街17号")
    assert full_address(whole, PATH) == "清溪县石桥镇石桥社区老街17号"


def test_a_sex_is_understood_however_the_register_writes_it() -> None:
    written = {"女": "female", "F": "female", "male": "male", "男": "male", "": "unknown", "?": "unknown"}
    for text, meant in written.items():
        assert sex(msgspec.structs.replace(ELDER, sex=text)) == meant


def test_half_a_coordinate_is_none() -> None:
    assert coordinates(ELDER) == "29.91342, 109.17261"
    assert coordinates(msgspec.structs.replace(ELDER, lat=None)) == ""
