"""What customers are expected to order and bring: by the purchase model and their spend, or by how long they stay."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from vafa.data.costs.queries import get_margin_table
from vafa.lab.errors import LabelsAllAlike, PurchasesUnfit, SpendUnfit
from vafa.lab.purchase_models import PurchaseModel
from vafa.lab.spend_model import MOST_CORRELATED, correlate, fit_spend_model, shrink_means
from vafa.lab.worth import MONTH_DAYS, build_worth
from vafa.measure.segments.queries import Resolver, get_revenue
from vafa.predict.models.contract_features import build_contract_table
from vafa.predict.models.contract_hazard import build_stays, find_expected_days, get_tenure_hazard
from vafa.predict.models.contract_members import find_contract_rule, list_contract_numbers
from vafa.predict.models.order_features import fit_purchases, list_buyers, summarise_purchases
from vafa.predict.models.settings import get_settings
from vafa.predict.models.types import Question
from vafa.warehouse.queries import Snapshot

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_YEAR = timedelta(days=365)
_MOST_DAYS = 1095
_HALVINGS = 12


@dataclass(frozen=True)
class Values:
    """Of each customer (ids ascending), in the business's currency; NaN where unknown. Worths are gross margin where
    margins have been told, else revenue (`is_margin`); `last_year` is the revenue of the last 365 days, or of
    twelve months of the contract."""

    customer_ids: Ints
    next_order_days: Floats
    expected_orders: Floats
    value_12m: Floats
    value_36m: Floats
    last_year: Floats
    is_margin: bool


def build_values(snapshot: Snapshot, question: Question, as_of: date) -> Values | None:
    """What is expected from a day on, by facts before it; None where no model can be fitted."""
    share = get_margin_table().find_share(as_of.toordinal())
    margin = 1.0 if share is None else float(share)
    try:
        build = _build_of_orders if question.kind == "orders" else _build_of_contracts
        return build(snapshot, question, as_of, margin, share is not None)
    except (PurchasesUnfit, LabelsAllAlike):
        return None


def is_by_margin(as_of: date) -> bool:
    """Whether worths are gross margin; else they are revenue."""
    return get_margin_table().find_share(as_of.toordinal()) is not None


def _build_of_orders(
    snapshot: Snapshot, question: Question, as_of: date, margin: float, is_margin: bool
) -> Values:
    numbers = list_buyers(snapshot, as_of)
    ids = snapshot.list_ids(numbers)
    order = np.argsort(ids, kind="stable")
    ids, numbers = ids[order], numbers[order]
    model = fit_purchases(snapshot, as_of)
    x, t, age = (values[numbers] for values in summarise_purchases(snapshot, as_of))
    revenue = get_revenue(Resolver(snapshot), as_of)[numbers]
    size = build_sizes(revenue, x + 1) * margin

    rate = get_settings().monthly_rate

    def expect(days: float) -> Floats:
        return model.expected_orders(x, t, age, days)

    return Values(
        ids,
        find_next_days(model, x, t, age),
        expect(question.horizon_days),
        build_worth(expect, size, 12, rate),
        build_worth(expect, size, 36, rate),
        revenue - get_revenue(Resolver(snapshot), as_of - _YEAR)[numbers],
        is_margin,
    )


def build_sizes(revenue: Floats, orders: Floats) -> Floats:
    """What an order of each will bring: by the Gamma-Gamma model, or, where who orders more often also spends more or
    less an order, the own mean drawn towards everybody's."""
    means = revenue / orders
    paid = means > 0
    told = np.full(len(means), np.nan)
    related = correlate(orders[paid], means[paid])
    if related is not None and abs(related) <= MOST_CORRELATED:
        try:
            model = fit_spend_model(orders[paid], means[paid])
        except SpendUnfit:
            model = None
        if model is not None and model.average is not None:
            told[paid] = model.expected_means(orders[paid], means[paid])
            told[~paid] = model.average
            return told
    return shrink_means(orders, np.maximum(means, 0.0))


def find_next_days(model: PurchaseModel, x: Floats, t: Floats, age: Floats) -> Floats:
    """Within how many days the next order is more likely than not; NaN where it isn't within three years."""
    low, high = np.zeros(len(x)), np.full(len(x), float(_MOST_DAYS))
    never = model.no_order_chances(x, t, age, high) > 0.5
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        quiet = model.no_order_chances(x, t, age, middle) > 0.5
        low, high = np.where(quiet, middle, low), np.where(quiet, high, middle)
    return np.where(never, np.nan, np.ceil(high))


def _build_of_contracts(
    snapshot: Snapshot, question: Question, as_of: date, margin: float, is_margin: bool
) -> Values:
    """By the own price a month and how long contracts like it last; a price in a currency without a rate is unknown."""
    rule = find_contract_rule(snapshot)
    numbers = list_contract_numbers(snapshot, as_of)
    numbers = numbers[np.argsort(snapshot.list_ids(numbers), kind="stable")]
    table = build_contract_table(snapshot, as_of, question, numbers)
    hazard, stays = get_tenure_hazard(snapshot, as_of, rule), build_stays(snapshot, as_of, rule, numbers)
    price = np.asarray(table.columns["monthly_price"], dtype=np.float64)

    rate = get_settings().monthly_rate

    def expect(days: float) -> Floats:
        return find_expected_days(hazard, stays, round(days)) / MONTH_DAYS

    unknown = np.full(len(price), np.nan)
    return Values(
        table.customer_ids,
        unknown,
        unknown,
        build_worth(expect, price * margin, 12, rate),
        build_worth(expect, price * margin, 36, rate),
        price * 12,
        is_margin,
    )
