"""The book of subscriptions: all that money of subscriptions is told from, as arrays, and whose of it is looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.data.business.queries import get_rate_table
from vafa.lab.currencies import RATE_PLACES, RateTable
from vafa.lab.mrr import UNPRICED, build_all_mrr
from vafa.lab.revenue import RevenueIndex, Subscriptions, extend_by_grace
from vafa.lab.sets import list_members
from vafa.lab.spells import OPEN_END, Ints
from vafa.measure.metrics.family import Asked
from vafa.measure.metrics.membership import is_customer_dimension
from vafa.warehouse.queries import Snapshot
from vafa.warehouse.types import Group, Query

Factors = Mapping[int, Fraction]
"""A currency's number -> what a unit of it is worth in the money of the figure."""

_ROWS = f"""
    SELECT s.customer_ix, s.started_no, coalesce(s.ended_no, {OPEN_END})::INTEGER AS ended_no,
        coalesce(s.term_no, s.ended_no, {OPEN_END})::INTEGER AS term_no,
        coalesce(s.frozen_no, {OPEN_END})::INTEGER AS frozen_no,
        coalesce(s.thawed_no, {OPEN_END})::INTEGER AS thawed_no,
        s.amount, s.priced, s.currency, i.number AS interval_no, p.number AS plan_no
    FROM subscriptions s
    JOIN (
        SELECT interval_code, row_number() OVER (ORDER BY interval_code) - 1 AS number
        FROM (SELECT DISTINCT interval_code FROM subscriptions)
    ) i ON i.interval_code = s.interval_code
    JOIN (
        SELECT plan, row_number() OVER (ORDER BY plan) - 1 AS number FROM (SELECT DISTINCT plan FROM subscriptions)
    ) p ON p.plan = s.plan
"""


@dataclass(frozen=True)
class Book:
    """Every subscription of a snapshot. `rows` name customers by their place in `owners`, their numbers in order;
    `plan` is the place in `plans`, `currencies` names the numbers in use."""

    owners: Ints
    rows: Subscriptions
    plan: Ints
    plans: tuple[str, ...]
    currencies: Mapping[int, str]

    def select_plan(self, plan: str) -> "Book":
        """The subscriptions of one plan, with only the customers that have one."""
        place = self.plans.index(plan) if plan in self.plans else -1
        chosen = self.plan == place
        rows = self.rows.select(chosen)
        local, places = np.unique(rows.customer_ix, return_inverse=True)
        return Book(
            self.owners[local], rows.of_customers(places), self.plan[chosen], self.plans, self.currencies
        )

    def count_unpriced(self, members: BitMap | None) -> int:
        """How many subscriptions of these customers (None: all) have no known MRR."""
        unknown = self.rows.customer_ix[self.rows.mrr == UNPRICED]
        if members is None:
            return len(unknown)
        return int(np.count_nonzero(np.isin(self.owners[unknown], list_members(members))))


def get_book(snapshot: Snapshot) -> Book:
    """The book of a snapshot, kept for the next who asks."""
    return snapshot.cached(("book",), lambda: _load_book(snapshot))


def get_revenue_index(snapshot: Snapshot, grace: int) -> RevenueIndex:
    """The book with days of grace for a late renewal, ready to tell MRR at boundaries; kept for the next who asks."""

    def build() -> RevenueIndex:
        book = get_book(snapshot)
        return RevenueIndex(extend_by_grace(book.rows, grace), len(book.owners))

    return snapshot.cached(("revenue_index", grace), build)


def find_units(rates: RateTable, currencies: Mapping[int, str], boundary: int) -> Factors:
    """What a unit of each currency is worth in the business's money at a boundary; one without a rate is absent."""
    units = {number: rates.find_units(code, boundary) for number, code in currencies.items()}
    return {number: Fraction(unit, 10**RATE_PLACES) for number, unit in units.items() if unit is not None}


def _load_book(snapshot: Snapshot) -> Book:
    columns = snapshot.run_columns(Query(_ROWS))
    intervals = _list_texts(snapshot, "interval_code")
    mrr = build_all_mrr(
        np.asarray(columns["amount"], dtype=np.int64),
        np.asarray(columns["interval_no"], dtype=np.int64),
        dict(enumerate(intervals)),
        columns["started_no"],
        columns["term_no"],
        columns["priced"],
    )
    owners, places = np.unique(columns["customer_ix"], return_inverse=True)
    codes = dict(snapshot.run(Query("SELECT id, code FROM currencies")))
    currency = np.asarray(columns["currency"], dtype=np.int16)
    return Book(
        owners=owners,
        rows=Subscriptions(
            customer_ix=places.astype(np.int32),
            start=columns["started_no"],
            end=columns["ended_no"],
            frozen_from=columns["frozen_no"],
            frozen_until=columns["thawed_no"],
            mrr=mrr,
            currency=currency,
        ),
        plan=np.asarray(columns["plan_no"], dtype=np.int32),
        plans=tuple(_list_texts(snapshot, "plan")),
        currencies={int(number): codes[int(number)] for number in np.unique(currency)},
    )


def _list_texts(snapshot: Snapshot, column: str) -> list[str]:
    """The distinct texts of a column in the order of their numbers in `_ROWS`."""
    return [
        text
        for (text,) in snapshot.run(Query(f"SELECT DISTINCT {column} FROM subscriptions ORDER BY {column}"))
    ]


class Exchange:
    """What a unit of each currency is worth on a day in the business's money, or in that of the index's base month.

    A boundary is converted by the rate of the day that it begins, and deflated by the index of the day before it:
    that of the month which it closes.
    """

    def __init__(self, asked: Asked, currencies: Mapping[int, str]) -> None:
        self._rates = get_rate_table(asked.business.currency)
        self._currencies = currencies
        self._index = None if asked.real is None else asked.real.index

    def find(self, boundary: int) -> Factors:
        """The factors at a boundary; a currency without a rate is absent, and all are without an index of the day."""
        real = Fraction(1) if self._index is None else self._index.find_factor(boundary - 1)
        if real is None:
            return {}
        units = find_units(self._rates, self._currencies, boundary)
        return {number: unit * real for number, unit in units.items()}


class Looked:
    """Which customers of a book are looked at in each period, by group: labels for `lab`'s sums."""

    def __init__(self, asked: Asked, owners: Ints, groups: tuple[Group | None, ...]) -> None:
        self._asked, self._owners = asked, owners
        self.count = len(groups)
        self._labels = self._build_labels(groups)
        self._kept: tuple[BitMap, npt.NDArray[np.bool_]] | None = None

    def at(self, place: int) -> Ints | None:
        """Each owner's group in the place-th period, -1 for who doesn't count; None: all are of the only group."""
        members = self._asked.whose.at(self._asked.periods[place].period.start)
        if members is None:
            return self._labels
        if self._kept is None or self._kept[0] != members:
            self._kept = (members, self._mark(members))
        labels = np.zeros(len(self._owners), np.int32) if self._labels is None else self._labels
        return np.where(self._kept[1], labels, np.int32(-1))

    def _mark(self, members: BitMap) -> npt.NDArray[np.bool_]:
        flags = np.zeros(self._asked.snapshot.numbers, dtype=np.bool_)
        flags[list_members(members)] = True
        return flags[self._owners]

    def _build_labels(self, groups: tuple[Group | None, ...]) -> Ints | None:
        if all(group is None or not is_customer_dimension(group.dimension) for group in groups):
            return None
        places = np.full(self._asked.snapshot.numbers, -1, dtype=np.int32)
        for place, group in enumerate(groups):
            if group is not None:
                places[list_members(self._asked.snapshot.group_members(group))] = place
        return places[self._owners]
