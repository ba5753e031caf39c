"""Whole numbers by day, from one question over the facts, ready to be summed between any two days."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from pyroaring import BitMap

from vafa.measure.metrics.family import Asked
from vafa.measure.metrics.held_days import DayRows, HeldDays, can_hold
from vafa.measure.metrics.order_sql import Looked
from vafa.warehouse.queries import Snapshot
from vafa.warehouse.types import Group, Query

LEAST_DAY, MOST_DAY = 1, 3_652_060
# Days of each of thousands of products are too many to be held: they are summed up between the days that are needed.
_MANY_VALUED = ("product",)
# So few periods of a segment are asked for one by one.
MOST_ORDERS_AT_ONCE = 1_000_000
"""Of a business with more order lines, a few days alone are asked for: all days would take seconds."""
# One of so many days are a few.
_FEW_DAYS = 6
_FEW_PERIODS = 2


class DaySeries:
    """Rows of whole numbers by day (ordinal); sums of any column over [start, end) by two look-ups."""

    def __init__(self, rows: Sequence[Sequence[int]]) -> None:
        """From rows (day, *values) in order of the day."""
        self._days = [row[0] for row in rows]
        columns = list(zip(*rows, strict=True))[1:]
        self._sums: list[list[int]] = [[0, *accumulate(column)] for column in columns]

    def sum(self, column: int, start: int, end: int) -> int:
        """The sum of a column over the days of [start, end)."""
        sums = self._sums[column]
        return sums[bisect_left(self._days, end)] - sums[bisect_left(self._days, start)]


class Columns(NamedTuple):
    """The places of what is counted, of the money, and of the number of rows behind both."""

    counted: int
    amount: int
    rows: int


ALL = Columns(0, 1, 2)
"""All sales."""

KNOWN = Columns(3, 4, 5)
"""Those of known customers."""

ByCurrency = Mapping[str, DaySeries]
DayTable = Mapping[str, ByCurrency]
"""Group ("" where nothing is split) -> currency -> its days."""

BuildQuery = Callable[[Looked], Query]


@dataclass(frozen=True)
class Span:
    """The days [start, end) that a cell looks at."""

    start: int
    end: int


def ask_by_period(
    asked: Asked,
    name: str,
    build: BuildQuery,
    spans: Sequence[Span],
    cuts: Iterable[int] = (),
    *,
    can_be_held: bool = False,
    narrows: bool = False,
) -> list[DayTable]:
    """A table for each period, whose rows cover its span at least: one and the same unless a segment is looked at,
    whose members are others in each period.

    `build` makes the question, whose rows are (group, day, currency, *whole numbers) in order of the day; what `name`
    and the look tell of it must tell its answer from others. Values are summed between `cuts` and the ends of spans at
    the latest: the days on which rates, margins or the index change. `can_be_held`: `build` knows how to tell rows
    apart by customer, so that one question does for all periods of a segment. `narrows`: nothing is asked of the table
    but its spans, and all days are dear.
    """
    if not spans:
        return []
    whole = Span(min(span.start for span in spans), max(span.end for span in spans))
    if asked.whose.chosen is None:
        narrow = narrows and _pays_to_narrow(asked, name, whole)
        looked = _look(asked, whole, spans, cuts, asked.periods[0].period.start, narrow=narrow)
        return [_ask_once(asked, name, build, looked)] * len(spans)
    sets = [asked.whose.at(known.period.start) or BitMap() for known in asked.periods]
    everybody = BitMap.union(*sets)
    if can_be_held and len(spans) > _FEW_PERIODS and can_hold(asked.snapshot, everybody):
        looked = _look(asked, whole, spans, (), asked.periods[0].period.start)
        looked = replace(
            looked, seen=everybody, start=whole.start, end=whole.end, cuts=None, by_customer=True
        )
        held = HeldDays(asked.snapshot, build(looked))
        return [
            _build_table(held.sum_up(members, span.start, span.end))
            for members, span in zip(sets, spans, strict=True)
        ]
    return [
        _ask_once(asked, name, build, _look(asked, span, [span], cuts, known.period.start, narrow=True))
        for span, known in zip(spans, asked.periods, strict=True)
    ]


def _pays_to_narrow(asked: Asked, name: str, whole: Span) -> bool:
    """Whether days are asked for as they are needed: few of the many of a large business, not all of which are known
    already."""
    manifest = asked.snapshot.manifest
    if manifest is None or manifest.orders < MOST_ORDERS_AT_ONCE or asked.by in _MANY_VALUED:
        return False
    if (whole.end - whole.start) * _FEW_DAYS > manifest.last_day - manifest.first_day:
        return False
    return not asked.snapshot.has_cached(("days", name, asked.by, LEAST_DAY, MOST_DAY, None))


def _look(
    asked: Asked,
    whole: Span,
    spans: Sequence[Span],
    cuts: Iterable[int],
    start: date,
    *,
    narrow: bool = False,
) -> Looked:
    many = asked.by in _MANY_VALUED
    if not many and not narrow:
        # Days are few, so all of them are asked for once.
        whole = Span(LEAST_DAY, MOST_DAY)
    ends = {day for span in spans for day in (span.start, span.end)} | set(cuts)
    inside = tuple(sorted({whole.start, *(day for day in ends if whole.start < day < whole.end)}))
    return Looked(
        by=asked.by,
        seen=asked.whose.at(start),
        anonymous=asked.whose.counts_anonymous,
        start=whole.start,
        end=whole.end,
        cuts=inside if many else None,
        narrow=narrow,
        has_returns=has_rows(asked.snapshot, "returns"),
        has_foreign=has_foreign(asked.snapshot, asked.business.currency),
    )


def has_rows(snapshot: Snapshot, view: str) -> bool:
    """Whether a view has any row."""
    sql = f"SELECT EXISTS (SELECT 1 FROM {view})"
    return snapshot.cached(("has rows", view), lambda: bool(snapshot.run(Query(sql))[0][0]))


def has_foreign(snapshot: Snapshot, own: str) -> bool:
    """Whether any amount may be in another currency than the business's own."""
    codes = snapshot.cached(("codes",), lambda: snapshot.run(Query("SELECT code FROM currencies")))
    return any(code not in ("", own) for (code,) in codes)


def _ask_once(asked: Asked, name: str, build: BuildQuery, looked: Looked) -> DayTable:
    if not asked.whose.is_everybody or not asked.whose.counts_anonymous:
        return _ask(asked.snapshot, build(looked))
    key = ("days", name, looked.by, looked.start, looked.end, looked.cuts)
    kept: DayTable = asked.snapshot.cached(key, lambda: _ask(asked.snapshot, build(looked)))
    return kept


def _ask(snapshot: Snapshot, query: Query) -> DayTable:
    found: DayRows = {}
    for label, day, currency, *values in snapshot.run(query):
        rows = found.setdefault(label, {}).setdefault(currency or "", [])
        rows.append([int(day), *map(int, values)])
    return _build_table(found)


def _build_table(found: DayRows) -> DayTable:
    return {
        label: {currency: DaySeries(rows) for currency, rows in currencies.items()}
        for label, currencies in found.items()
    }


def get_series(table: DayTable, group: Group | None) -> ByCurrency:
    """The days of a group, by currency."""
    return table.get("" if group is None else group.value, {})
