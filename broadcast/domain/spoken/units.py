"""Units as they are written and as they are said."""

from typing import Final

SAID: Final = {
    "km": "公里", "㎞": "公里", "cm": "厘米", "㎝": "厘米", "mm": "毫米", "㎜": "毫米",
    "μm": "微米", "nm": "纳米", "m": "米",
    "km²": "平方公里", "m²": "平方米", "m2": "平方米", "㎡": "平方米", "cm²": "平方厘米",
    "m³": "立方米", "m3": "立方米", "ha": "公顷", "hm²": "公顷",
    "kg": "公斤", "㎏": "公斤", "KG": "公斤", "Kg": "公斤", "g": "克", "t": "吨",
    "mg": "毫克", "㎎": "毫克", "μg": "微克", "ug": "微克",
    "mL": "毫升", "ml": "毫升", "ML": "毫升", "L": "升", "l": "升",
    "mmol": "毫摩尔", "μmol": "微摩尔", "mmHg": "毫米汞柱", "IU": "国际单位", "ppm": "百万分之一",
    "kWh": "千瓦时", "kW·h": "千瓦时", "kW": "千瓦", "MW": "兆瓦", "W": "瓦",
    "kV": "千伏", "V": "伏", "mA": "毫安", "mAh": "毫安时", "kcal": "千卡",
    "kPa": "千帕", "MPa": "兆帕", "hPa": "百帕", "dB": "分贝", "μSv": "微西弗",
    "Hz": "赫兹", "kHz": "千赫", "MHz": "兆赫", "GHz": "吉赫",
    "min": "分钟", "h": "小时", "s": "秒", "ms": "毫秒",
    "Mbps": "兆比特每秒", "GB": "吉字节", "MB": "兆字节",
}  # fmt: skip
"""Written in Latin letters or as one sign; names of Chinese units need no translation."""

TIMES: Final = {
    "h": "小时",
    "小时": "小时",
    "时": "小时",
    "min": "分钟",
    "分钟": "分钟",
    "s": "秒",
    "秒": "秒",
    "d": "天",
}
"""What a speed is measured by; it is said in front: 每小时六十公里."""

COUNTED: Final = (
    "元块角分毛万亿千百十多余几%％‰℃°度个名位人户家口只头条台辆套件批次例起宗项米里公厘毫克斤吨升亩平立方秒"
    "小时天日月年周岁级层楼号栋幢间室路顷匹张份本册箱包袋瓶盒块棵株双对把根支页字句种类届场排班组队团步座处所架艘"
    "寸尺丈倍折成瓦伏安赫兆卡焦帕㎡㎏㎝㎜㎞年枚颗粒片盏扇门桌桶筐担车船趟遍回声亩村社屯镇县市区"
)
"""Characters that begin a measure word: a number before one of them is counted and is no telephone."""

TWO_OF: Final = (
    "个位名户口只头条台辆套件批次米里公斤吨元块亩平立小天年周岁份本册箱包"
    "袋瓶盒颗粒片棵株双对把间处座万千亿种倍人家成毛角"
)
"""Measure words before which 2 is 两."""

DOSED: Final = (
    "次|片|粒|袋|支|毫升|毫克|克|颗|丸|包|个|人|斤|公斤|吨|趟|班|遍|滴|杯|米|公里|立方米|升|度|户|亩|株|棵"
)
DOSED_PER: Final = "小时|分钟|日|天|周|月|年|次|人|户|亩|公斤|公顷|平方米|秒|分|时|班|车|kg"
"""3次/天, 2片/次: what is counted, and per what."""

PRICED_PER: Final = (
    "公斤|平方米|立方米|平米|公里|公顷|小时|分钟|人次|斤|人|亩|吨|次|天|日|月|年|户|度|方|立方|个|份|袋|箱|盒|瓶|张|只|头"
    "|棵|株|米|台|辆|件|套|包|桶|kg|kWh|㎡|m²|m2|m³|m3|t"
)
"""3.5元/斤: per what a price is."""
