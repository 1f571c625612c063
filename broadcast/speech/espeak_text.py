"""Respelling for espeak-ng 1.52, which misreads some Mandarin.

Found by asking it for the phonemes of all 6,763 characters of GB 2312 and of every word in its dictionary:
every syllable in -iong (胸 兄 穷 熊 …) and every word with a retroflex 儿 (一会儿) comes out as English
letters and figures; ASCII stops beside ideographs make no pause; words are found across true word ends.
"""

import re
from typing import Final

# Phonemes in espeak's own notation, given in double brackets; the tone stands at the end.
_IONG: Final = {
    "[[S;j'ong55]]": "兄凶兇匈汹洶胸芎",
    "[[S;j'ong35]]": "熊雄",
    "[[tS;hj'ong35]]": "穷窮琼瓊穹邛茕蛩筇跫銎",
    "[[tS;j'ong214]]": "窘炯迥囧炅扃冂",
}  # fmt: skip
_RESPELLED: Final = {ord(char): sound for sound, chars in _IONG.items() for char in chars}
_IN_WORDS: Final = {"兄长": "兄掌", "穷尽": "穷进"}
"""Words whose second character changes its reading once the first one is respelled."""

# Characters with several readings that espeak reads by the wrong one, in words of warnings: another character
# of the right sound stands in. Found by comparing its tones with a dictionary over a thousand such words.
_HOMOPHONES: Final = tuple(
    (re.compile(pattern), other)
    for pattern, other in (
        ("倒车", "到车"),
        ("(?<!方)便宜", "骈宜"),
        ("(?<![其高初期])中招(?![生聘募考])", "众招"),
        ("典当", "典荡"),
        ("反弹", "反谈"),
        ("呛水", "枪水"),
        ("尽早", "紧早"),
        ("缉毒", "机毒"),
        ("旋风", "玄风"),
        ("胡同", "胡痛"),
        ("(?<![大少限等定])量血压", "粮血压"),
        ("看护", "刊护"),
        ("看好(?=自[家己]|孩子|小孩|老人|家|门|财物|随身|娃)", "刊好"),
        ("看家(?![里人具庭中])", "刊家"),
        ("(?<![各这那几多一两品物有某每何])种(?=菜|田|上|庄稼)", "众"),
        ("干(?=农活|家务|重活)", "赣"),
        ("还(?=钱|贷|债|本付息)", "环"),
        ("(?<![慢快好轻])地(?=里|头)", "第"),
        ("下调(?![查度研解动配控节])", "下条"),
    )
)

_PLACES: Final = re.compile("([这那哪])儿(?![童子女科媳孙])")
_RETROFLEX: Final = re.compile(
    "(?<=[\u4e00-\u9fff])(?<![女婴幼少孤健胎宠男生育养托患一双小弃弄])儿(?![童子女科媳孙歌时戏])"
)
# A word joiner keeps espeak from seeing 人参 in 老人参加, or a retroflex in 大女儿, without any pause.
_JOINER: Final = "\u2060"
_TRUE_START: Final = re.compile(
    "(?=参加|参与|参观|参会|参保|参选|参赛|音乐|为什么|应该|地方|会计|处理|(?<=血压)计)(?<=[\u4e00-\u9fff])"
)
_OPENING: Final = re.compile("[【《〈“‘「『〔\"']")
_ASIDE: Final = re.compile("[（(]")
_CLOSING: Final = re.compile("[）)】」』〕]|[》〉”’]")
_FOREIGN_SIGNS: Final = re.compile(r"[^\w\s，。！？；：、…\u2060.'-]|_")
_STOPS: Final = re.compile("[，、：；]*([，。！？；：、])(?:\\s*[，、：；。！？])*")


def respell(text: str) -> str:
    """The same words in a form that espeak-ng reads rightly; only for its ears, never shown."""
    text = text.replace("兒", "儿")
    for word, other in _IN_WORDS.items():
        text = text.replace(word, other)
    for pattern, other in _HOMOPHONES:
        text = pattern.sub(other, text)
    text = _PLACES.sub(r"\1里", text)
    text = _RETROFLEX.sub("", text).replace("儿", f"{_JOINER}儿")
    text = _ASIDE.sub("，", _OPENING.sub("", text))
    text = _CLOSING.sub(lambda found: "" if found[0] in "》〉”’" else "，", text)
    text = _FOREIGN_SIGNS.sub(" ", text)
    text = _STOPS.sub(r"\1", text).strip("，、：；")
    return _TRUE_START.sub(_JOINER, text).translate(_RESPELLED)
