"""Orders and revenue by day and group: integer SQL over the facts, asked once for all periods.

An order belongs to the day of its first purchase line, and its value is that of all its lines which count:
corrections under its own number lessen it, whenever they come. Cancelled orders have no purchase line. Returns
that stand apart from their order don't change its value. An order number that several customers share is an order of
each: so that orders, too, add up over customers.
"""

from bisect import bisect_left
from collections.abc import Mapping
from operator import attrgetter
from typing import NamedTuple

from pyroaring import BitMap

from vafa.measure.metrics.family import Asked
from vafa.measure.metrics.membership import is_customer_dimension
from vafa.warehouse.queries import Snapshot
from vafa.warehouse.types import CUSTOM_PREFIX, Query

_ORDER_NAMES = {"location": "locations", "product_line": "product_lines", "product": "products"}
_CUSTOMER_COLUMNS = {"customer_location": "named.location", "company": "named.company"}
_LEAST_DAY, _MOST_DAY = 1, 3_652_060


class DayMoney(NamedTuple):
    """The orders of one day in one currency, and what they brought (ten-thousandths)."""

    day: int
    currency: str
    orders: int
    amount: int


OrderDays = Mapping[str, list[DayMoney]]
"""Group ("" for all) -> its days in order."""


def get_order_days(asked: Asked, seen: BitMap | None, start: int, end: int) -> OrderDays:
    """The orders of [start, end) (ordinals) and perhaps of other days too, of those customers (None: of all)."""
    revenue = build_revenue_sql(asked.business.revenue_parts)
    if asked.by != "product" and asked.whose.chosen is None:
        # Days are few, so all of them are asked for once. Days of each of thousands of products are not.
        start, end = _LEAST_DAY, _MOST_DAY
    query = build_orders_query(revenue, asked.by, seen, start, end, anonymous=asked.whose.counts_anonymous)
    if not asked.whose.is_everybody:
        return _ask(asked.snapshot, query)
    kept: OrderDays = asked.snapshot.cached(
        ("order_days", asked.by, revenue, start, end), lambda: _ask(asked.snapshot, query)
    )
    return kept


def _ask(snapshot: Snapshot, query: Query) -> OrderDays:
    found: dict[str, list[DayMoney]] = {}
    for label, day, currency, orders, amount in snapshot.run(query):
        found.setdefault(label, []).append(DayMoney(int(day), currency or "", int(orders), int(amount)))
    return found


def list_days(days: list[DayMoney], start: int, end: int) -> list[DayMoney]:
    """Those of [start, end)."""
    by_day = attrgetter("day")
    return days[bisect_left(days, start, key=by_day) : bisect_left(days, end, key=by_day)]


def build_revenue_sql(parts: Mapping[str, bool]) -> str:
    """What of a line counts as revenue, by the business's setting."""
    terms = ["f.amount"]
    if parts.get("less_discount", True):
        terms.append("- coalesce(f.discount, 0)")
    if parts.get("tax", False):
        terms.append("+ coalesce(f.tax, 0)")
    if parts.get("shipping", False):
        terms.append("+ coalesce(f.shipping, 0)")
    return " ".join(terms)


def build_orders_query(
    revenue: str, by: str | None, seen: BitMap | None, start: int, end: int, *, anonymous: bool
) -> Query:
    """Orders and revenue of [start, end) by group, day and currency, in order of the day."""
    key, label, join, params = _choose_labels(by)
    only: list[object] = []
    shown = "true"
    if seen is not None:
        only = [list(seen)]
        shown = "f.customer_ix IN (SELECT unnest(?::INTEGER[]))"
    if seen is not None and anonymous:
        shown = f"({shown} OR f.customer_ix IS NULL)"
    if seen is None and not anonymous:
        shown = "f.customer_ix IS NOT NULL"
    sql = f"""
        SELECT {label} AS label, o.day_no, c.code, count(*), sum(o.amount)
        FROM (
            SELECT {key} AS label_key, f.order_no, f.currency,
                min(CASE WHEN f.is_purchase THEN f.day_no END) AS day_no, sum({revenue}) AS amount
            FROM facts AS f
            WHERE f.counts AND {shown}
            GROUP BY label_key, f.customer_ix, f.order_no, f.currency
        ) AS o
        LEFT JOIN currencies AS c ON c.id = o.currency
        {join}
        WHERE o.day_no >= ? AND o.day_no < ?
        GROUP BY label, o.day_no, c.code
        ORDER BY o.day_no, c.code
    """
    return Query(sql, (*params, *only, start, end))


def _choose_labels(by: str | None) -> tuple[str, str, str, list[str]]:
    """The key of a group in the facts, its label, the join that leads from one to the other, parameters."""
    if by is None:
        return "0", "''", "", []
    if not is_customer_dimension(by):
        return (
            f"f.{by}",
            "coalesce(named.name, '')",
            f"LEFT JOIN {_ORDER_NAMES[by]} AS named ON named.id = label_key",
            [],
        )
    join = "JOIN customers AS named ON named.ix = o.label_key"
    if by in _CUSTOMER_COLUMNS:
        return "f.customer_ix", _CUSTOMER_COLUMNS[by], join, []
    # A JSON pointer, in which these two characters are written otherwise.
    field = by.removeprefix(CUSTOM_PREFIX).replace("~", "~0").replace("/", "~1")
    return "f.customer_ix", "coalesce(json_extract_string(named.custom, ?), '')", join, [f"/{field}"]
