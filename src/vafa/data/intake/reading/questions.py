"""Which question a survey asks, told by its words: recommend, satisfaction or effort. Pure."""

from __future__ import annotations

from typing import Literal

from .text import fold_label

Question = Literal["nps", "csat", "ces", "other"]
QUESTIONS: tuple[Question, ...] = ("nps", "csat", "ces", "other")

# Looked for anywhere in the folded text, in this order: a question about effort may speak of satisfaction too.
_SIGNS: dict[Question, str] = {
    "nps": """
nps | net promoter | recommend | توصیه | معرفی به | پیشنهاد کنید | ترویج | توصي | أوصي | نوصي | ترشيح | التوصية
صافي نقاط | 推荐 | 净推荐
""",
    "ces": """
ces | customer effort | effort | how easy | easy to | easy was | ease of | how difficult | تلاش | زحمت | آسان بود
راحت بود | چقدر آسان | سهولت | میزان سختی | جهد | سهولة | 费力 | 轻松程度 | 容易程度 | 多容易 | 难易
""",
    "csat": """
csat | satisf | happy with | rate your experience | how would you rate | رضایت | راضی | خشنود | رضا | راض | 满意
""",
}
_LOW_IS_GOOD = "effort | difficult | hard | تلاش | زحمت | سختی | دشوار | جهد | صعوبة | 费力 | 困难 | 难易"
_HIGH_IS_GOOD = "easy | ease | agree | آسان | راحت | سهولت | سهل | سهولة | أوافق | 轻松 | 容易 | 同意"


def _fold(signs: str) -> tuple[str, ...]:
    return tuple(fold_label(sign) for sign in signs.replace("\n", "|").split("|") if sign.strip())


_KNOWN = {question: _fold(signs) for question, signs in _SIGNS.items()}
_LOW, _HIGH = _fold(_LOW_IS_GOOD), _fold(_HIGH_IS_GOOD)


def guess_question(text: str) -> Question | None:
    """What a question, a column or a survey of that name asks; None where its words don't tell."""
    label = fold_label(text)
    words = set(label.split())
    for question, signs in _KNOWN.items():
        # The short names must stand alone: `ces` is in "services" too.
        if any((sign in words) if len(sign) <= 4 and sign.isascii() else (sign in label) for sign in signs):
            return question
    return None


def parse_question(text: str) -> Question:
    """As `guess_question`; whatever its words don't tell is a question of the business's own."""
    return guess_question(text) or "other"


def guess_direction(text: str) -> Literal["high", "low"] | None:
    """Which end of an effort scale is good: much effort is bad, much ease is good; None where the words don't tell, or
    tell both."""
    label = fold_label(text)
    low, high = any(sign in label for sign in _LOW), any(sign in label for sign in _HIGH)
    if low == high:
        return None
    return "low" if low else "high"
