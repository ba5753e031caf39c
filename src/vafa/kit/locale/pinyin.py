"""Readings of Chinese characters, with the readings that family names have of their own."""

from collections.abc import Callable
from functools import lru_cache
from typing import cast

# pinyin + tone (5 is none). Characters whose reading as a family name isn't their everyday one.
_SURNAMES = {
    "单": "shan4", "曾": "zeng1", "解": "xie4", "仇": "qiu2", "区": "ou1", "查": "zha1",
    "任": "ren2", "华": "hua4", "朴": "piao2", "乐": "yue4", "翟": "zhai2", "盖": "ge3",
    "缪": "miao4", "宁": "ning4", "燕": "yan1", "葛": "ge3", "覃": "qin2", "召": "shao4",
    "员": "yun4", "秘": "bi4", "冼": "xian3", "纪": "ji3", "折": "she2", "逄": "pang2",
    "种": "chong2", "重": "chong2", "尹": "yin3", "卜": "bu3", "哈": "ha3", "洗": "xian3",
    "过": "guo1", "黑": "he4", "隗": "wei3", "谌": "chen2", "晟": "cheng2", "訾": "zi1",
    "祭": "zhai4", "应": "ying1", "相": "xiang4", "曲": "qu1",
    "尉迟": "yu4 chi2", "万俟": "mo4 qi2", "长孙": "zhang3 sun1",
    "单于": "chan2 yu2", "澹台": "tan2 tai2", "令狐": "ling2 hu2",
    "宰父": "zai3 fu3", "亓官": "qi2 guan1", "呼延": "hu1 yan2",
    "欧阳": "ou1 yang2", "司马": "si1 ma3", "上官": "shang4 guan1",
    "诸葛": "zhu1 ge3", "皇甫": "huang2 fu3", "慕容": "mu4 rong2",
    "夏侯": "xia4 hou2", "东方": "dong1 fang1", "公孙": "gong1 sun1",
    "宇文": "yu3 wen2", "司徒": "si1 tu2", "轩辕": "xuan1 yuan2",
    "端木": "duan1 mu4", "独孤": "du2 gu1", "南宫": "nan2 gong1",
    "百里": "bai3 li3",
}  # fmt: skip
_LONGEST_NAME = 4
# pypinyin takes a list here (one item a character), though its types name only str.
_KEEP_APART = cast("Callable[[str], str]", list)


def is_han(letter: str) -> bool:
    """Whether a letter is a Chinese character."""
    return (
        "\u4e00" <= letter <= "\u9fff"
        or "\u3400" <= letter <= "\u4dbf"
        or "\U00020000" <= letter <= "\U0003ffff"
    )


def list_readings(text: str) -> list[str]:
    """A reading with its tone (wang2) for each letter of a text; empty for letters that aren't Chinese.

    A text of at most four characters is read as a person's name, a longer one as words.
    """
    if not any(map(is_han, text)):
        return [""] * len(text)
    readings = _read_words(text)
    if len(text) <= _LONGEST_NAME:
        for length in (2, 1):
            own = _SURNAMES.get(text[:length], "").split()
            if own and (length == 1 or len(text) > length - 1):
                return own + readings[len(own) :]
    return readings


def split_family_name(name: str) -> tuple[str, str]:
    """(family, given) of a Chinese name without a space; a known two-character family name is kept whole."""
    length = 2 if len(name) > 2 and len(_SURNAMES.get(name[:2], "").split()) == 2 else 1
    return name[:length], name[length:]


def list_search_keys(name: str) -> list[str]:
    """What people type to find a Chinese name: its pinyin and its initials (wangxiaoming, wxm); else none."""
    readings = [reading for reading in list_readings(name.replace(" ", "")) if reading]
    if not readings:
        return []
    return ["".join(reading[:-1] for reading in readings), "".join(reading[0] for reading in readings)]


@lru_cache(maxsize=4096)
def _read_words(text: str) -> list[str]:
    from pypinyin import Style as PinyinStyle
    from pypinyin import pinyin

    readings: list[str] = []
    for run in split_runs(text):
        if is_han(run[0]):
            told = pinyin(run, style=PinyinStyle.TONE3, neutral_tone_with_five=True, errors=_KEEP_APART)
            # ü (女 nü) is written v, as it is typed; a character without a known reading gets none.
            readings.extend(_tidy(syllable[0]) for syllable in told)
        else:
            readings.extend([""] * len(run))
    return readings


def _tidy(syllable: str) -> str:
    reading = syllable.replace("ü", "v").replace("ê", "e")
    return reading if reading.isascii() and reading[:1].isalpha() and reading[-1:].isdigit() else ""


def split_runs(text: str) -> list[str]:
    """The text cut where Chinese characters begin or end."""
    runs: list[str] = []
    for letter in text:
        if runs and is_han(runs[-1][0]) == is_han(letter):
            runs[-1] += letter
        else:
            runs.append(letter)
    return runs
