"""Pages of long lists of customers: by rank, so that no page costs more than the first one.

A page begins after a customer (`after`) or ends before one (`before`), whatever has come or gone since; that
customer need not be in the list any more.
"""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.data.customers.queries import list_ids_in_name_order
from vafa.front.customers.risk import get_version, list_keys
from vafa.front.customers.values import get_values
from vafa.front.overview.figures import Asker
from vafa.lab.sets import list_members

Ranks = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.uint32]

SORTS = ("name", "last", "first", "orders", "revenue", "risk")
PAGE_SIZE = 50
# The direction in which a column is most often wanted.
FALLS_FIRST = ("last", "orders", "revenue", "risk")


@dataclass(frozen=True)
class Order:
    """How a list is sorted."""

    sort: str
    falling: bool


@dataclass(frozen=True)
class ListPage:
    """One page: the customers' ids, the place of the first one (from 1), and whether there is more."""

    ids: list[int]
    first_place: int
    total: int
    has_earlier: bool
    has_later: bool


def read_order(sort: str, direction: str) -> Order:
    """The order that an address asks for; by name where it asks for none that there is."""
    if sort not in SORTS:
        return Order("name", falling=False)
    return Order(sort, sort in FALLS_FIRST if direction not in ("up", "down") else direction == "down")


def find_page(
    asker: Asker,
    members: BitMap,
    order: Order,
    *,
    after: int | None = None,
    before: int | None = None,
    size: int = PAGE_SIZE,
) -> ListPage:
    """The page of these customers that follows or precedes one; the first page without either."""
    ranks = _get_ranks(asker, order)
    anchor = _find_rank(asker, ranks, before if before is not None else after)
    total = len(members)
    whole = _get_whole(asker, order) if total == len(asker.snapshot.everyone()) else None
    numbers = list_members(members) if whole is None else whole
    if before is not None and anchor is not None:
        end = _count_ahead(numbers, ranks, anchor, sorted_already=whole is not None)
        start = max(0, end - size)
    else:
        # Ranks are whole numbers: those up to the anchor are those ahead of the next one.
        start = (
            0
            if anchor is None
            else _count_ahead(numbers, ranks, anchor + 1, sorted_already=whole is not None)
        )
        end = min(total, start + size)
    chosen = _take(numbers, ranks[numbers], start, end) if whole is None else whole[start:end]
    ids = _list_ids(asker, chosen)
    return ListPage(ids, start + 1 if ids else 0, total, start > 0, end < total)


def _get_whole(asker: Asker, order: Order) -> Numbers:
    """Everybody in order: the list that is asked for most, so its pages are cut from one that is kept."""

    def build() -> Numbers:
        numbers, ranks = list_members(asker.snapshot.everyone()), _get_ranks(asker, order)
        ordered: Numbers = numbers[np.argsort(ranks[numbers], kind="stable")]
        return ordered

    return asker.keep_for_all(("customers_in_order", order, _get_version(asker, order)), build)


def _count_ahead(numbers: Numbers, ranks: Ranks, rank: int, *, sorted_already: bool) -> int:
    """How many of these customers come before a rank."""
    if sorted_already:
        return bisect_left(range(len(numbers)), rank, key=lambda place: int(ranks[numbers[place]]))
    return int(np.count_nonzero(ranks[numbers] < rank))


def list_all(asker: Asker, members: BitMap, order: Order) -> list[int]:
    """All of these customers in order, for a file."""
    ranks = _get_ranks(asker, order)
    numbers = list_members(members)
    return _list_ids(asker, numbers[np.argsort(ranks[numbers], kind="stable")])


def _take(numbers: Numbers, own: Ranks, start: int, end: int) -> Numbers:
    """The numbers whose ranks are the start-th to end-th smallest, in order."""
    if end <= start:
        return numbers[:0]
    if len(own) > end:
        smallest = np.argpartition(own, end - 1)[:end]
        numbers, own = numbers[smallest], own[smallest]
    return numbers[np.argsort(own, kind="stable")][start:end]


def _find_rank(asker: Asker, ranks: Ranks, customer_id: int | None) -> int | None:
    found = asker.snapshot.ix_set([customer_id]) if customer_id is not None else BitMap()
    if asker.visible is not None:
        # Where somebody else's customer stands among the own ones is nobody's to know.
        found = found & asker.visible
    return int(ranks[min(found)]) if found else None


def _list_ids(asker: Asker, numbers: Numbers) -> list[int]:
    """Ids of numbers, keeping their order (a set would lose it)."""
    if not len(numbers):
        return []
    members = BitMap(numbers)
    by_number = dict(zip(list_members(members).tolist(), asker.snapshot.ids(members).tolist(), strict=True))
    return [by_number[number] for number in numbers.tolist()]


def _get_ranks(asker: Asker, order: Order) -> Ranks:
    key = ("customer_ranks", order, _get_version(asker, order))
    return asker.keep_for_all(key, lambda: _build_ranks(asker, order))


def _get_version(asker: Asker, order: Order) -> Any:
    """What changes when an order does though the state of the data stays the same."""
    return get_version(asker) if order.sort == "risk" else None


def _build_ranks(asker: Asker, order: Order) -> Ranks:
    """The place of every customer in an order; who has no value comes last in both directions."""
    if order.sort == "name":
        places = _rank_names(asker)
        return places.max(initial=0) - places if order.falling else places
    if order.sort == "risk":
        column = list_keys(asker)
        if column is None:
            return _rank_names(asker)
        keys = np.where(np.isnan(column), np.inf, -column if order.falling else column)
    else:
        values = get_values(asker)
        column = np.asarray(getattr(values, order.sort), dtype=np.float64)
        keys = -column if order.falling else column.copy()
        keys[values.orders == 0] = np.inf
    ranks = np.empty(len(keys), dtype=np.int64)
    ranks[np.argsort(keys, kind="stable")] = np.arange(len(keys))
    return ranks


def _rank_names(asker: Asker) -> Ranks:
    snapshot = asker.snapshot
    everyone = snapshot.everyone()
    numbers, ids = list_members(everyone), snapshot.ids(everyone)
    ordered = np.array(list_ids_in_name_order(), dtype=np.int64)
    by_id = np.argsort(ordered, kind="stable")
    found = np.searchsorted(ordered[by_id], ids)
    # Who was recorded after this state of the data has no number; who was erased since has no place: at the end.
    inside = np.minimum(found, max(len(ordered) - 1, 0))
    known = ordered[by_id[inside]] == ids if len(ordered) else np.zeros(len(ids), bool)
    ranks = np.full(int(everyone.max()) + 1 if everyone else 1, len(ordered), dtype=np.int64)
    ranks[numbers[known]] = by_id[inside[known]]
    return ranks
