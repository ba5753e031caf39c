"""The questions about goods sent back, as SQL over the facts: whole numbers by group and day.

Sold is what was bought, also where it was taken back whole later: an order belongs to the day of its first such line.
Sent back are the rows of returns, and the lines of orders with a quantity and an amount below zero. A return is
unmatched where it names no order of which anything was bought.
"""

from vafa.measure.metrics.order_sql import OWNED_RETURNS, Looked, choose_labels, choose_return_labels
from vafa.warehouse.queries import Snapshot
from vafa.warehouse.types import Query

_BOUGHT = "f.counts AND f.quantity > 0 AND f.amount > 0"
_SENT_BACK = "f.counts AND f.quantity < 0 AND f.amount < 0"


def has_returns(snapshot: Snapshot) -> bool:
    """Whether anything at all is known to have been sent back: without it, no rate of returns is 0, but unknown."""
    sql = (
        "SELECT EXISTS (SELECT 1 FROM returns) OR EXISTS (SELECT 1 FROM facts AS f WHERE " + _SENT_BACK + ")"
    )
    return snapshot.cached(("has_returns",), lambda: bool(snapshot.run(Query(sql))[0][0]))


def build_returns_query(looked: Looked) -> Query:
    """Rows (group, day, "", units sold, units sent back, orders, orders of which anything came back, returns, unmatched
    returns, returns without a number of units)."""
    labels = choose_labels(looked.by)
    key, join = choose_return_labels(looked.by)
    days = (looked.start, looked.end)
    inside = "day_no >= ? AND day_no < ?"
    sql = f"""
        WITH every_sent AS (
            SELECT {key} AS label_key, r.order_no, r.customer_ix, r.day_no, abs(r.quantity) AS units
            FROM {OWNED_RETURNS} AS r {join}
            UNION ALL
            SELECT {labels.key}, f.order_no, f.customer_ix, f.day_no, -f.quantity FROM facts AS f WHERE {_SENT_BACK}
        ), every_bought AS (
            SELECT DISTINCT order_no FROM facts AS f WHERE {_BOUGHT} AND order_no IN (SELECT order_no FROM every_sent)
        ), sent AS (
            SELECT * FROM every_sent AS s WHERE {looked.build_condition("s")}
        ), bought AS (
            SELECT {labels.key} AS label_key, f.order_no, f.customer_ix, f.day_no, f.quantity AS units
            FROM facts AS f WHERE {_BOUGHT} AND {looked.build_condition("f")}
        ), placed AS (
            SELECT label_key, order_no, min(day_no) AS day_no FROM bought GROUP BY label_key, customer_ix, order_no
        ), moves AS (
            SELECT label_key, day_no, units AS sold, 0 AS returned, 0 AS orders, 0 AS orders_returned, 0 AS returns,
                0 AS unmatched, 0 AS unmeasured
            FROM bought WHERE {inside}
            UNION ALL
            SELECT label_key, day_no, 0, 0, 1,
                (label_key, order_no) IN (SELECT (label_key, order_no) FROM every_sent), 0, 0, 0
            FROM placed WHERE {inside}
            UNION ALL
            SELECT label_key, day_no, 0, units, 0, 0, 1, order_no NOT IN (SELECT order_no FROM every_bought), units = 0
            FROM sent WHERE {inside}
        )
        SELECT {labels.label} AS label, {{day}} AS day, '', sum(sold), sum(returned), sum(orders),
            sum(orders_returned::INTEGER), sum(returns), sum(unmatched::INTEGER), sum(unmeasured::INTEGER)
        FROM moves AS o {{cut}} {labels.join}
        GROUP BY label, day ORDER BY day
    """
    # The label's parameter stands in the last SELECT, behind those of the common tables.
    params = (*days * 3, *labels.params)
    if looked.cuts is None:
        return Query(sql.format(day="o.day_no", cut=""), params, looked.seen)
    cut = "ASOF JOIN (SELECT unnest(?::INTEGER[]) AS cut) AS k ON o.day_no >= k.cut"
    return Query(sql.format(day="k.cut", cut=cut), (*params, list(looked.cuts)), looked.seen)
