"""Numbers of each customer as of a boundary, and who has one that compares."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.kit.fields import SCALE
from vafa.lab.contact import NEVER
from vafa.lab.mrr import PARTS
from vafa.lab.rhythm import build_double_rhythms
from vafa.lab.sets import build_set
from vafa.lab.spells import OPEN_END
from vafa.measure.metrics.queries import RfmTable, get_customer_mrr, get_last_contacts, get_rfm
from vafa.measure.segments.context import Context, keep
from vafa.measure.segments.facts import count_facts, limit, spread
from vafa.measure.segments.money import build_revenue_sql, build_worth, get_money_key
from vafa.measure.segments.predicted import get_versions, read_predicted
from vafa.measure.segments.ratios import Numbers, Ratios
from vafa.measure.segments.types import (
    PREDICTED_MEASURES,
    RFM_MEASURES,
    FactCondition,
    Measure,
    MeasureCondition,
    Span,
)
from vafa.warehouse.queries import Query


def find_by_measure(context: Context, condition: MeasureCondition, among: BitMap | None = None) -> BitMap:
    """The customers whose number compares so; with `among` at least those of them who are in it."""
    everyone = context.snapshot.everyone()
    if condition.measure == "days_since_last_purchase" and condition.op != "top":
        return _find_by_days_since(context, condition) & everyone
    # Whose number is among the highest is told by everybody's.
    asked_about = None if condition.op in ("top", "unknown") else among
    ratios = get_ratios(context, condition.measure, condition.span, asked_about)
    if condition.op in ("known", "unknown"):
        known = everyone if ratios.known is None else build_set(np.flatnonzero(ratios.known)) & everyone
        return known if condition.op == "known" else everyone - known
    if condition.op == "top":
        return build_set(np.flatnonzero(ratios.find_top(condition.value or Decimal(0)))) & everyone
    found = ratios.compare(condition.op, condition.value or Decimal(0), condition.upper)
    return build_set(np.flatnonzero(found)) & everyone


def _find_by_days_since(context: Context, condition: MeasureCondition) -> BitMap:
    """Who bought so many days ago: by the sets of each day, without asking when each bought last."""
    value = condition.value or Decimal(0)
    if condition.op in ("at_most", "less_than"):
        return _find_bought_within(context, floor(value) if condition.op == "at_most" else ceil(value) - 1)
    bought = _find_bought_within(context, context.boundary - 1)
    if condition.op == "known":
        return bought
    if condition.op == "unknown":
        return context.snapshot.everyone() - bought
    if condition.op == "between":
        least = bought - _find_bought_within(context, ceil(value) - 1)
        return least & _find_bought_within(context, floor(condition.upper or Decimal(0)))
    return bought - _find_bought_within(
        context, floor(value) if condition.op == "more_than" else ceil(value) - 1
    )


def _find_bought_within(context: Context, days: int) -> BitMap:
    """Who bought on one of so many days before the boundary."""
    first = max(context.boundary - max(days, 0), 1)
    return context.snapshot.cached(
        ("segment_bought", first, context.boundary),
        lambda: context.snapshot.buyers(date.fromordinal(first), context.as_of),
    )


def get_ratios(
    context: Context, measure: Measure, span: Span | None = None, among: BitMap | None = None
) -> Ratios:
    """A measure of all customers, made once for each state of the data, boundary and span; with `among` of these at
    least, and others may seem to have none."""
    first, end = context.resolve(span or Span())
    rule = str(context.rule) if measure == "mrr" else ""
    if measure in PREDICTED_MEASURES:
        return _build_predicted(context, measure)
    key = ("segment_measure", measure, first, end, context.boundary, rule, get_money_key(context))
    if measure in _OF_EVERYBODY:
        among = None
    return keep(context, key, among, lambda few: _BUILDERS[measure](context, first, end, few))


def _build_predicted(context: Context, measure: Measure) -> Ratios:
    """Four places of what is published; a chance in percent."""
    told = read_predicted(context, measure)

    def build() -> Ratios:
        known = np.isfinite(told)
        values = np.where(known, told, 0).astype(np.float64) * (100 if measure == "risk" else 1)
        return Ratios(np.rint(values * SCALE).astype(np.int64), known.astype(np.int8))

    return context.snapshot.cached(("segment_predicted", get_versions(context.snapshot, [measure])), build)


def _build_orders(context: Context, first: int, end: int, few: BitMap | None) -> Ratios:
    counts = count_facts(context, FactCondition("order", span=_build_span(first, end)), few)
    return Ratios(counts, scale=1)


def _build_span(first: int, end: int) -> Span:
    if end <= first:
        return Span("last_days", days=0)
    return Span("between", start=date.fromordinal(first), end=date.fromordinal(end - 1))


def _build_revenue(context: Context, first: int, end: int, few: BitMap | None) -> Ratios:
    """Of the lines that count, less what was returned."""
    parts, params = [], []
    for view, amount, condition in (
        ("facts", build_revenue_sql(context), "counts"),
        ("returns", "-abs(amount)", "true"),
    ):
        worth = build_worth(context, view)
        parts.append(
            f"SELECT customer_ix AS ix, {worth.of(amount)} AS worth FROM {limit(worth.relation, few)}"
            f" WHERE {condition} AND customer_ix IS NOT NULL AND day_no >= ? AND day_no < ?"
        )
        params += [*worth.params, first, end]
    sql = (
        f"SELECT ix, sum(worth)::BIGINT AS total FROM ({' UNION ALL '.join(parts)})"
        " GROUP BY 1 HAVING total IS NOT NULL"
    )
    return Ratios(spread(context.snapshot, Query(sql, tuple(params), few), "total"))


def _build_average(context: Context, first: int, end: int, few: BitMap | None) -> Ratios:
    """What the orders with a purchase in the span brought by its lines there, for each of them."""
    worth = build_worth(context, "facts")
    sql = (
        "SELECT ix, count(*) AS orders, sum(total)::BIGINT AS total FROM ("
        f" SELECT customer_ix AS ix, order_no, sum({worth.of(build_revenue_sql(context))}) AS total"
        f" FROM {limit(worth.relation, few)} WHERE counts AND customer_ix IS NOT NULL AND day_no >= ? AND day_no < ?"
        " GROUP BY customer_ix, order_no HAVING bool_or(is_purchase)"
        ") WHERE total IS NOT NULL GROUP BY 1"
    )
    query = Query(sql, (*worth.params, first, end), few)
    return Ratios(
        spread(context.snapshot, query, "total"),
        spread(context.snapshot, query, "orders"),
    )


def _build_days_since(context: Context, _first: int, _end: int, _few: BitMap | None) -> Ratios:
    last = _find_last_days(context)
    bought = last != OPEN_END
    return Ratios(np.where(bought, context.boundary - last, 0), bought.astype(np.int8), scale=1)


def _find_last_days(context: Context) -> npt.NDArray[np.int32]:
    """Each customer's last day of purchase before the boundary; OPEN_END without one."""

    def build() -> npt.NDArray[np.int32]:
        from vafa.lab.rules import ActivityRule

        spells = context.snapshot.current_spells(ActivityRule("purchase", 1), context.as_of)
        return np.where(spells.end == OPEN_END, OPEN_END, spells.end - 2).astype(np.int32)

    return context.snapshot.cached(("segment_last_days", context.boundary), build)


def _get_double_rhythms(context: Context, among: BitMap | None) -> Numbers:
    def build(few: BitMap | None) -> Numbers:
        doubled = np.zeros(context.snapshot.numbers, dtype=np.int32)
        for customers, days in context.snapshot.iterate_purchase_days(context.as_of, few):
            if len(customers):
                first, last = int(customers.min()), int(customers.max())
                doubled[first : last + 1] = build_double_rhythms(customers - first, days, last - first + 1)
        return doubled

    return keep(context, ("segment_rhythms", context.boundary), among, build)


def _build_rhythm(context: Context, _first: int, _end: int, few: BitMap | None) -> Ratios:
    doubled = _get_double_rhythms(context, few)
    return Ratios(doubled, np.where(doubled > 0, 2, 0).astype(np.int8), scale=1)


def _build_lateness(context: Context, _first: int, _end: int, few: BitMap | None) -> Ratios:
    doubled = _get_double_rhythms(context, few)
    since = np.where(doubled > 0, context.boundary - _find_last_days(context), 0)
    return Ratios(since * 2, doubled, scale=1)


def _get_rfm(context: Context) -> RfmTable:
    return get_rfm(context.snapshot, context.business, context.as_of, rates=context.rates.table)


def _spread_scores(context: Context, table: RfmTable, scores: npt.NDArray[np.uint8]) -> Ratios:
    """Scores of who has bought, by customer's number."""
    found = np.zeros(context.snapshot.numbers, dtype=np.int8)
    found[table.values.numbers] = scores
    return Ratios(found, (found > 0).astype(np.int8), scale=1)


def _build_recency(context: Context, _first: int, _end: int, _few: BitMap | None) -> Ratios:
    table = _get_rfm(context)
    return _spread_scores(context, table, table.recency)


def _build_frequency(context: Context, _first: int, _end: int, _few: BitMap | None) -> Ratios:
    table = _get_rfm(context)
    return _spread_scores(context, table, table.frequency)


def _build_money(context: Context, _first: int, _end: int, _few: BitMap | None) -> Ratios:
    table = _get_rfm(context)
    return _spread_scores(context, table, table.money)


def _build_mrr(context: Context, _first: int, _end: int, _few: BitMap | None) -> Ratios:
    """A ten-thousandth of money has PARTS of the units that MRR is told in."""
    mrr = get_customer_mrr(
        context.snapshot, context.business, context.as_of, context.rule, context.rates.table
    )
    return Ratios(mrr.units, np.where(mrr.known, PARTS, 0).astype(np.int8))


def _build_last_nps(context: Context, _first: int, _end: int, _few: BitMap | None) -> Ratios:
    """Of several answers on the last day, the one that came last."""
    sql = (
        "SELECT customer_ix AS ix, arg_max(score, (answered_no, row_id)) AS score FROM answers"
        " WHERE question = 'nps' AND score IS NOT NULL AND customer_ix IS NOT NULL AND answered_no < ? GROUP BY 1"
    )
    rows = context.snapshot.run_columns(Query(sql, (context.boundary,)))
    places = rows["ix"].astype(np.int64)
    scores = np.zeros(context.snapshot.numbers, dtype=np.int64)
    known = np.zeros(context.snapshot.numbers, dtype=np.int8)
    scores[places], known[places] = rows["score"], 1
    return Ratios(scores, known)


def _build_clv(context: Context, _first: int, _end: int, few: BitMap | None) -> Ratios:
    """The margin of all revenue before the boundary, each day's at the margin of that day."""
    margins = context.rates.margins
    stretches = (
        margins.list_boundaries(1, context.boundary) if margins else [(1, context.boundary, Fraction(1))]
    )
    total = np.zeros(context.snapshot.numbers, dtype=np.int64)
    known = np.ones(context.snapshot.numbers, dtype=np.int8)
    for first, end, share in stretches:
        brought = _build_revenue(context, first, end, few).numerator
        if share is None:
            known[brought != 0] = 0
            continue
        # The same as brought * numerator // denominator, without a product that could overflow.
        whole, rest = np.divmod(brought, share.denominator)
        total += whole * share.numerator + rest * share.numerator // share.denominator
    return Ratios(total, known)


def _build_silence(context: Context, _first: int, _end: int, _few: BitMap | None) -> Ratios:
    last = get_last_contacts(context.snapshot, context.as_of)
    met = last != NEVER
    return Ratios(np.where(met, context.boundary - last, 0), met.astype(np.int8), scale=1)


def _build_day_value(context: Context, _first: int, _end: int, few: BitMap | None) -> Ratios:
    """All revenue before the boundary by the days with a purchase; who never bought has no such number."""
    brought = _build_revenue(context, 1, context.boundary, few).numerator
    days = _count_days(context)
    return Ratios(np.where(days > 0, brought, 0), days)


def _build_discounts(context: Context, _first: int, _end: int, few: BitMap | None) -> Ratios:
    """In percent to four places, of purchases alone; unknown where nothing of a known worth was bought."""
    worth = build_worth(context, "facts")
    sql = (
        f"SELECT ix, (off::HUGEINT * {100 * SCALE} // total)::BIGINT AS percent FROM ("
        f"SELECT customer_ix AS ix, sum({worth.of('coalesce(discount, 0)')}) AS off, sum({worth.of('amount')}) AS total"
        f" FROM {limit(worth.relation, few)} WHERE is_purchase AND customer_ix IS NOT NULL AND day_no < ? GROUP BY 1"
        ") WHERE total > 0"
    )
    rows = context.snapshot.run_columns(Query(sql, (*worth.params, context.boundary), few))
    numbers = rows["ix"].astype(np.int64)
    told = np.zeros(context.snapshot.numbers, dtype=np.int64)
    known = np.zeros(context.snapshot.numbers, dtype=np.int8)
    told[numbers], known[numbers] = rows["percent"], 1
    return Ratios(told, known)


def _build_returns(context: Context, _first: int, _end: int, few: BitMap | None) -> Ratios:
    """In percent; may be more than 100."""
    back = count_facts(context, FactCondition("return"), few).astype(np.int64)
    days = _count_days(context)
    return Ratios(np.where(days > 0, back * 100, 0), days, scale=1)


def _build_product_lines(context: Context, _first: int, _end: int, few: BitMap | None) -> Ratios:
    sql = (
        f"SELECT customer_ix AS ix, count(DISTINCT product_line) AS times FROM {limit('facts', few)}"
        " WHERE is_purchase AND customer_ix IS NOT NULL AND day_no < ? AND product_line <> 0 GROUP BY 1"
    )
    lines = spread(context.snapshot, Query(sql, (context.boundary,), few))
    return Ratios(lines, (lines > 0).astype(np.int8), scale=1)


def _count_days(context: Context) -> Numbers:
    """The days with a purchase before the boundary."""
    return context.snapshot.count_purchase_days(date.fromordinal(1), context.as_of).astype(np.int64)


# Told of everybody at once, and kept.
_OF_EVERYBODY: tuple[Measure, ...] = (*RFM_MEASURES, "mrr", "last_nps", "days_since_last_contact")
_BUILDERS: dict[Measure, Callable[[Context, int, int, BitMap | None], Ratios]] = {
    "orders": _build_orders,
    "revenue": _build_revenue,
    "average_order_value": _build_average,
    "days_since_last_purchase": _build_days_since,
    "own_rhythm": _build_rhythm,
    "lateness": _build_lateness,
    "rfm_recency": _build_recency,
    "rfm_frequency": _build_frequency,
    "rfm_money": _build_money,
    "mrr": _build_mrr,
    "last_nps": _build_last_nps,
    "clv": _build_clv,
    "days_since_last_contact": _build_silence,
    "purchase_day_value": _build_day_value,
    "discount_share": _build_discounts,
    "return_share": _build_returns,
    "product_lines": _build_product_lines,
}
