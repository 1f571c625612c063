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

_PLACES: Final = re.compile("([这那哪])儿(?![童子女科媳孙])")
_RETROFLEX: Final = re.compile(
    "(?<=[\u4e00-\u9fff])(?<![女婴幼少孤健胎宠男生育养托患一双小弃弄])儿(?![童子女科媳孙歌时戏])"
)
# A word joiner keeps espeak from seeing 人参 in 老人参加, or a retroflex in 大女儿, without any pause.
_JOINER: Final = "\u2060"
_TRUE_START: Final = re.compile(
    "(?=参加|参与|参观|参会|参保|参选|参赛|音乐|为什么|应该|地方|会计)(?<=[\u4e00-\u9fff])"
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
    text = _PLACES.sub(r"\1里", text)
    text = _RETROFLEX.sub("", text).replace("儿", f"{_JOINER}儿")
    text = _ASIDE.sub("，", _OPENING.sub("", text))
    text = _CLOSING.sub(lambda found: "" if found[0] in "》〉”’" else "，", text)
    text = _FOREIGN_SIGNS.sub(" ", text)
    text = _STOPS.sub(r"\1", text).strip("，、：；")
    return _TRUE_START.sub(_JOINER, text).translate(_RESPELLED)
