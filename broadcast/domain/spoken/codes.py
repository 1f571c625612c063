"""Codes that name something: identity cards, plates, licences, trains, roads, bus lines, rooms, addresses."""

from typing import Final

from broadcast.domain.spoken.numbers import count, dial, spell
from broadcast.domain.spoken.rule import ALONE, Match, Rule, rule

_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
# 王**: a person whose name is not told; none but the most frequent, for **bold** is written too
_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢"
    "姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_NAMED: Final = (
    r"编号|证号|身份证号?码?|验证码|邮编|邮政编码|账号|帐号|账户|卡号|尾号|单号|工号|学号|密码|口令|批号|代码|编码"
    r"|准字|工单|订单号?|车牌号?|流水号|户号|表号|桩号|机号|门牌|识别码|取件码|邀请码|会议号|号码"
)
_ROOM: Final = r"室|号房|房间?|号?病房|号?教室|号?办公室|号?会议室|号?诊室|宿舍|号包间"
_ROMAN: Final = {"I": "一", "II": "二", "III": "三", "IV": "四", "V": "五", "VI": "六", "VII": "七"}


def _plate(found: Match) -> str:
    place = f"{found['province']}{found['city']}"
    tail = found["tail"]
    # "AD" would be read as an English word; letters that stand apart are read by their names
    return place + (" " if tail[0].isalpha() else "") + dial(tail) + (found["kind"] or "")


def _named(found: Match) -> str:
    return found["name"] + found["gap"] + dial(found["code"].replace("-", ""))


def _milestone(found: Match) -> str:
    return f"{found['kind']}{count(found['km'])}加{count(found['m'])}"


def _train(found: Match) -> str:
    return found["kind"] + (dial(found["no"]) if len(found["no"]) > 2 else count(found["no"]))


def _masked(found: Match) -> str:
    return f"{dial(found['head'])}某某某某{dial(found['tail'])}"


NAMED: Final[tuple[Rule, ...]] = (
    # 6228****1234: what is hidden is said to be hidden
    rule(r"(?<![\d*])(?P<head>\d{2,})\*{2,}(?P<tail>\d*[Xx]?)(?![\d*])", _masked),
    rule(rf"(?<![*])([{_SURNAMES}])\*{{1,2}}(?![*\d])(?![^*\n]*\*\*)", lambda found: f"{found[1]}某"),
    rule(r"(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])", lambda found: dial(found[0].upper())),
    rule(
        rf"(?P<province>[{_PROVINCES}])(?P<city>[A-HJ-NP-Z])[·• ]?(?P<tail>(?=[A-Z]*\d)[A-HJ-NP-Z\d]{{4,6}})"
        r"(?P<kind>[挂学警港澳])?(?![A-Za-z\d])",
        _plate,
    ),
    rule(
        rf"(?P<name>{_NAMED})(?P<gap>[是为:：为\s]{{0,3}}[A-Za-z]{{0,3}})(?P<code>\d[\d-]*\d)(?![\d.])(?![元人户个名%])",
        _named,
    ),
    # 301、302室, 1-101室: rooms are dialled one by one
    rule(
        rf"{ALONE}\d{{3,4}}(?:[、和及]\d{{3,4}})+(?={_ROOM})",
        lambda found: dial(found[0]),
    ),
    rule(
        rf"(?<![\d-])(\d{{1,2}})-(\d{{3,4}})(?={_ROOM})",
        lambda found: f"{count(found[1])}杠{dial(found[2])}",
    ),
    # 豫政〔2026〕12号
    rule(
        r"(?P<open>[〔\[【（(])(?P<year>(?:19|20)\d\d)(?P<close>[〕\]】）)])(?=第?\d)",
        lambda found: f"〔{spell(found['year'])}〕",
    ),
)
"""Codes that their context gives away; before anything else takes their digits for a sum or a date."""

RULES: Final[tuple[Rule, ...]] = (
    rule(r"(?<![A-Za-z\d])(?P<kind>[GDCKTZYLS])(?P<no>\d{1,4})(?=次|列车|号列车)", _train),
    rule(r"(?<![A-Za-z\d])(?P<kind>[GSXYC])(?P<no>\d{3,4})(?![\dA-Za-z.%])", _train),
    rule(rf"{ALONE}(\d{{3}})(?=国道|省道|县道|乡道)", lambda found: dial(found[1])),
    rule(rf"{ALONE}(\d{{3}})(?=路(?![口人程]))", lambda found: dial(found[1])),
    rule(
        rf"{ALONE}(\d{{3,4}})(?={_ROOM})",
        lambda found: dial(found[1]),
    ),
    rule(
        r"(?<![\d-])(\d{1,2})-(\d{1,2})-(\d{3,4})(?![\d-])",
        lambda found: f"{count(found[1])}杠{count(found[2])}杠{dial(found[3])}",
    ),
    rule(r"(?<!\d)(\d{1,3})#(?=楼|栋|幢|院|厂|机|泵|井|\s|$|[，。、])", lambda found: f"{count(found[1])}号"),
    rule(r"#(\d{1,3})(?=楼|栋|幢)", lambda found: f"{count(found[1])}号"),
    rule(r"(?:No|NO|№)[.．]?\s?(\d{1,6})(?!\d)", lambda found: f"第{count(found[1])}号"),
    # 2单元 names one, 2个 counts them: only the second is 两
    rule(
        rf"{ALONE}(\d{{1,3}})(?=号|单元|栋|幢|组|队|社(?!区)|期|班|楼|层|级|类|型|院|季|胎|孩|届|路|号线)",
        lambda found: count(found[1]),
    ),
    rule(rf"{ALONE}(?P<kind>K)(?P<km>\d{{1,4}})\+(?P<m>\d{{3}})(?!\d)", _milestone),
    rule(r"(?<![A-Za-z])(VI{0,2}|I{1,3}|IV)(?=级|类|期|型|度|号)", lambda found: _ROMAN[found[1]]),
    rule(r"(?<![A-Za-z])N(95|90)(?!\d)", lambda found: f"N{spell(found[1])}"),
    rule(r"(?<=[A-Za-z])-(\d{1,3})(?![\d.])", lambda found: count(found[1])),
    rule(r"(?<=[A-Za-z])(\d{3,})(?![\d.])", lambda found: dial(found[1])),
    # a string of nine digits or more that counts nothing is a code
    rule(rf"{ALONE}(?!\d*0000(?!\d))\d{{9,}}(?![\d.元万亿个人户名吨斤米次%])", lambda found: dial(found[0])),
)
