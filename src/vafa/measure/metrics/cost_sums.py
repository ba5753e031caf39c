"""What acquiring and serving customers is measured by: revenue by margin, spend, and the customers behind both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

import numpy as np

from vafa.data.costs.queries import get_margin_table, list_spends
from vafa.data.costs.types import ToldSpend
from vafa.kit.fields import to_fixed
from vafa.lab.prices import NOMINAL, Money
from vafa.lab.sets import list_members
from vafa.lab.spells import Ints
from vafa.lab.value import MarginTable, Spend, spread_spend
from vafa.measure.metrics.asking import KnownPeriod
from vafa.measure.metrics.day_series import (
    KNOWN,
    LEAST_DAY,
    MOST_DAY,
    ByCurrency,
    DayTable,
    Span,
    ask_by_period,
    get_series,
)
from vafa.measure.metrics.family import Asked, Cell
from vafa.measure.metrics.membership import is_customer_dimension
from vafa.measure.metrics.order_money import Exchange, LeftOut, add_left_out, get_exchange, sum_series
from vafa.measure.metrics.order_sql import build_newcomers_query
from vafa.measure.metrics.orders_family import ask_revenue
from vafa.warehouse.types import CUSTOM_PREFIX, Group

NO_MARGIN = -1
"""Where revenue is kept of days for which no margin is told."""

CUMULATIVE = ("historical_clv", "clv_to_cac")
"""Metrics that look at all revenue until a period's end."""

OF_SPEND = ("cac", "clv_to_cac", "payback_months")
"""Metrics that look at marketing spend."""


@dataclass(frozen=True)
class CostSums:
    """Revenue of known customers by the first day of its margin, and spend; customers whose first-ever start is before
    the period's end, and in the period; and those active at its start and those at its end, counted together."""

    revenue: Mapping[int, Money] = field(default_factory=dict)
    spend: Money = field(default_factory=Money)
    acquired: int = 0
    newcomers: int = 0
    active: int = 0
    left_out: LeftOut = field(default_factory=dict)

    def __add__(self, other: "CostSums") -> "CostSums":
        revenue = dict(self.revenue)
        for day, money in other.revenue.items():
            revenue[day] = revenue[day] + money if day in revenue else money
        return CostSums(
            revenue,
            self.spend + other.spend,
            self.acquired + other.acquired,
            self.newcomers + other.newcomers,
            self.active + other.active,
            add_left_out(self.left_out, other.left_out),
        )


def measure_costs(asked: Asked) -> Mapping[Cell, CostSums]:
    """The sums of each cell, as far as the metric needs them."""
    exchange, margins = get_exchange(asked), get_margin_table()
    starts = [LEAST_DAY if asked.metric in CUMULATIVE else known.start for known in asked.periods]
    spans = [Span(start, known.end) for start, known in zip(starts, asked.periods, strict=True)]
    tables = []
    if asked.metric != "cac":
        cuts = [first for first, _until, _share in margins.list_boundaries(LEAST_DAY, MOST_DAY)]
        tables = ask_revenue(asked, exchange, spans, cuts)
    # Spend is nobody's in particular: where the question is cut into shards, it is the first one's.
    with_spend = asked.metric in OF_SPEND and asked.whose.counts_anonymous
    spends = list_spends() if with_spend else []
    found: dict[Cell, CostSums] = {}
    of_orders = asked.by is not None and not is_customer_dimension(asked.by)
    newcomers = _ask_newcomers(asked) if of_orders else []
    for place, group in enumerate(asked.groups):
        own = [spend for spend in spends if is_of_group(spend, asked.by, group)]
        firsts: Ints | None = None
        for when, known in enumerate(asked.periods):
            if of_orders:
                before, until = _count_newcomers(newcomers[when], group, known)
            else:
                if firsts is None or asked.whose.chosen is not None:
                    firsts = _list_firsts(asked, group, known)
                before, until = (int(n) for n in np.searchsorted(firsts, [known.start, known.end]))
            sums = CostSums(
                acquired=until, newcomers=until - before, active=_count_active(asked, group, known)
            ) + _sum_spend(own, known, exchange)
            if tables:
                sums += _sum_revenue(get_series(tables[when], group), spans[when], margins, exchange)
            found[place, when] = sums
    return found


def is_of_group(spend: ToldSpend, by: str | None, group: Group | None) -> bool:
    """Whether a spend is for a group: it names it as its location, or as its channel for a field of one's own."""
    if group is None or by is None:
        return True
    if by in ("location", "customer_location"):
        return bool(group.value) and spend.location == group.value
    return by.startswith(CUSTOM_PREFIX) and bool(group.value) and spend.channel == group.value


def _list_firsts(asked: Asked, group: Group | None, known: KnownPeriod) -> Ints:
    """The first-ever starts of the customers looked at, in order; of a field of theirs, or of all."""
    rule, snapshot = asked.settled.rule, asked.snapshot
    whose = asked.whose.at(known.period.start)

    def build() -> Ints:
        members = snapshot.everyone()
        if group is not None:
            members = members & snapshot.group_members(group)
        if whose is not None:
            members = members & whose
        return np.sort(snapshot.first_start_days(rule)[list_members(members)])

    if whose is not None:
        return build()
    kept: Ints = snapshot.cached(("sorted firsts", rule, group), build)
    return kept


def _ask_newcomers(asked: Asked) -> list[DayTable]:
    """Who first bought in each group of a field of orders, by day, for each period."""
    spans = [Span(LEAST_DAY, known.end) for known in asked.periods]
    return ask_by_period(asked, "newcomers", build_newcomers_query, spans)


def _count_newcomers(table: DayTable, group: Group | None, known: KnownPeriod) -> tuple[int, int]:
    """How many customers had bought in the group before the period, and by its end."""
    days = get_series(table, group).get("")
    if days is None:
        return 0, 0
    return days.sum(0, LEAST_DAY, known.start), days.sum(0, LEAST_DAY, known.end)


def _count_active(asked: Asked, group: Group | None, known: KnownPeriod) -> int:
    """The customers active at the start and those at the end, counted together, where the metric asks for them."""
    if asked.metric != "payback_months":
        return 0
    whose = asked.whose.at(known.period.start)
    active = 0
    for day in (known.start, known.end):
        members = asked.snapshot.active(asked.settled.rule, date.fromordinal(day), group)
        active += len(members if whose is None else members & whose)
    return active


def _sum_spend(spends: Sequence[ToldSpend], known: KnownPeriod, exchange: Exchange) -> CostSums:
    """The spend of the period's days, each day's part at its own rate."""
    units: dict[int, Fraction | int] = {}
    left_out: dict[str, tuple[int, int]] = {}
    for told in spends:
        spend = Spend(Fraction(to_fixed(told.amount)), told.start.toordinal(), told.end.toordinal())
        first, last = max(spend.start, known.start), min(spend.end, known.end)
        if first >= last:
            continue
        for start, end, rate in exchange.rates.list_pieces(told.currency, first, last):
            if rate is None:
                left = left_out.get(told.currency, (0, 0))[1]
                left_out[told.currency] = (0, left + round(spread_spend(spend, start, end)))
                continue
            months = (
                [(start, end, NOMINAL)] if exchange.index is None else exchange.index.list_pieces(start, end)
            )
            for since, until, month in months:
                units[month] = units.get(month, 0) + spread_spend(spend, since, until) * rate
    return CostSums(spend=Money(units), left_out=left_out)


def _sum_revenue(series: ByCurrency, span: Span, margins: MarginTable, exchange: Exchange) -> CostSums:
    """The revenue of known customers, apart for each margin."""
    revenue: dict[int, Money] = {}
    left_out: LeftOut = {}
    for start, end, share in margins.list_boundaries(span.start, span.end):
        found = sum_series(series, start, end, exchange, KNOWN)
        if found.money.units:
            revenue[NO_MARGIN if share is None else start] = found.money
        left_out = add_left_out(left_out, found.left_out)
    return CostSums(revenue=revenue, left_out=left_out)


def tell_margin(asked: Asked, sums: CostSums, *, or_revenue: bool) -> tuple[Fraction | None, str | None]:
    """The gross margin of the revenue, in real terms where they are asked for; without a value the reason.

    `or_revenue`: where no margin at all has been told it is the revenue itself.
    """
    margins = get_margin_table()
    if not margins and not or_revenue:
        return None, "no_margin"
    total = Fraction(0)
    for day, money in sums.revenue.items():
        share = margins.find_share(day) if day != NO_MARGIN else None
        if share is None and margins:
            return None, "no_margin_for_these_days"
        told = money.tell(asked.real.index if asked.real else None)
        if told is None:
            return None, "no_index_for_these_days"
        total += told * (share if share is not None else 1)
    return total, None
