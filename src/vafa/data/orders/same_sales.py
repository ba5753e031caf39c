"""Asking about sales that two sources tell of."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from vafa.data.orders.models import ReturnLine, SameSale
from vafa.data.orders.whole import WholeOrder, find_order, list_lines_of_order


@dataclass(frozen=True)
class ToldTwice:
    """Two orders that may be one sale, or are joined: `first` counts. An order whose lines are gone is None."""

    id: int
    state: str
    score: int
    evidence: tuple[str, ...]
    first: WholeOrder | None
    second: WholeOrder | None
    decided_at: Any
    decided_by: Any


def _filter(state: str, owner_id: int | None) -> QuerySet[SameSale]:
    found = SameSale.objects.filter(state=state)
    if owner_id is None:
        return found
    own = Q(customer__kept=None, customer__owner_id=owner_id) | Q(customer__kept__owner_id=owner_id)
    return found.filter(own)


def list_same_sales(
    state: str, *, owner_id: int | None = None, start: int = 0, count: int = 25
) -> list[ToldTwice]:
    """The pairs of a state ("open", "joined"), the likeliest first; with an owner those of their customers."""
    rows = (
        _filter(state, owner_id).select_related("decided_by").order_by("-score", "pk")[start : start + count]
    )
    return [_build(row) for row in rows]


def count_same_sales(state: str, owner_id: int | None = None) -> int:
    """How many pairs of a state there are."""
    return _filter(state, owner_id).count()


def find_same_sale(pair_id: int, owner_id: int | None = None) -> ToldTwice | None:
    """One pair, of those that may be seen."""
    found = SameSale.objects.filter(pk=pair_id).select_related("decided_by").first()
    if found is None or not _filter(found.state, owner_id).filter(pk=pair_id).exists():
        return None
    return _build(found)


def list_joined_of(order: WholeOrder) -> list[ToldTwice]:
    """The joinings in which an order takes part."""
    first = Q(first_source_id=order.source_id, first_number=order.number)
    second = Q(second_source_id=order.source_id, second_number=order.number)
    rows = SameSale.objects.filter(first | second, state="joined").select_related("decided_by")
    return [_build(row) for row in rows.order_by("pk")]


def list_rows_set_aside(pairs: Collection[int]) -> tuple[set[int], set[int]]:
    """The order lines and the return lines that a joining of these pairs sets aside, and a parting brings back."""
    lines: set[int] = set()
    returns: set[int] = set()
    for row in SameSale.objects.filter(pk__in=list(pairs)):
        lines |= set(
            list_lines_of_order(row.second_source_id, row.second_number).values_list("pk", flat=True)
        )
        told = ReturnLine.objects.filter(source_id=row.second_source_id, order_key=row.second_number)
        returns |= set(told.values_list("pk", flat=True))
    return lines, returns


def _build(row: SameSale) -> ToldTwice:
    return ToldTwice(
        row.pk,
        row.state,
        row.score,
        tuple(row.evidence),
        _find(row.first_source_id, row.first_number),
        _find(row.second_source_id, row.second_number),
        row.decided_at,
        row.decided_by,
    )


def _find(source_id: int, number: str) -> WholeOrder | None:
    line = list_lines_of_order(source_id, number).values_list("pk", flat=True).first()
    return None if line is None else find_order(line)
