"""What was told of one customer, issue by issue."""

from collections.abc import Sequence

import numpy as np

from vafa.predict.scores.keeping import find_blocks, get_question
from vafa.predict.scores.models import Issue, Move, Outcome
from vafa.predict.scores.types import NO_BAND, Moved, Point


def list_history(customer_ids: Sequence[int]) -> list[Point]:
    """What was told of a customer, the earliest day first. `customer_ids` are the kept customer's id, then those of all
    who were merged into it: where an issue knew several, the first one known to it is told."""
    rank = {pk: place for place, pk in enumerate(customer_ids)}
    found: dict[int, tuple[int, Issue, tuple[float, int, bool, bool]]] = {}
    for block, part in find_blocks(customer_ids):
        for row in np.flatnonzero(np.isin(part.ids, list(rank))).tolist():
            place = rank[int(part.ids[row])]
            told = (
                float(part.chances[row]), int(part.bands[row]), bool(part.active[row]), bool(part.left[row])
            )  # fmt: skip
            if block.issue_id not in found or place < found[block.issue_id][0]:
                found[block.issue_id] = place, block.issue, told
    judged = set(Outcome.objects.filter(issue_id__in=list(found)).values_list("issue_id", flat=True))
    rows = sorted(found.values(), key=lambda row: (row[1].as_of, row[1].pk))
    return [_build_point(issue, told, issue.pk in judged) for _place, issue, told in rows]


def _build_point(issue: Issue, told: tuple[float, int, bool, bool], judged: bool) -> Point:
    chance, band, active, left = told
    may_tell = issue.verdict == "percent" and not np.isnan(chance)
    return Point(
        question=get_question(issue),
        as_of=issue.as_of,
        chance=chance if may_tell else None,
        band=None if band == NO_BAND else band,
        active=active,
        left=left if judged else None,
    )


def find_last_move(customer_ids: Sequence[int]) -> Moved | None:
    """The newest change of band of a customer (and of all merged into it) that was told; None where there is none."""
    row = (
        Move.objects.filter(customer_id__in=list(customer_ids))
        .order_by("-as_of", "-pk")
        .values_list("as_of", "before", "after")
        .first()
    )
    return None if row is None else Moved(*row)
