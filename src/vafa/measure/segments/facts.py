"""How often each customer did something within a span, and who did it so many times."""

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.kit.locale.letters import fold
from vafa.lab.sets import build_set
from vafa.lab.spells import OPEN_END, build_all_subscription_spells
from vafa.measure.segments.context import Context, keep
from vafa.measure.segments.money import build_revenue_sql, build_worth, get_money_key, to_scaled
from vafa.measure.segments.types import FactCondition, FactFilter
from vafa.warehouse.queries import Query, Snapshot

Counted = npt.NDArray[Any]

# Up to so many times and days, uniting the days' sets is quicker than counting each customer's days.
MOST_TIMES_BY_SETS, MOST_DAYS_BY_SETS = 3, 400

_NAME_TABLES = {"location": "locations", "product_line": "product_lines", "product": "products"}
# Facts that are counted row by row: their view, and the column of their day. An invitation has no day of an answer.
_VIEWS = {
    "interaction": ("interactions", "day_no"),
    "ticket": ("tickets", "day_no"),
    "answer": ("answers", "answered_no"),
}
# Rows of lines that count for a fact; a line with a negative quantity is a return in the order's own rows.
_LINES = {
    "purchase": "is_purchase",
    "order": "is_purchase",
    "cancelled_order": "(cancelled OR NOT counts)",
}


def find_by_fact(context: Context, condition: FactCondition, among: BitMap | None = None) -> BitMap:
    """The customers who did it so many times; with `among` at least those of them who are in it."""
    everyone = context.snapshot.everyone()
    if (fast := _find_by_sets(context, condition)) is not None:
        did = fast & everyone
        return did if condition.op == "at_least" else everyone - did
    counts = count_facts(context, condition, among)
    if condition.op == "at_least":
        return build_set(np.flatnonzero(counts >= condition.times)) & everyone
    if condition.op == "at_most":
        return everyone - build_set(np.flatnonzero(counts > condition.times))
    if condition.times == 0:
        return everyone - build_set(np.flatnonzero(counts > 0))
    return build_set(np.flatnonzero(counts == condition.times)) & everyone


def _find_by_sets(context: Context, condition: FactCondition) -> BitMap | None:
    """Who bought on at least so many days, or (for "at most" and "exactly never") more, by the sets of each day; None
    where this is another question, or where counting is quicker."""
    times = condition.times if condition.op == "at_least" else condition.times + 1
    if condition.op == "exactly" and condition.times:
        return None
    if condition.filters or condition.amount is not None or times < 1:
        return None
    first, end = context.resolve(condition.span)
    start, stop, snapshot = date.fromordinal(first), date.fromordinal(end), context.snapshot
    if times == 1 and condition.fact in ("purchase", "order"):
        return snapshot.buyers(start, stop) if end > first else BitMap()
    if condition.fact != "purchase" or times > MOST_TIMES_BY_SETS or end - first > MOST_DAYS_BY_SETS:
        return None
    key = ("segment_frequent", first, end, times)
    return snapshot.cached(key, lambda: snapshot.frequent_buyers(start, stop, times))


def count_facts(context: Context, condition: FactCondition, among: BitMap | None = None) -> Counted:
    """How often each customer did it, by number; with `among` each of these at least."""
    first, end = context.resolve(condition.span)
    key = (
        "segment_fact", condition.fact, first, end, condition.filters, condition.amount,
        None if condition.amount is None else get_money_key(context),
    )  # fmt: skip

    def build(few: BitMap | None) -> Counted:
        # Nobody does anything two thousand million times.
        return _count(context, condition, first, end, few).astype(np.int32, copy=False)

    return keep(context, key, among, build)


def _count(context: Context, condition: FactCondition, first: int, end: int, few: BitMap | None) -> Counted:
    snapshot = context.snapshot
    if end <= first:
        return np.zeros(snapshot.numbers, dtype=np.int64)
    if condition.fact in ("subscription_start", "subscription_end"):
        return _count_subscriptions(context, condition, first, end)
    if condition.fact == "purchase" and not condition.filters and condition.amount is None:
        return snapshot.count_purchase_days(date.fromordinal(first), date.fromordinal(end))
    where, params = build_filters(snapshot, condition.filters)
    if condition.fact in _VIEWS:
        view, day = _VIEWS[condition.fact]
        # A ticket or an answer may come from nobody who is known.
        of_days = f"{day} >= ? AND {day} < ? AND customer_ix IS NOT NULL"
        sql = (
            f"SELECT customer_ix AS ix, count(*) AS times FROM {view} WHERE {of_days} AND {where} GROUP BY 1"
        )
        return spread(snapshot, Query(sql, (first, end, *params)))
    if condition.fact == "return":
        sql = (
            "SELECT ix, count(DISTINCT day_no) AS times FROM ("
            f"SELECT customer_ix AS ix, day_no FROM returns WHERE {{days}} AND {where} UNION ALL"
            f" SELECT customer_ix, day_no FROM facts WHERE quantity < 0 AND counts AND {{days}} AND {where}"
            ") WHERE ix IS NOT NULL GROUP BY 1"
        )
    else:
        return _count_lines(context, condition, first, end, few)
    days = "day_no >= ? AND day_no < ?"
    each = (first, end, *params)
    times = sql.count("{days}")
    return spread(snapshot, Query(sql.replace("{days}", days), each * times))


def _count_lines(
    context: Context, condition: FactCondition, first: int, end: int, few: BitMap | None
) -> Counted:
    """Orders, cancelled orders, and days of purchase (where they are narrowed), from the order lines."""
    where, params = build_filters(context.snapshot, condition.filters)
    unit = "day_no" if condition.fact == "purchase" else "order_no"
    relation, before, worth = "facts", (), ""
    if condition.amount is not None:
        amounts = build_worth(context, "facts")
        relation, before = amounts.relation, amounts.params
        worth = f" HAVING sum({amounts.of(build_revenue_sql(context))}) >= ?"
    lines = f"day_no >= ? AND day_no < ? AND customer_ix IS NOT NULL AND {_LINES[condition.fact]} AND {where}"
    sql = (
        "SELECT ix, count(*) AS times FROM ("
        f"SELECT customer_ix AS ix, {unit} FROM {limit(relation, few)} WHERE {lines}"
        f" GROUP BY customer_ix, {unit}{worth}"
        ") GROUP BY 1"
    )
    least = () if condition.amount is None else (to_scaled(condition.amount),)
    return spread(context.snapshot, Query(sql, (*before, first, end, *params, *least), few))


def _count_subscriptions(context: Context, condition: FactCondition, first: int, end: int) -> Counted:
    """How often subscriptions began, or ended: those that touch or overlap are one that goes on."""
    where, params = build_filters(context.snapshot, condition.filters)
    relation, before, worth = "subscriptions", (), ""
    if condition.amount is not None:
        amounts = build_worth(context, "subscriptions", "started_no")
        relation, before = amounts.relation, amounts.params
        worth = f" AND {amounts.of('amount')} >= ?"
    sql = (
        f"SELECT customer_ix, started_no, coalesce(ended_no, {OPEN_END}) AS ended_no FROM {relation}"
        f" WHERE {where}{worth}"
    )
    least = () if condition.amount is None else (to_scaled(condition.amount),)
    rows = context.snapshot.run_columns(Query(sql, (*before, *params, *least)))
    spells = build_all_subscription_spells(rows["customer_ix"], rows["started_no"], rows["ended_no"])
    days = spells.start if condition.fact == "subscription_start" else spells.end
    inside = spells.customer_ix[(days >= first) & (days < end)]
    return np.bincount(inside, minlength=context.snapshot.numbers).astype(np.int64)


def build_filters(snapshot: Snapshot, filters: tuple[FactFilter, ...]) -> tuple[str, tuple[Any, ...]]:
    """An SQL condition that all filters hold, and its parameters."""
    conditions, params = ["true"], []
    for one in filters:
        names = choose_values(list_filter_values(snapshot, one.field), one.values)
        if one.field in _NAME_TABLES:
            conditions.append(
                f"{one.field} IN (SELECT id FROM {_NAME_TABLES[one.field]} WHERE name IN (SELECT unnest(?::VARCHAR[])))"
            )
        else:
            conditions.append(f"{one.field} IN (SELECT unnest(?::VARCHAR[]))")
        params.append(names)
    return " AND ".join(conditions), tuple(params)


def choose_values(known: list[str], wanted: tuple[str, ...]) -> list[str]:
    """The known values that these texts mean, whatever the case and the form of the letters."""
    parts = {fold(value) for value in wanted}
    return [value for value in known if fold(value) in parts]


def list_filter_values(snapshot: Snapshot, field: str) -> list[str]:
    """The values by which facts may be narrowed: names of locations, lines, products; plans; kinds of contact;
    categories of tickets; surveys."""
    tables = {
        "plan": "SELECT DISTINCT plan FROM subscriptions",
        "kind": "SELECT DISTINCT kind FROM interactions",
        "category": "SELECT DISTINCT category FROM tickets",
        "survey": "SELECT DISTINCT survey FROM answers",
    }
    sql = tables.get(field) or f"SELECT DISTINCT name FROM {_NAME_TABLES[field]}"
    return snapshot.cached(
        ("segment_filter_values", field),
        lambda: sorted(value for (value,) in snapshot.run(Query(sql)) if value),
    )


def limit(relation: str, few: BitMap | None) -> str:
    """A relation of facts, of the customers of `members` only, where a question brings these along."""
    return relation if few is None else f"{relation} AS f SEMI JOIN members ON members.ix = f.customer_ix"


def spread(snapshot: Snapshot, query: Query, column: str = "times") -> Counted:
    """A query's column by customers' numbers (its column `ix`), 0 where it has no row."""
    rows = snapshot.run_columns(query)
    values = np.zeros(snapshot.numbers, dtype=np.int64)
    values[rows["ix"].astype(np.int64)] = rows[column]
    return values
