"""Asking about doubles that are proposed, and about merges that were made."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Count, Q, QuerySet

from vafa.data.customers.models import Double, DoubleSearch, Merge
from vafa.data.customers.rules import CERTAIN, LIKELY

Level = Literal["certain", "likely", "possible"]
LEVELS: tuple[Level, ...] = ("certain", "likely", "possible")


@dataclass(frozen=True)
class Proposal:
    """Two customers who may be one person: `first` is the older one."""

    id: int
    first: int
    second: int
    score: int
    level: Level
    evidence: tuple[str, ...]


def _get_level(score: int) -> Level:
    return "certain" if score >= CERTAIN else "likely" if score >= LIKELY else "possible"


_RANGES: dict[str, Q] = {
    "certain": Q(score__gte=CERTAIN),
    "likely": Q(score__gte=LIKELY, score__lt=CERTAIN),
    "possible": Q(score__lt=LIKELY),
}


def _list_open(owner_id: int | None) -> QuerySet[Double]:
    """The open proposals of two who stand alone; with an owner only those of two customers who both are theirs."""
    found = Double.objects.filter(state="open", first__kept=None, second__kept=None)
    return found if owner_id is None else found.filter(first__owner_id=owner_id, second__owner_id=owner_id)


def list_doubles(
    *, level: str = "", owner_id: int | None = None, start: int = 0, count: int = 50, of: int | None = None
) -> list[Proposal]:
    """Open proposals, the likeliest first; of one level, or of one customer (`of`), where that is asked."""
    found = _list_open(owner_id)
    if level in _RANGES:
        found = found.filter(_RANGES[level])
    if of is not None:
        found = found.filter(Q(first_id=of) | Q(second_id=of))
    rows = found.order_by("-score", "pk")[start : start + count]
    return [
        Proposal(row.pk, row.first_id, row.second_id, row.score, _get_level(row.score), tuple(row.evidence))
        for row in rows
    ]


def list_kept_apart(*, owner_id: int | None = None, start: int = 0, count: int = 50) -> list[Proposal]:
    """The pairs of which somebody said that they are two persons, the newest such decision first."""
    rows = _list_apart(owner_id).order_by("-decided_at", "-pk")[start : start + count]
    return [
        Proposal(row.pk, row.first_id, row.second_id, row.score, _get_level(row.score), tuple(row.evidence))
        for row in rows
    ]


def count_kept_apart(owner_id: int | None = None) -> int:
    """How many pairs somebody called two persons."""
    return _list_apart(owner_id).count()


def _list_apart(owner_id: int | None) -> QuerySet[Double]:
    found = Double.objects.filter(state="different", first__kept=None, second__kept=None)
    return found if owner_id is None else found.filter(first__owner_id=owner_id, second__owner_id=owner_id)


def count_doubles(owner_id: int | None = None) -> dict[str, int]:
    """How many proposals are open, by level."""
    counts: dict[str, Count] = {level: Count("pk", filter=_RANGES[level]) for level in LEVELS}
    return _list_open(owner_id).aggregate(**counts)


def get_looked_at() -> tuple[datetime | None, bool]:
    """When the customers were last looked through for doubles (None: never), and whether that is asked for again."""
    state = DoubleSearch.objects.filter(pk=1).first()
    return (state.looked_at, state.wanted_at is not None) if state else (None, False)


def list_merges_into(customer_ids: list[int]) -> list[Merge]:
    """How others came to count as this customer (or as those merged into it), the newest first; undone ones too."""
    made = Merge.objects.filter(kept_id__in=customer_ids).select_related("merged", "by", "undone_by")
    return list(made.order_by("-at", "-pk")[:100])


def list_merged_of_batch(batch: str) -> list[int]:
    """The customers who were merged by one click and still are."""
    made = Merge.objects.filter(batch=batch, undone_at=None) if batch else Merge.objects.none()
    return list(made.values_list("merged_id", flat=True))
