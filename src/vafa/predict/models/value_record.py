"""What was expected of customers at a past day, beside what came: the record of the values."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from vafa.lab.calendars import CalendarName
from vafa.lab.errors import PurchasesUnfit
from vafa.lab.worth import Decile, list_tenths
from vafa.measure.segments.queries import Resolver, get_revenue
from vafa.predict.models.asking import find_span
from vafa.predict.models.order_features import fit_purchases, list_buyers, summarise_purchases
from vafa.predict.models.rules import list_tested
from vafa.predict.models.types import Question
from vafa.predict.models.values import build_sizes
from vafa.warehouse.queries import Snapshot

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ValueRecord:
    """As of a day, of the days until another: by what was expected, orders and revenue (in the business's currency) of
    tenths of the customers, those of whom the most revenue was expected first."""

    at: date
    until: date
    orders: tuple[Decile, ...]
    revenue: tuple[Decile, ...]


def try_values(
    snapshot: Snapshot, question: Question, calendar: CalendarName, among: Ints | None = None
) -> ValueRecord | None:
    """The record of the newest day that has a whole horizon behind it, of these customers (by number) alone where
    given; the model is that of everybody. None for contracts, and where nothing can be tested."""
    span = find_span(snapshot, question)
    if question.kind != "orders" or span is None:
        return None
    tested = list_tested(span[1], span[0], question.horizon_days, calendar)
    if not tested:
        return None
    at = tested[-1]
    until = at + timedelta(days=question.horizon_days)
    resolver = Resolver(snapshot)
    # What revenue follows from beside the facts.
    money = (
        resolver.business.currency,
        tuple(sorted(resolver.business.revenue_parts.items())),
        resolver.rates.key,
    )
    told = snapshot.cached(("value_record", at, until, money), lambda: _look_back(snapshot, at, until))
    if told is None:
        return None
    numbers, orders, revenue, happened, came = told
    own = np.ones(len(numbers), dtype=np.bool_) if among is None else np.isin(numbers, among)
    # One order of customers for both, so that a row tells of the same people.
    places = np.flatnonzero(own)
    groups = [places[part] for part in list_tenths(revenue[own])]
    return ValueRecord(
        at,
        until,
        tuple(Decile(len(g), float(orders[g].sum()), float(happened[g].sum())) for g in groups),
        tuple(Decile(len(g), float(revenue[g].sum()), float(came[g].sum())) for g in groups),
    )


def _look_back(
    snapshot: Snapshot, at: date, until: date
) -> tuple[Ints, Floats, Floats, Floats, Floats] | None:
    """By customer (their numbers): orders and revenue expected of the days, and what came; None without a model."""
    numbers = list_buyers(snapshot, at)
    try:
        model = fit_purchases(snapshot, at)
    except PurchasesUnfit:
        return None
    x, t, age = (values[numbers] for values in summarise_purchases(snapshot, at))
    before = get_revenue(Resolver(snapshot), at)[numbers]
    orders = model.expected_orders(x, t, age, (until - at).days)
    revenue = orders * build_sizes(before, x + 1)
    happened = snapshot.count_purchase_days(at, until)[numbers].astype(np.float64)
    came = get_revenue(Resolver(snapshot), until)[numbers] - before
    return numbers, orders, revenue, happened, came
