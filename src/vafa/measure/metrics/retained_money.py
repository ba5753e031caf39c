"""Revenue of the customers who were active at a period's start, in it and in as many days before, customer by customer.

Where all money is of one kind its sums are exact. Money of another currency, or in real terms, is brought together by
customer and day, each amount rounded to a ten-thousandth: so the sums of parts of the customers still add up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.lab.mrr import Wide, scale_exactly
from vafa.lab.revenue import sum_by_label
from vafa.lab.sets import list_members
from vafa.lab.value import OrderRetention
from vafa.measure.metrics.asking import KnownPeriod
from vafa.measure.metrics.day_series import has_rows
from vafa.measure.metrics.family import Asked
from vafa.measure.metrics.membership import is_customer_dimension
from vafa.measure.metrics.order_money import Exchange, LeftOut, UnpricedDay, add_left_out
from vafa.measure.metrics.order_sql import Looked, build_revenue_moves, build_revenue_sql, list_label_keys
from vafa.warehouse.types import Query

_CELLS_KEPT = 50_000

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class RetainedMoney:
    """The sums, what has no rate, and whether some of it is of days that the index does not tell of."""

    sums: OrderRetention = field(default_factory=OrderRetention)
    left_out: LeftOut = field(default_factory=dict)
    unpriced: bool = False

    def __add__(self, other: "RetainedMoney") -> "RetainedMoney":
        return RetainedMoney(
            self.sums + other.sums,
            add_left_out(self.left_out, other.left_out),
            self.unpriced or other.unpriced,
        )


@dataclass(frozen=True)
class _Moves:
    """Revenue by key of a group, customer, currency and slot, in order of the key.

    A slot is a day, or, where days don't matter, the first day of either half.
    """

    keys: Numbers
    customers: Numbers
    currencies: Numbers
    slots: Numbers
    amounts: Wide

    def select(self, keys: list[int], members: Numbers) -> "_Moves":
        """Those of some keys, of these customers (in ascending order)."""
        cuts = [
            (np.searchsorted(self.keys, key), np.searchsorted(self.keys, key, side="right")) for key in keys
        ]
        rows = np.concatenate([np.arange(first, last) for first, last in cuts] or [np.empty(0, np.int64)])
        at = np.searchsorted(members, self.customers[rows])
        rows = rows[(at < len(members)) & (members[np.minimum(at, len(members) - 1)] == self.customers[rows])]
        return _Moves(
            self.keys[rows], self.customers[rows], self.currencies[rows], self.slots[rows], self.amounts[rows]
        )


def measure_retained(asked: Asked, exchange: Exchange, known: KnownPeriod) -> list[RetainedMoney]:
    """Each group's money of one period [start, end) and of the days [2 start - end, start)."""
    if not asked.whose.is_everybody:
        return _measure(asked, exchange, known)
    kept: dict[object, list[RetainedMoney]] = asked.snapshot.cached(("retained",), dict)
    parts = build_revenue_sql(asked.business.revenue_parts)
    own, rule = asked.business.currency, asked.settled.rule
    key = (rule, asked.by, asked.groups, known.start, known.end, parts, own, exchange.fingerprint)
    found = kept.get(key)
    if found is None:
        found = _measure(asked, exchange, known)
        if sum(map(len, kept.values())) >= _CELLS_KEPT:
            kept.clear()
        kept[key] = found
    return found


def _measure(asked: Asked, exchange: Exchange, known: KnownPeriod) -> list[RetainedMoney]:
    active = _find_active(asked, known)
    everybody = BitMap.union(*active)
    first = 2 * known.start - known.end
    if not everybody or first < 1:
        return [RetainedMoney(OrderRetention(customers=len(members))) for members in active]
    codes = dict(asked.snapshot.run(Query("SELECT id, code FROM currencies")))
    plain = exchange.index is None and {*codes.values()} <= {"", asked.business.currency}
    moves = _ask(asked, everybody, first, known, by_day=not plain)
    factors = {} if plain else _find_factors(moves, codes, exchange)
    keys = [[0]] * len(active)
    if asked.by is not None and not is_customer_dimension(asked.by):
        keys = list_label_keys(asked.snapshot, asked.by, asked.groups)
    found = []
    for own, members in zip(keys, active, strict=True):
        listed = list_members(members).astype(np.int64)
        part = moves.select(own, listed) if len(listed) else None
        sums = RetainedMoney(OrderRetention(customers=len(members)))
        found.append(sums if part is None else sums + _sum_up(part, codes, factors, known.start))
    return found


def _find_active(asked: Asked, known: KnownPeriod) -> list[BitMap]:
    """Whom of each group the question looks at: those active at the start."""
    whose = asked.whose.at(known.period.start)
    day = date.fromordinal(known.start)
    active = [asked.snapshot.active(asked.settled.rule, day, group) for group in asked.groups]
    return active if whose is None else [members & whose for members in active]


def _ask(asked: Asked, everybody: BitMap, first: int, known: KnownPeriod, *, by_day: bool) -> _Moves:
    by = None if asked.by is not None and is_customer_dimension(asked.by) else asked.by
    looked = Looked(
        by,
        everybody,
        anonymous=False,
        start=first,
        end=known.end,
        has_returns=has_rows(asked.snapshot, "returns"),
    )
    inner, params = build_revenue_moves(build_revenue_sql(asked.business.revenue_parts), looked)
    slot = "day_no" if by_day else "CASE WHEN day_no < ? THEN ? ELSE ? END"
    slots = () if by_day else (known.start, first, known.start)
    sql = f"""
        SELECT label_key::BIGINT AS keys, customer_ix::BIGINT AS customers, currency::BIGINT AS currencies,
            ({slot})::BIGINT AS slots, sum(amount)::BIGINT AS amounts
        FROM ({inner}) GROUP BY 1, 2, 3, 4{" ORDER BY 1" if by else ""}
    """
    return _Moves(**asked.snapshot.run_columns(Query(sql, (*slots, *params), everybody)))


_Factors = Mapping[tuple[int, int], Fraction | str]


def _find_factors(moves: _Moves, codes: Mapping[int, str], exchange: Exchange) -> _Factors:
    """(currency, day) -> what a unit is worth, or why that isn't known."""
    pairs = (
        np.unique(np.stack([moves.currencies, moves.slots]), axis=1) if len(moves.keys) else np.empty((2, 0))
    )
    found: dict[tuple[int, int], Fraction | str] = {}
    for currency, day in zip(*pairs.astype(np.int64).tolist(), strict=True):
        try:
            factor = exchange.find_factor(codes[currency], day)
        except UnpricedDay:
            found[currency, day] = "unpriced"
        else:
            found[currency, day] = "no_rate" if factor is None else factor
    return found


def _sum_up(moves: _Moves, codes: Mapping[int, str], factors: _Factors, start: int) -> RetainedMoney:
    amounts, kept = moves.amounts.copy(), np.ones(len(moves.amounts), dtype=np.bool_)
    left_out: dict[str, tuple[int, int]] = {}
    unpriced = False
    for (currency, day), factor in factors.items():
        rows = np.flatnonzero((moves.currencies == currency) & (moves.slots == day))
        if not len(rows):
            continue
        if isinstance(factor, Fraction):
            amounts[rows] = np.sign(amounts[rows]) * scale_exactly(np.abs(amounts[rows]), factor)
            continue
        kept[rows] = False
        if factor == "unpriced":
            unpriced = True
            continue
        count, so_far = left_out.get(codes[currency], (0, 0))
        total = sum_by_label(moves.amounts[rows], None, 1)[0]
        left_out[codes[currency]] = (count + len(rows), so_far + total)
    amounts, later = amounts[kept], moves.slots[kept] >= start
    owners, places = np.unique(moves.customers[kept], return_inverse=True)
    halves = []
    for half in (~later, later):
        sums = np.zeros(len(owners), dtype=np.int64)
        np.add.at(sums, places[half], amounts[half])
        halves.append(sums)
    before, now = halves
    totals = [sum_by_label(values, None, 1)[0] for values in (before, now, np.minimum(before, now))]
    return RetainedMoney(OrderRetention(*totals), left_out, unpriced)
