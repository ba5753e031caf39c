"""What is known of customers who order, from the facts before a day."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.lab.design import Feature
from vafa.lab.purchase_models import PurchaseModel, build_histories, fit_purchase_model, summarise_days
from vafa.lab.rhythm import build_double_rhythms
from vafa.measure.segments.queries import Resolver, list_revenues
from vafa.predict.models.few import choose_few, limit
from vafa.predict.models.own_fields import build_field_columns
from vafa.predict.models.purchases_known import (
    build_bought_sql,
    find_standing_orders,
    list_known_purchases,
)
from vafa.predict.models.service_features import FEATURES as SERVICE_FEATURES
from vafa.predict.models.service_features import build_service_columns
from vafa.warehouse.queries import Query, Snapshot

Column = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]

PURCHASE_ODDS = "purchase_odds"
_SEASON = 365
_MOST_LINES = 1 << 32

FEATURES = (
    Feature("recency_days", "rhythm", "number"),
    Feature("lateness", "rhythm", "number"),
    Feature("rhythm_days", "rhythm", "number"),
    Feature(PURCHASE_ODDS, "purchase_model", "number"),
    Feature("orders", "orders", "number"),
    Feature("orders_recent", "orders", "number"),
    Feature("orders_trend", "orders", "number"),
    Feature("spend_mean", "orders", "number"),
    Feature("spend_trend", "orders", "number"),
    Feature("tenure_days", "tenure", "number"),
    Feature("orders_last_year", "season", "number"),
    Feature("return_share", "returns", "number"),
    Feature("discount_share", "price", "number"),
    Feature("lines", "product", "number"),
    Feature("main_line", "product", "choice"),
)


def list_buyers(snapshot: Snapshot, as_of: date) -> npt.NDArray[np.int64]:
    """The numbers of all who bought before a day, as known at it."""
    bought = snapshot.last_purchase_days(as_of) > 0
    if find_standing_orders(snapshot, as_of):
        bought[list_known_purchases(snapshot, as_of)[0]] = True
    counted = np.zeros(len(bought), dtype=np.bool_)
    everyone = np.asarray(snapshot.everyone().to_array(), dtype=np.int64)
    counted[everyone[everyone < len(bought)]] = True
    return np.flatnonzero(bought & counted)


def fit_purchases(snapshot: Snapshot, as_of: date) -> PurchaseModel:
    """The purchase model of everybody's orders before a day; kept. Raises PurchasesUnfit."""

    def build() -> PurchaseModel:
        x, t, age = summarise_purchases(snapshot, as_of)
        known = np.isfinite(x)
        return fit_purchase_model(build_histories(x[known], t[known], age[known]))

    return snapshot.cached(("purchase_model", as_of), build)


def summarise_purchases(snapshot: Snapshot, as_of: date) -> tuple[Floats, Floats, Floats]:
    """(x, t, T) by customer's number; NaN for who hadn't bought."""

    def build() -> tuple[Floats, Floats, Floats]:
        return summarise_days(*list_known_purchases(snapshot, as_of), as_of.toordinal(), snapshot.numbers)

    return snapshot.cached(("purchase_histories", as_of), build)


def build_order_columns(
    snapshot: Snapshot, as_of: date, horizon_days: int, numbers: npt.NDArray[np.int64]
) -> dict[str, Column]:
    """A column for each of FEATURES, of these customers (by ascending id) who all bought before the day."""
    until, few = as_of.toordinal(), choose_few(snapshot, numbers)
    whose, days = list_known_purchases(snapshot, as_of, few)
    # Of a few only their own purchases are gone through, under the numbers 0, 1 ...
    places, size = numbers, snapshot.numbers
    if few is not None:
        order = np.sort(numbers)
        places, whose, size = np.searchsorted(order, numbers), np.searchsorted(order, whose), len(numbers)
        x, t, age = (values[places] for values in summarise_days(whose, days, until, size))
    else:
        x, t, age = (values[places] for values in summarise_purchases(snapshot, as_of))
    # At the boundary the day before it has passed whole for the model; counted as everywhere else it is a day more.
    recency = age - t + 1
    rhythm = build_double_rhythms(whose, days, size)[places] / 2
    rhythm = np.where(rhythm > 0, rhythm, np.nan)
    recent = _count_between(whose, days, until - horizon_days, until, size)[places]
    before = _count_between(whose, days, until - 2 * horizon_days, until - horizon_days, size)[places]
    seen_twice = age >= 2 * horizon_days
    money = _build_money(snapshot, as_of, horizon_days, numbers, few)
    columns: dict[str, Column] = {
        "recency_days": recency,
        "lateness": recency / rhythm,
        "rhythm_days": rhythm,
        PURCHASE_ODDS: build_purchase_odds(fit_purchases(snapshot, as_of), x, t, age, horizon_days),
        "orders": x + 1,
        "orders_recent": recent,
        "orders_trend": np.where(seen_twice, recent - before, np.nan),
        "spend_mean": money["total"] / (x + 1),
        "spend_trend": np.where(seen_twice, money["recent"] - money["before"], np.nan),
        "tenure_days": age + 1,
        # The same days a year ago: who buys each Nowruz is not late in autumn.
        "orders_last_year": np.where(
            age + 1 >= _SEASON,
            _count_between(whose, days, until - _SEASON, until - _SEASON + horizon_days, size)[places],
            np.nan,
        ),
        "return_share": _build_return_share(snapshot, until, numbers, x + 1, few),
    }
    return columns | _build_lines(snapshot, until, numbers, few)


def build_purchase_odds(model: PurchaseModel, x: Floats, t: Floats, age: Floats, horizon_days: int) -> Floats:
    """The purchase model's own chance of no order, as log-odds."""
    chances = np.clip(model.no_order_chances(x, t, age, horizon_days), 1e-6, 1 - 1e-6)
    odds: Floats = np.log(chances / (1 - chances))
    return odds


def _count_between(
    whose: npt.NDArray[np.int64], days: npt.NDArray[np.int64], first: int, end: int, size: int
) -> Floats:
    """On how many days of [first, end) each bought; the days are in order."""
    low, high = np.searchsorted(days, (first, end), side="left")
    return np.bincount(whose[low:high], minlength=size).astype(np.float64)


def _build_money(
    snapshot: Snapshot,
    as_of: date,
    horizon_days: int,
    numbers: npt.NDArray[np.int64],
    few: BitMap | None,
) -> dict[str, Floats]:
    """What each brought in all, in the last horizon, and in the one before, returns taken off."""
    step = timedelta(days=horizon_days)
    days = [as_of - times * step for times in (0, 1, 2)]
    total, earlier, first = (told[numbers] for told in list_revenues(Resolver(snapshot), days, few))
    return {"total": total, "recent": total - earlier, "before": earlier - first}


def _spread(snapshot: Snapshot, query: Query, numbers: npt.NDArray[np.int64]) -> Floats:
    """A query's column `told` by customer, NaN where it has no row."""
    rows = snapshot.run_columns(query)
    values = np.full(snapshot.numbers, np.nan)
    values[rows["ix"].astype(np.int64)] = rows["told"].astype(np.float64)
    return values[numbers]


def _build_return_share(
    snapshot: Snapshot, until: int, numbers: npt.NDArray[np.int64], orders: Floats, few: BitMap | None
) -> Floats:
    """Days with a return for each day with a purchase."""
    sql = f"""
        SELECT ix, count(DISTINCT day_no) AS told FROM (
            SELECT customer_ix AS ix, day_no FROM {limit("returns", few)} WHERE day_no < ?
            UNION ALL
            SELECT customer_ix, day_no FROM {limit("facts", few)} WHERE quantity < 0 AND counts AND day_no < ?
        ) WHERE ix IS NOT NULL GROUP BY 1
    """
    returned = np.nan_to_num(_spread(snapshot, Query(sql, (until, until), few), numbers))
    share: Floats = returned / orders
    return share


def _build_lines(
    snapshot: Snapshot, until: int, numbers: npt.NDArray[np.int64], few: BitMap | None
) -> dict[str, Column]:
    """The part of prices taken off, how many product lines, and the one bought on most days."""
    standing = find_standing_orders(snapshot, date.fromordinal(until))
    bought = f"""
        FROM {limit("facts", few)}
        WHERE {build_bought_sql(standing)} AND customer_ix IS NOT NULL AND day_no < ?
    """
    discounts = f"""
        SELECT customer_ix AS ix,
            sum(coalesce(discount, 0))::DOUBLE / nullif(sum(amount)::DOUBLE, 0) AS told {bought} GROUP BY 1
    """
    days = f"""
        SELECT customer_ix AS ix, product_line AS line, count(DISTINCT day_no) AS days {bought}
        AND product_line <> 0 GROUP BY 1, 2
    """
    # Of lines bought on as many days the one that is listed first.
    main = f"""
        SELECT f.ix, f.lines, f.line FROM (
            SELECT ix, count(*) AS lines, arg_max(line, days * {_MOST_LINES} - line) AS line FROM ({days}) GROUP BY 1
        ) f
    """
    rows = snapshot.run_columns(Query(main, (until,), few))
    names = np.array([""], dtype=np.str_)
    listed = snapshot.run_columns(Query("SELECT id, name FROM product_lines ORDER BY id"))
    if len(listed["id"]):
        names = np.full(int(listed["id"].max()) + 1, "", dtype=object)
        names[listed["id"].astype(np.int64)] = listed["name"]
        names = names.astype(np.str_)
    places, lines = np.zeros(snapshot.numbers, dtype=np.int64), np.full(snapshot.numbers, np.nan)
    owners = rows["ix"].astype(np.int64)
    places[owners], lines[owners] = rows["line"], rows["lines"]
    return {
        "discount_share": _spread(snapshot, Query(discounts, (until,), few), numbers),
        "lines": lines[numbers],
        "main_line": names[places[numbers]],
    }


def build_all_order_columns(
    snapshot: Snapshot, as_of: date, horizon_days: int, numbers: npt.NDArray[np.int64]
) -> tuple[tuple[Feature, ...], dict[str, Column]]:
    """The features of orders, of how customers were served, and the business's own fields, with their columns."""
    columns = build_order_columns(snapshot, as_of, horizon_days, numbers)
    few = choose_few(snapshot, numbers)
    served = {name: values[numbers] for name, values in build_service_columns(snapshot, as_of, few).items()}
    features, own = build_field_columns(snapshot, numbers)
    service = tuple(feature for feature in SERVICE_FEATURES if feature.name in served)
    return (*FEATURES, *service, *features), columns | served | own
