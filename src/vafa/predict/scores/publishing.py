"""Publishing the current scores down, for everything that lists customers."""

from datetime import date

import numpy as np
import numpy.typing as npt

from vafa.predict.models.queries import Values
from vafa.predict.scores.keeping import read_whole
from vafa.predict.scores.models import Issue
from vafa.predict.scores.packing import Packed
from vafa.predict.scores.types import NO_BAND
from vafa.warehouse.actions import publish_columns, withdraw_column
from vafa.warehouse.queries import Snapshot

RISK, RISK_BAND = "risk", "risk_band"
NEXT_ORDER_DAYS, EXPECTED_ORDERS = "next_order_days", "expected_orders"
VALUE_12M, VALUE_36M, VALUE_AT_RISK = "value_12m", "value_36m", "value_at_risk"
VALUES = (NEXT_ORDER_DAYS, EXPECTED_ORDERS, VALUE_12M, VALUE_36M, VALUE_AT_RISK)


def publish(issue: Issue, values: Values | None = None) -> None:
    """Publish an issue's bands, and its chances where percentages may be told, of customers who were active: who is
    lost is not at risk any more. With what is expected of customers, where a model can tell that. All at once."""
    whole = read_whole(issue.pk)
    banded = whole.active & (whole.bands != NO_BAND)
    known = whole.active & ~np.isnan(whole.chances)
    columns: dict[str, tuple[npt.ArrayLike, npt.ArrayLike] | None] = dict.fromkeys(VALUES)
    columns[RISK_BAND] = whole.ids[banded], whole.bands[banded].astype(np.float32)
    columns[RISK] = (whole.ids[known], whole.chances[known]) if issue.verdict == "percent" else None
    if values is not None:
        columns |= _build_value_columns(issue, whole, values)
    publish_columns(columns, issue.as_of, made_by=issue.lineage)


def _build_value_columns(
    issue: Issue, whole: Packed, values: Values
) -> dict[str, tuple[npt.ArrayLike, npt.ArrayLike] | None]:
    """What is expected of customers; nothing of a column of which nothing is known."""
    columns = {
        NEXT_ORDER_DAYS: values.next_order_days,
        EXPECTED_ORDERS: values.expected_orders,
        VALUE_12M: values.value_12m,
        VALUE_36M: values.value_36m,
        VALUE_AT_RISK: _build_at_risk(issue, whole, values),
    }
    told: dict[str, tuple[npt.ArrayLike, npt.ArrayLike] | None] = {}
    for name, column in columns.items():
        known = np.isfinite(column)
        told[name] = (values.customer_ids[known], column[known].astype(np.float32)) if known.any() else None
    return told


def _build_at_risk(issue: Issue, whole: Packed, values: Values) -> npt.NDArray[np.float64]:
    """What a year with an active customer brings, times the chance that they leave; unknown where none may be told."""
    told = np.full(len(values.customer_ids), np.nan)
    if issue.verdict != "percent" or not len(whole.ids):
        return told
    places = np.minimum(np.searchsorted(whole.ids, values.customer_ids), len(whole.ids) - 1)
    shown = (whole.ids[places] == values.customer_ids) & whole.active[places]
    told[shown] = values.last_year[shown] * whole.chances[places][shown]
    return told


def withdraw() -> None:
    """Publish no risk any more, and nothing of what customers are expected to bring: nothing may be told."""
    for name in (RISK, RISK_BAND, *VALUES):
        withdraw_column(name)


def is_published(issue: Issue | None, snapshot: Snapshot) -> bool:
    """Whether what is published is what this issue says; the files may have been deleted."""
    bands: date | None = snapshot.published_as_of(RISK_BAND)
    chances: date | None = snapshot.published_as_of(RISK)
    if issue is None:
        return bands is None and chances is None
    return bands == issue.as_of and chances == (issue.as_of if issue.verdict == "percent" else None)
