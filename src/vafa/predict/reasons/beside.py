"""What customers said beside what was seen of them before: whether both tell the same."""

from collections import Counter
from collections.abc import Collection, Iterable

import numpy as np
import numpy.typing as npt

from vafa.predict.models.types import Scores
from vafa.predict.reasons.stated import CAUSE
from vafa.predict.reasons.types import Agreement, Beside
from vafa.warehouse.queries import Snapshot

# In which groups of features a cause would be seen. Where a competitor is nearer nothing that is recorded tells.
SEEN_AS: dict[str, tuple[str, ...]] = {
    f"{CAUSE}value": ("price",),
    f"{CAUSE}quality": ("complaints", "returns"),
    f"{CAUSE}experience": ("complaints", "returns"),
    f"{CAUSE}communication": ("silence",),
}


def tell_beside(
    snapshot: Snapshot, before: Scores, chosen: npt.NDArray[np.bool_], said: Iterable[tuple[int, str]]
) -> tuple[Beside, ...]:
    """By reason that customers gave since the day of these scores (of chosen rows, each once by the last that was
    said): how many, what weighed most towards leaving with most of them on that day, and whether both tell the same.
    The most given reason first."""
    pairs = list(said)
    if not pairs:
        return ()
    rows = {
        number: row
        for row, number in enumerate(snapshot.list_numbers(before.customer_ids).tolist())
        if chosen[row]
    }
    numbers = snapshot.list_numbers(np.array([pk for pk, _reason in pairs], dtype=np.int64)).tolist()
    last = {number: reason for number, (_pk, reason) in zip(numbers, pairs, strict=True) if number in rows}
    seen: dict[str, Counter[str]] = {}
    for number, reason in last.items():
        seen.setdefault(reason, Counter())[_find_heaviest(before, rows[number])] += 1
    told = []
    for reason, counted in sorted(seen.items(), key=lambda one: (-one[1].total(), one[0])):
        most, count = counted.most_common(1)[0]
        told.append(
            Beside(reason, counted.total(), most, count, decide_agreement(reason, most, before.groups))
        )
    return tuple(told)


def decide_agreement(reason: str, most: str, groups: Collection[str]) -> Agreement:
    """Whether what weighed most is what the reason would be seen as; "unseen" where nothing that is looked at would
    show it."""
    expected = [group for group in SEEN_AS.get(reason, ()) if group in groups]
    if not expected:
        return "unseen"
    return "agrees" if most in expected else "differs"


def _find_heaviest(scores: Scores, row: int) -> str:
    """The sure group that weighs most towards leaving with a customer; "" where none does."""
    sure = [
        (float(scores.contributions[row, place]), group)
        for place, group in enumerate(scores.groups)
        if scores.stable[place] and scores.contributions[row, place] > 0
    ]
    return max(sure)[1] if sure else ""
