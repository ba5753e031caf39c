"""What customers said: why they might leave or have left, what their feedback was about, where they would be reached.

A reason is told when somebody leaves: so it stands beside what was seen, is asked of days before alone, and is in no
prediction. Reasons of a source are words; of those that read like a known cause the cause is told.
"""

from collections.abc import Iterable
from datetime import date

import numpy as np
import numpy.typing as npt

from vafa.data.customers.queries import list_all_preferred_channels
from vafa.data.interactions.queries import list_stated_topics, list_topics
from vafa.data.subscriptions.queries import list_cancel_reasons
from vafa.kit.locale.letters import fold
from vafa.warehouse.queries import Snapshot

CAUSE, THEME, CHANNEL = "cause:", "theme:", "channel:"
"""With what codes begin; whatever begins otherwise are a source's own words."""


# What words of a source mean, of which cause they are part: codes of payment services, and words of four languages.
_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("competition", ("switched", "competitor", "another provider", "رقیب", "رقبا", "منافس", "竞争", "别家")),
    ("value", ("expensive", "price", "cost", "dear", "unused", "not using", "گران", "قیمت", "هزینه", "سعر", "غالي",
               "تكلفة", "贵", "价格", "用不上")),
    ("quality", ("quality", "missing feature", "missing_feature", "fault", "broken", "کیفیت", "خرابی", "جودة", "质量",
                 "功能")),
    ("experience", ("service", "support", "complex", "difficult", "rude", "slow", "delivery", "پشتیبانی", "خدمات",
                    "پیچیده", "برخورد", "تاخیر", "خدمة", "دعم", "معقد", "服务", "复杂", "配送")),
    ("communication", ("contact", "no answer", "forgot", "ارتباط", "بی‌خبر", "تواصل", "联系")),
    ("other", ("moved", "no longer need", "closed down", "نقل مکان", "نیاز ندار", "انتقل", "搬", "不需要")),
)  # fmt: skip


def list_stated(start: date | None, end: date) -> list[tuple[int, str]]:
    """Why customers said, or a source says of them, that they leave, on the days of [start, end): their ids, and the
    code of the cause or the words. What staff wrote down comes last, so that it counts where both are known."""
    names = {fold(topic.name): topic.code for topic in list_topics("cause")}
    codes: dict[str, str] = {}
    told = []
    for pk, words in list_cancel_reasons(start, end):
        key = fold(words)
        if key not in codes:
            code = names.get(key) or find_cause(key)
            codes[key] = _shorten(code) if code else " ".join(words.split())
        told.append((pk, codes[key]))
    return told + [(pk, _shorten(code)) for pk, code in list_stated_topics("leaving", start, end)]


def find_cause(words: str) -> str | None:
    """The cause that a source's folded words name; None where they name none."""
    return next((code for code, known in _WORDS if any(fold(word) in words for word in known)), None)


def build_said_columns(
    snapshot: Snapshot, start: date, rows: npt.NDArray[np.int64]
) -> dict[str, npt.NDArray[np.str_]]:
    """Of customers (by number) the last reason and the last theme of feedback before a day, and the preferred channel;
    only columns that tell them apart."""
    themes = [(pk, f"{THEME}{code}") for pk, code in list_stated_topics("feedback", None, start)]
    channels = [(pk, f"{CHANNEL}{code}") for pk, code in list_all_preferred_channels()]
    columns = {}
    for name, said in (("stated_before", list_stated(None, start)), ("theme", themes), ("channel", channels)):
        own = spread_last(snapshot, said)[rows]
        if len(np.unique(own)) > 1:
            columns[name] = own
    return columns


def spread_last(snapshot: Snapshot, said: Iterable[tuple[int, str]]) -> npt.NDArray[np.str_]:
    """The last text of each customer, by number; "" where there is none."""
    pairs = list(said)
    values = np.full(snapshot.numbers, "", dtype=object)
    if pairs:
        numbers = snapshot.list_numbers(np.array([pk for pk, _text in pairs], dtype=np.int64))
        for number, (_pk, text) in zip(numbers.tolist(), pairs, strict=True):
            if number >= 0:
                values[number] = text
    return values.astype(np.str_)


def _shorten(code: str) -> str:
    """A cause as a whole, without which part of it."""
    return f"{CAUSE}{code if code.startswith('own:') else code.split('.', maxsplit=1)[0]}"
