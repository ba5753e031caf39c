"""How often a subscription is paid, in words or counts -> (unit, count). Pure."""

from __future__ import annotations

import re
from typing import Literal

from .problems import ValueProblem
from .text import fold_label

IntervalUnit = Literal["day", "week", "month", "year"]
Interval = tuple[IntervalUnit, int]

_WORDS: dict[Interval, str] = {
    ("day", 1): (
        "day | days | daily | d | per day | روز | روزانه | هر روز | يوم | يومي | يوميا | يومية | أيام | "
        "天 | 日 | 每天 | 每日 | 按天 | 按日"
    ),
    ("week", 1): (
        "week | weeks | weekly | w | wk | per week | هفته | هفتگی | هر هفته | أسبوع | اسبوع | أسبوعي | "
        "اسبوعي | أسبوعيا | أسابيع | 周 | 星期 | 每周 | 按周 | 周付 | 个星期"
    ),
    ("week", 2): (
        "fortnight | fortnightly | biweekly | bi weekly | every two weeks | دو هفته یکبار | دوهفتگی | "
        "نصف شهري | 双周 | 每两周"
    ),
    ("month", 1): (
        "month | months | monthly | m | mo | mth | per month | month to month | ماه | ماهانه | ماهیانه | "
        "هر ماه | شهر | شهري | شهريا | شهرية | أشهر | اشهر | شهور | 月 | 个月 | 每月 | 按月 | 月付 | 月度 | "
        "月卡 | 包月"
    ),
    ("month", 2): "bimonthly | bi monthly | every two months | دوماهه | دو ماهه | شهرين | كل شهرين | 双月",
    ("month", 3): (
        "quarter | quarters | quarterly | q | per quarter | season | فصل | فصلی | سه ماهه | سه ماه | "
        "هر فصل | ربع سنوي | ربع سنوية | كل ثلاثة أشهر | فصلي | 季 | 季度 | 每季 | 每季度 | 按季 | 按季度 | "
        "季付 | 季卡"
    ),
    ("month", 6): (
        "half year | half yearly | semiannual | semi annual | semiannually | semi annually | biannual | "
        "six months | شش ماهه | شش ماه | نیم سال | نصف سنوي | نصف سنوية | ستة أشهر | 半年 | 每半年 | "
        "半年付 | 半年卡"
    ),
    ("year", 1): (
        "year | years | yearly | annual | annually | y | yr | per year | one year | سال | سالانه | "
        "سالیانه | یکساله | یک ساله | هر سال | سنة | سنوي | سنويا | سنوية | عام | سنوات | 年 | 每年 | "
        "按年 | 年付 | 年度 | 年卡 | 包年"
    ),
    ("year", 2): "two year | biennial | biennially | دوساله | دو ساله | سنتين | سنتان | كل سنتين | 两年",
}
_KNOWN: dict[str, Interval] = {
    fold_label(word): unit for unit, words in _WORDS.items() for word in words.split("|")
}
# Words that say how often by themselves; a bare "month" or "年" in a column's name may mean anything.
_ADVERB_WORDS: dict[Interval, str] = {
    ("day", 1): "daily روزانه يومي يومية يوميا",
    ("week", 1): "weekly هفتگی أسبوعي أسبوعية أسبوعيا",
    ("month", 1): "monthly mrr ماهانه ماهیانه شهري شهرية شهريا",
    ("month", 3): "quarterly فصلی فصلية",
    ("year", 1): "yearly annual annually arr سالانه سالیانه سنوي سنوية سنويا",
}
_ADVERBS: dict[str, Interval] = {
    fold_label(word): interval for interval, words in _ADVERB_WORDS.items() for word in words.split()
}
_PRICE_OF = re.compile("(?:每|按)?(日|周|月|季|年)(?:度)?(?:费|费用|金额|价格|租|付)")
_NUMBERS: dict[str, int] = {
    fold_label(word): number
    for number, words in enumerate(
        ("", "one یک 一", "two دو 两 二", "three سه ثلاثة ثلاث 三", "four چهار أربعة 四", "five پنج 五",
         "six شش ستة ست 六", "seven هفت 七", "eight هشت 八", "nine نه تسعة 九", "ten ده عشرة 十",
         "eleven یازده 十一", "twelve دوازده اثنا 十二")
    )
    for word in words.split()
}  # fmt: skip
_COUNTED = re.compile(r"(?:every |each |per |هر |كل |کل |每)?(\d{1,4}|[^\W\d_]+?) ?[x*]? ?([^\W\d_][^\d]*)")
_MOST = 1_200


def parse_interval(text: str) -> Interval:
    """The unit and how many of it: `monthly` -> ("month", 1), `quarter` -> ("month", 3), `3 months`, `۶ ماهه`,
    `每3个月`. Raises ValueProblem `unknown_interval`."""
    word = fold_label(text)
    if word in _KNOWN:
        return _KNOWN[word]
    match = _COUNTED.fullmatch(word)
    if match is not None:
        count = int(match[1]) if match[1].isdigit() else _NUMBERS.get(match[1], 0)
        unit = _unit_of(match[2].strip())
        if unit is not None and 0 < count * unit[1] <= _MOST:
            return unit[0], unit[1] * count
    raise ValueProblem("unknown_interval", value=text)


def find_named_interval(header: str) -> Interval | None:
    """How often the price of a column is paid, where its name says it: `MonthlyCharges`, `annual fee`, `月费`."""
    label = fold_label(header)
    for word in label.split():
        if word in _ADVERBS:
            return _ADVERBS[word]
    match = _PRICE_OF.match(label)
    return _KNOWN[match[1]] if match else None


def _unit_of(word: str) -> Interval | None:
    return _KNOWN.get(word) or _KNOWN.get(word.removesuffix("ه")) or _KNOWN.get(word.removesuffix("付"))
