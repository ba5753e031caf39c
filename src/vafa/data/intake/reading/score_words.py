"""Words for answers, by ladders of two, three, five and seven levels from the worst to the best: data only."""

from __future__ import annotations

from .text import fold_label

_TWO = """
bad | bad with comment | badwithcomment | no | thumbs down | not helpful | 👎 | ☹ | 😞 | ناراضی | خیر | نه | بد
لا | غير راض | سيئ | 不满意 | 否 | 没有帮助
---
good | good with comment | goodwithcomment | yes | thumbs up | helpful | 👍 | ☺ | 😊 | راضی | بله | بلی | خوب
نعم | راض | جيد | 满意 | 是 | 有帮助
"""
_THREE = """
bad | dissatisfied | unhappy | difficult | disagree | 😞 | ☹ | 🙁 | ناراضی | بد | سخت | غير راض | سيئ | صعب
不满意 | 差
---
neutral | ok | okay | average | neither | 😐 | متوسط | معمولی | نه راضی نه ناراضی | محايد | مقبول | 一般 | 中立
---
good | satisfied | happy | easy | agree | 😊 | ☺ | 🙂 | راضی | خوب | آسان | راض | جيد | سهل | 满意 | 好
"""
_FIVE = """
very dissatisfied | extremely dissatisfied | completely dissatisfied | totally dissatisfied | very unsatisfied
very unhappy | very bad | very poor | terrible | awful | very difficult | extremely difficult | very hard
strongly disagree | totally disagree | completely disagree
خیلی ناراضی | بسیار ناراضی | کاملا ناراضی | خیلی ناراضی هستم | خیلی بد | بسیار بد | افتضاح | خیلی سخت | بسیار سخت
خیلی دشوار | بسیار دشوار | کاملا مخالفم | کاملا مخالف | خیلی کم | بسیار ضعیف | خیلی ضعیف
غير راض تماما | غير راض إطلاقا | غير راض على الإطلاق | غير راض جدا | مستاء جدا | سيئ جدا | سيئة جدا | صعب جدا
لا أوافق بشدة | غير موافق بشدة
非常不满意 | 很不满意 | 非常差 | 很差 | 非常困难 | 很困难 | 非常不同意 | 强烈不同意
---
dissatisfied | somewhat dissatisfied | unsatisfied | unhappy | bad | poor | difficult | hard | disagree
ناراضی | ناراضی هستم | نسبتا ناراضی | تا حدی ناراضی | بد | ضعیف | سخت | دشوار | مخالفم | مخالف | کم
غير راض | غير راض إلى حد ما | مستاء | سيئ | سيئة | ضعيف | صعب | لا أوافق | غير موافق
不满意 | 较不满意 | 不太满意 | 差 | 较差 | 困难 | 较困难 | 不同意
---
neutral | neither satisfied nor dissatisfied | neither agree nor disagree | neither | neither easy nor difficult
average | ok | okay | fair | moderate
متوسط | معمولی | نه راضی نه ناراضی | نه راضی و نه ناراضی | نظری ندارم | بی نظر | خنثی | ممتنع | بینابین
محايد | مقبول | لا راض ولا غير راض | متوسطة | عادي
一般 | 中立 | 普通 | 不确定 | 无所谓
---
satisfied | somewhat satisfied | happy | good | easy | agree
راضی | راضی هستم | نسبتا راضی | تا حدی راضی | خوب | آسان | راحت | موافقم | موافق | زیاد
راض | راضي | راض إلى حد ما | جيد | جيدة | سهل | أوافق | موافق
满意 | 较满意 | 比较满意 | 好 | 较好 | 容易 | 较容易 | 轻松 | 同意
---
very satisfied | extremely satisfied | completely satisfied | totally satisfied | very happy | very good | excellent
great | amazing | very easy | extremely easy | strongly agree | totally agree | completely agree
خیلی راضی | بسیار راضی | کاملا راضی | خیلی راضی هستم | خیلی خوب | بسیار خوب | عالی | خیلی آسان | بسیار آسان
خیلی راحت | کاملا موافقم | کاملا موافق | خیلی زیاد
راض تماما | راض جدا | راضي جدا | راضي تماما | ممتاز | ممتازة | سهل جدا | أوافق بشدة | موافق بشدة
非常满意 | 很满意 | 十分满意 | 非常好 | 很好 | 非常容易 | 很容易 | 非常轻松 | 非常同意 | 强烈同意
"""
_SEVEN = """
strongly disagree | extremely dissatisfied | very dissatisfied | extremely difficult
کاملا مخالفم | لا أوافق بشدة | 非常不同意
---
disagree | dissatisfied | very difficult | مخالفم | لا أوافق | 不同意
---
somewhat disagree | slightly disagree | somewhat dissatisfied | difficult
تا حدی مخالفم | لا أوافق إلى حد ما | 有点不同意
---
neither agree nor disagree | neutral | neither | neither easy nor difficult | neither satisfied nor dissatisfied
نظری ندارم | محايد | 中立 | 一般
---
somewhat agree | slightly agree | somewhat satisfied | easy | تا حدی موافقم | أوافق إلى حد ما | 有点同意
---
agree | satisfied | very easy | موافقم | أوافق | 同意
---
strongly agree | extremely satisfied | very satisfied | extremely easy | کاملا موافقم | أوافق بشدة | 非常同意
"""
_NO_ANSWER = """
offered | unoffered | not answered | no answer | unanswered | skipped | not rated | n a | na | none | بدون پاسخ
پاسخ نداده | پاسخ نداد | بی پاسخ | نامشخص | لم يجب | بدون إجابة | لا إجابة | 未作答 | 未回答 | 跳过 | 未评价 | 未评分
"""


def _split(text: str) -> list[str]:
    """Folded words; a drawing that folds to nothing stands for itself."""
    words = (word.strip() for word in text.replace("\n", "|").split("|"))
    return [fold_label(word) or word for word in words if word]


def _build(text: str) -> dict[str, int]:
    """Word -> level, 0 the worst."""
    return {word: level for level, words in enumerate(text.split("---")) for word in _split(words)}


LADDERS: dict[int, dict[str, int]] = {
    points: _build(text) for points, text in ((2, _TWO), (3, _THREE), (5, _FIVE), (7, _SEVEN))
}
"""How many levels -> each word's level."""

NO_ANSWER = frozenset(_split(_NO_ANSWER))
