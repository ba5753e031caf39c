"""The track record: what was predicted beside what happened."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from vafa.predict.models.types import Question
from vafa.predict.scores.keeping import get_question, iterate_blocks
from vafa.predict.scores.models import Issue, Outcome
from vafa.predict.scores.packing import Packed
from vafa.predict.scores.types import BANDS, LOW, NO_BAND, Bin, Document, Judged, Tally, Waiting


def list_judged(question: Question | None = None) -> list[Judged]:
    """What came of every issue that was judged, of one question or of all, the earliest day first. Of several models
    on one day the one that was issued last, which people saw."""
    found = Outcome.objects.select_related("issue")
    if question is not None:
        found = found.filter(issue__kind=question.kind, issue__horizon_days=question.horizon_days)
    rows = found.order_by("issue__as_of", "issue_id")
    newest = {(row.issue.kind, row.issue.horizon_days, row.issue.as_of): row for row in rows}
    return [_build_judged(row) for row in newest.values()]


def find_next(question: Question | None = None) -> Waiting | None:
    """The issue that can be judged next, of one question or of all; None where none waits."""
    found = Issue.objects.filter(outcome=None)
    if question is not None:
        found = found.filter(kind=question.kind, horizon_days=question.horizon_days)
    waiting = [Waiting(get_question(issue), issue.as_of, get_end(issue), issue.active) for issue in found]
    return min(waiting, key=lambda one: (one.ends_on, one.as_of), default=None)


def list_safe_leavers(issue_id: int) -> npt.NDArray[np.int64]:
    """The ids of the customers who were active and told to be at low risk, and left all the same; none while it isn't
    known. By falling chance where chances were told, else by id."""
    ids, chances = [np.empty(0, np.int64)], [np.empty(0)]
    for _block, part in iterate_blocks(issue_id):
        rows = part.active & part.left & (part.bands == LOW)
        ids.append(part.ids[rows])
        chances.append(part.chances[rows])
    told, own = np.concatenate(ids), np.nan_to_num(np.concatenate(chances))
    found: npt.NDArray[np.int64] = told[np.lexsort((told, -own))]
    return found


def narrow_judged(judged: Judged, customer_ids: npt.NDArray[np.int64]) -> Judged:
    """What came of an issue, of these customers alone: counts, told as they were noted then. How good the chances were
    (AUC, Brier, calibration) is not known of so few."""
    whole = _Counting()
    bands: dict[int, _Counting] = {}
    for _block, part in iterate_blocks(judged.issue_id):
        rows = part.active & np.isin(part.ids, customer_ids)
        whole.add(part.choose(rows))
        for band in (*BANDS, NO_BAND):
            if (chosen := rows & (part.bands == band)).any():
                bands.setdefault(band, _Counting()).add(part.choose(chosen))
    in_percent = judged.whole.expected is not None
    return replace(
        judged,
        whole=whole.build(in_percent),
        bands={band: counting.build(in_percent) for band, counting in sorted(bands.items())},
        curve=(), slope=None, auc=None, brier=None, recency_auc=None, baseline_auc=None, baseline_brier=None,
    )  # fmt: skip


class _Counting:
    """Counts of several stretches."""

    def __init__(self) -> None:
        self.n, self.left, self.expected = 0, 0, 0.0

    def add(self, part: Packed) -> None:
        """Count these too."""
        self.n += len(part)
        self.left += int(part.left.sum())
        self.expected += float(np.nan_to_num(part.chances).sum())

    def build(self, in_percent: bool) -> Tally:
        """All of them."""
        return Tally(self.n, self.left, self.expected if in_percent else None)


def list_told(issue_id: int, customer_ids: Iterable[int]) -> dict[int, float | None]:
    """The chance that an issue told of each of these customers; None where only bands could be told."""
    asked = np.asarray(list(customer_ids), dtype=np.int64)
    told: dict[int, float | None] = {}
    level = Issue.objects.filter(pk=issue_id).values_list("verdict", flat=True).first()
    for _block, part in iterate_blocks(issue_id):
        for row in np.flatnonzero(np.isin(part.ids, asked)).tolist():
            chance = float(part.chances[row])
            told[int(part.ids[row])] = chance if level == "percent" and not np.isnan(chance) else None
    return told


def get_end(issue: Issue) -> date:
    """The first day that an issue says nothing of any more."""
    return issue.as_of + timedelta(days=issue.horizon_days)


def _build_judged(row: Outcome) -> Judged:
    issue, shown = row.issue, row.shown
    return Judged(
        issue_id=issue.pk,
        question=get_question(issue),
        as_of=issue.as_of,
        ends_on=get_end(issue),
        level=issue.verdict,
        judged_at=row.judged_at,
        whole=_build_tally(shown),
        bands={int(band): _build_tally(told) for band, told in shown["bands"].items()},
        curve=tuple(Bin(low, high, told, int(n), int(left)) for low, high, told, n, left in shown["curve"]),
        slope=shown["slope"],
        auc=row.auc,
        brier=row.brier,
        recency_auc=row.recency_auc,
        baseline_auc=row.baseline_auc,
        baseline_brier=row.baseline_brier,
    )


def _build_tally(told: Document | Any) -> Tally:
    return Tally(int(told["n"]), int(told["left"]), told["expected"])
