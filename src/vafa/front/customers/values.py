"""What each customer has bought, as arrays by the customer's number: for columns, and for the order of lists."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from vafa.data.business.queries import Business, list_rates
from vafa.front.overview.figures import Asker
from vafa.kit.fields import SCALE
from vafa.warehouse.queries import Snapshot
from vafa.warehouse.types import Query

Days = npt.NDArray[np.int32]
NO_DAY = 0


@dataclass(frozen=True)
class CustomerValues:
    """By number: first and last day of purchase (ordinals, 0 for none), orders with a purchase, and revenue.

    Revenue is in the business's currency by its own parts, returns taken off; amounts in a currency without a
    rate are not in it.
    """

    first: Days
    last: Days
    orders: npt.NDArray[np.int32]
    revenue: npt.NDArray[np.float64]


def get_values(asker: Asker) -> CustomerValues:
    """The values of all customers, made once for each state of the data and of the money's settings."""
    return asker.keep_for_all("customer_values", lambda: _build(asker.snapshot, asker.business))


def _build(snapshot: Snapshot, business: Business) -> CustomerValues:
    size = max(snapshot.everyone().max() + 1, 1) if snapshot.everyone() else 1
    values = CustomerValues(
        np.zeros(size, np.int32), np.zeros(size, np.int32), np.zeros(size, np.int32), np.zeros(size)
    )
    bought = snapshot.run_columns(
        Query(
            "SELECT customer_ix AS ix, min(first_no) AS first_no, max(last_no) AS last_no, count(*) AS orders FROM ("
            " SELECT customer_ix, order_no, min(day_no) AS first_no, max(day_no) AS last_no FROM facts"
            " WHERE is_purchase AND customer_ix IS NOT NULL GROUP BY customer_ix, order_no"
            ") GROUP BY customer_ix"
        )
    )
    numbers = bought["ix"].astype(np.int64)
    values.first[numbers] = bought["first_no"]
    values.last[numbers] = bought["last_no"]
    values.orders[numbers] = bought["orders"]
    revenue = _build_revenue_sql(business)
    _add_money(values, snapshot, business, "facts", revenue, "counts AND")
    _add_money(values, snapshot, business, "returns", "-abs(amount)", "")
    return values


def _build_revenue_sql(business: Business) -> str:
    parts = business.revenue_parts
    terms = ["amount"]
    if parts.get("less_discount", True):
        terms.append("- coalesce(discount, 0)")
    if parts.get("tax", False):
        terms.append("+ coalesce(tax, 0)")
    if parts.get("shipping", False):
        terms.append("+ coalesce(shipping, 0)")
    return " ".join(terms)


def _add_money(
    values: CustomerValues, snapshot: Snapshot, business: Business, view: str, amount: str, condition: str
) -> None:
    """Add the sums of a view's rows to the revenue, each currency at its own day's rate."""
    codes = {
        str(code): int(number) for number, code in snapshot.run(Query("SELECT id, code FROM currencies"))
    }
    own = [codes[code] for code in ("", business.currency) if code in codes]
    sums = snapshot.run_columns(
        Query(
            f"SELECT customer_ix AS ix, sum({amount})::DOUBLE AS total FROM {view}"
            f" WHERE {condition} customer_ix IS NOT NULL AND currency IN (SELECT unnest(?::INTEGER[]))"
            " GROUP BY customer_ix",
            (sorted(set(own)),),
        )
    )
    values.revenue[sums["ix"].astype(np.int64)] += sums["total"] / SCALE
    foreign = {code: number for code, number in codes.items() if code not in ("", business.currency)}
    if foreign:
        _add_foreign(values, snapshot, business, foreign, (view, amount, condition))


def _add_foreign(
    values: CustomerValues,
    snapshot: Snapshot,
    business: Business,
    foreign: dict[str, int],
    rows: tuple[str, str, str],
) -> None:
    view, amount, condition = rows
    code_of = {number: code for code, number in foreign.items()}
    pairs = snapshot.run(
        Query(
            f"SELECT DISTINCT currency, day_no FROM {view} WHERE currency IN (SELECT unnest(?::INTEGER[]))",
            (sorted(code_of),),
        )
    )
    rates: dict[int, dict[str, Decimal]] = {}
    known: list[tuple[int, int, float]] = []
    for currency, day in pairs:
        if day not in rates:
            rates[day] = list_rates(business.currency, sorted(foreign), date.fromordinal(day))
        if (rate := rates[day].get(code_of[currency])) is not None:
            known.append((int(currency), int(day), float(rate)))
    if not known:
        return
    currencies, days, factors = (list(column) for column in zip(*known, strict=True))
    sums = snapshot.run_columns(
        Query(
            f"SELECT customer_ix AS ix, sum(({amount})::DOUBLE * factor) AS total FROM {view}"
            " JOIN (SELECT unnest(?::INTEGER[]) AS code, unnest(?::INTEGER[]) AS on_day, unnest(?::DOUBLE[]) AS factor)"
            f" ON code = currency AND on_day = day_no WHERE {condition} customer_ix IS NOT NULL GROUP BY customer_ix",
            (currencies, days, factors),
        )
    )
    values.revenue[sums["ix"].astype(np.int64)] += sums["total"] / SCALE
