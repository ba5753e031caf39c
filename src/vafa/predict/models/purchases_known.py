"""What of purchases was known at the midnight that begins a day: nothing that came later takes one away again.

The warehouse says what is a purchase by all that is known now. An order that was taken back whole afterwards was one
still on the day that is looked back to, so such orders are judged again by what had come by then.
"""

from datetime import date

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.warehouse.queries import Query, Snapshot

Ints = npt.NDArray[np.int64]

_WIDTH = 1 << 32
# As `warehouse.deriving` judges an order, by the rows before a day.
_STANDING = """
    WITH gone AS (SELECT DISTINCT order_no FROM facts WHERE cancelled AND day_no < ?), moves AS (
        SELECT order_no, currency,
            CASE WHEN quantity > 0 AND amount > 0 THEN quantity ELSE 0 END AS bought_quantity,
            CASE WHEN quantity > 0 AND amount > 0 THEN amount ELSE 0 END AS bought_amount,
            CASE WHEN quantity < 0 THEN -quantity ELSE 0 END AS back_quantity,
            CASE WHEN quantity < 0 AND amount < 0 THEN -amount ELSE 0 END AS back_amount
        FROM facts SEMI JOIN gone USING (order_no) WHERE counts AND day_no < ?
        UNION ALL
        SELECT order_no, currency, 0, 0, abs(quantity), abs(amount)
        FROM returns SEMI JOIN gone USING (order_no) WHERE day_no < ?
    ), orders AS (
        SELECT order_no, sum(bought_quantity) AS bought_quantity, sum(bought_amount) AS bought_amount,
            sum(back_quantity) AS back_quantity, sum(back_amount) AS back_amount,
            count(DISTINCT currency) FILTER (currency <> 0) AS currencies
        FROM moves GROUP BY order_no
    )
    SELECT order_no FROM orders WHERE bought_quantity > 0
        AND NOT (back_quantity >= bought_quantity OR (currencies <= 1 AND back_amount >= bought_amount))
"""
_DAYS_OF = """
    SELECT DISTINCT customer_ix, day_no FROM facts WHERE order_no IN (SELECT unnest(?::BIGINT[]))
        AND counts AND quantity > 0 AND amount > 0 AND day_no < ? AND customer_ix IS NOT NULL
"""


def find_standing_orders(snapshot: Snapshot, as_of: date) -> list[int]:
    """The orders that stood at the day and were taken back whole only later."""
    day = as_of.toordinal()
    return snapshot.cached(
        ("standing_orders", day),
        lambda: [int(number) for (number,) in snapshot.run(Query(_STANDING, (day, day, day)))],
    )


def build_bought_sql(standing: list[int]) -> str:
    """The SQL condition of a line of facts being a purchase, also of these orders (whole numbers, never a text)."""
    if not standing:
        return "is_purchase"
    numbers = ", ".join(map(str, standing))
    return f"(is_purchase OR (counts AND quantity > 0 AND amount > 0 AND order_no IN ({numbers})))"


def list_known_purchases(snapshot: Snapshot, as_of: date, among: BitMap | None = None) -> tuple[Ints, Ints]:
    """Customers' numbers and days (ordinals) of purchase before `as_of`, each pair once, in order of the day, as known
    at that day; of some customers alone where they are given."""
    day = as_of.toordinal()
    numbers, days = _list_kept(snapshot, day) if among is None else _list_of_some(snapshot, as_of, among)
    standing = find_standing_orders(snapshot, as_of)
    if not standing:
        return numbers, days
    rows = snapshot.run_columns(Query(_DAYS_OF, (standing, day)))
    if among is not None:
        own = np.isin(rows["customer_ix"], np.asarray(among.to_array(), dtype=np.int64))
        rows = {name: values[own] for name, values in rows.items()}
    keys = np.unique(
        np.concatenate(
            (
                days * _WIDTH + numbers,
                rows["day_no"].astype(np.int64) * _WIDTH + rows["customer_ix"].astype(np.int64),
            )
        )
    )
    return keys % _WIDTH, keys // _WIDTH


def _list_kept(snapshot: Snapshot, day: int) -> tuple[Ints, Ints]:
    whose, when = snapshot.cached(("purchase_days",), snapshot.purchase_days_arrays)
    end = int(np.searchsorted(when, day, side="left"))
    return whose[:end].astype(np.int64), when[:end].astype(np.int64)


def _list_of_some(snapshot: Snapshot, as_of: date, among: BitMap) -> tuple[Ints, Ints]:
    parts = list(snapshot.iterate_purchase_days(as_of, among, step=max(1, snapshot.numbers)))
    if not parts:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    ((numbers, days),) = parts
    return numbers.astype(np.int64), days.astype(np.int64)
