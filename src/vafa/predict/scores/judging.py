"""What came of an issue, once its days are over: predicted beside happened."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import IntegrityError, transaction

from vafa.lab.judging import find_auc, judge
from vafa.predict.scores.keeping import iterate_blocks, read_whole
from vafa.predict.scores.models import Issue, Outcome
from vafa.predict.scores.packing import Packed, mark_left, pack
from vafa.predict.scores.types import BANDS, NO_BAND
from vafa.warehouse.queries import Snapshot

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
FindLeft = Callable[[Ids], Flags]


@dataclass(frozen=True)
class Baselines:
    """What simpler ways would have said of the same customers, by ascending id; a greater score is more likely to
    leave. None where a way says nothing."""

    recency: Floats | None = None
    purchase_model: Floats | None = field(default=None)


def list_due(until: date | None) -> list[Issue]:
    """The issues that are not judged yet though all of their days are known, the earliest first."""
    if until is None:
        return []
    waiting = Issue.objects.filter(outcome=None, as_of__lt=until).order_by("as_of", "pk")
    return [issue for issue in waiting if issue.as_of + timedelta(days=issue.horizon_days) <= until]


def judge_issue(
    issue: Issue,
    snapshot: Snapshot,
    find_left: FindLeft,
    find_baselines: Callable[[Ids], Baselines],
    *,
    now: datetime,
) -> bool:
    """Note who of an issue's customers left, and how good it was; False where that was done before.

    `find_left` tells of customers' ids whether they left. Who doesn't count any more (erased, left out, merged into
    another who was scored too) isn't judged.
    """
    whole = read_whole(issue.pk)
    counted = _find_counted(whole.ids, snapshot)
    judged = whole.choose(counted)
    left = find_left(judged.ids) if len(judged) else np.zeros(0, bool)
    baselines = find_baselines(judged.ids)
    by_all = judge(judged.chances, left) if _has_chances(judged) else None
    try:
        with transaction.atomic():
            Outcome.objects.create(
                issue=issue,
                judged_at=now,
                auc=by_all.auc if by_all else None,
                brier=by_all.brier if by_all else None,
                recency_auc=_find_auc(baselines.recency, left),
                baseline_auc=_find_auc(baselines.purchase_model, left),
                baseline_brier=_find_brier(baselines.purchase_model, left),
                shown=_describe(judged.choose(judged.active), left[judged.active]),
                everyone=_describe(judged, left),
            )
            _write_left(issue, judged.ids[left])
    except IntegrityError:
        return False
    return True


def _find_counted(ids: Ids, snapshot: Snapshot) -> Flags:
    """Who counts, once each: of customers who are one by now, the kept one, or else the first of them."""
    numbers = snapshot.list_numbers(ids)
    known = numbers >= 0
    own = np.zeros(len(ids), bool)
    own[known] = snapshot.list_ids(numbers[known]) == ids[known]
    # Own entries first, so that they are the ones that `unique` finds.
    order = np.lexsort((ids, ~own))
    _numbers, first = np.unique(numbers[order], return_index=True)
    counted = np.zeros(len(ids), bool)
    counted[order[first]] = True
    return counted & known


def _write_left(issue: Issue, ids: Ids) -> None:
    for block, part in iterate_blocks(issue.pk):
        left = np.isin(part.ids, ids)
        if left.any():
            block.data = pack(mark_left(part, left))
            block.save(update_fields=["data"])


def _has_chances(told: Packed) -> bool:
    return len(told) > 0 and not np.isnan(told.chances).any()


def _describe(told: Packed, left: Flags) -> dict[str, Any]:
    """Counts, in all and by band, and the curve of calibration."""
    found: dict[str, Any] = {
        **_count(told, left),
        "bands": {str(band): _count(told.choose(rows), left[rows]) for band, rows in _list_bands(told)},
        "curve": [],
        "slope": None,
    }
    if _has_chances(told):
        judged = judge(told.chances, left)
        found["slope"] = judged.slope
        found["curve"] = [
            [one.low, one.high, one.told, one.happened.denominator, one.happened.numerator]
            for one in judged.curve
        ]
    return found


def _list_bands(told: Packed) -> list[tuple[int, Flags]]:
    return [(band, told.bands == band) for band in (*BANDS, NO_BAND) if (told.bands == band).any()]


def _count(told: Packed, left: Flags) -> dict[str, Any]:
    expected = float(told.chances.sum()) if _has_chances(told) else None
    return {"n": len(told), "left": int(left.sum()), "expected": expected}


def _find_auc(scores: Floats | None, left: Flags) -> float | None:
    return None if scores is None or not len(left) else find_auc(scores, left)


def _find_brier(chances: Floats | None, left: Flags) -> float | None:
    return None if chances is None or not len(left) else float(((chances - left) ** 2).mean())
