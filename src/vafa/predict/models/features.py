"""What is known of customers before a day, and what became of them: the same for training and for every later day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from vafa.lab.sets import list_members
from vafa.predict.models.contract_features import TENURE_ODDS, build_contract_table
from vafa.predict.models.contract_members import find_contract_stayers, list_contract_numbers
from vafa.predict.models.order_features import PURCHASE_ODDS, build_all_order_columns, list_buyers
from vafa.predict.models.own_fields import build_field_columns
from vafa.predict.models.types import FeatureTable, Kind, Question
from vafa.warehouse.queries import Snapshot

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class KindOfBusiness:
    """What differs between customers who order and those who are bound by contracts.

    `base` names the column that holds the base model's own log-odds of leaving; `recency` the days that anybody would
    look at first, of which more mean a greater risk (`recency_sign` 1) or a smaller one (-1).
    """

    base: str
    recency: str
    recency_sign: int
    list_numbers: Callable[[Snapshot, date], npt.NDArray[np.int64]]
    build_table: Callable[..., FeatureTable]
    find_stayers: Callable[[Snapshot, date, Question], npt.NDArray[np.int64]]


def _build_orders(
    snapshot: Snapshot, as_of: date, question: Question, numbers: npt.NDArray[np.int64]
) -> FeatureTable:
    features, columns = build_all_order_columns(snapshot, as_of, question.horizon_days, numbers)
    return FeatureTable(as_of, snapshot.list_ids(numbers), columns, features)


def _find_buyers(snapshot: Snapshot, as_of: date, question: Question) -> npt.NDArray[np.int64]:
    """The numbers of who ordered within the horizon."""
    end = as_of + timedelta(days=question.horizon_days)
    return list_members(snapshot.buyers(as_of, end)).astype(np.int64)


def _build_contracts(
    snapshot: Snapshot, as_of: date, question: Question, numbers: npt.NDArray[np.int64]
) -> FeatureTable:
    table = build_contract_table(snapshot, as_of, question, numbers)
    features, columns = build_field_columns(snapshot, numbers)
    return FeatureTable(as_of, table.customer_ids, {**table.columns, **columns}, (*table.features, *features))


KINDS: dict[Kind, KindOfBusiness] = {
    "orders": KindOfBusiness(PURCHASE_ODDS, "recency_days", 1, list_buyers, _build_orders, _find_buyers),
    "contracts": KindOfBusiness(
        TENURE_ODDS, "tenure_days", -1, list_contract_numbers, _build_contracts, find_contract_stayers
    ),
}


def build_features(
    snapshot: Snapshot, as_of: date, question: Question, numbers: npt.NDArray[np.int64] | None = None
) -> FeatureTable:
    """What is known, from facts of earlier days only, of all whom the question is about or of these (by number), by
    ascending id."""
    own = KINDS[question.kind]
    chosen = own.list_numbers(snapshot, as_of) if numbers is None else numbers
    ordered = chosen[np.argsort(snapshot.list_ids(chosen), kind="stable")] if len(chosen) else chosen
    return own.build_table(snapshot, as_of, question, ordered)


def build_labels(snapshot: Snapshot, as_of: date, question: Question, ids: npt.ArrayLike) -> Bools:
    """Who of these left: no order, or no contract any more, within the horizon from the day on."""
    stayed = KINDS[question.kind].find_stayers(snapshot, as_of, question)
    told: Bools = ~np.isin(snapshot.list_numbers(np.asarray(ids, dtype=np.int64)), stayed)
    return told
