"""Publishing the current scores down, for everything that lists customers."""

from datetime import date

import numpy as np
import numpy.typing as npt

from vafa.predict.models.queries import Values
from vafa.predict.scores.keeping import read_whole
from vafa.predict.scores.models import Issue
from vafa.predict.scores.types import NO_BAND
from vafa.warehouse.actions import publish_column, withdraw_column
from vafa.warehouse.queries import Snapshot

RISK, RISK_BAND = "risk", "risk_band"
NEXT_ORDER_DAYS, EXPECTED_ORDERS = "next_order_days", "expected_orders"
VALUE_12M, VALUE_36M, VALUE_AT_RISK = "value_12m", "value_36m", "value_at_risk"
VALUES = (NEXT_ORDER_DAYS, EXPECTED_ORDERS, VALUE_12M, VALUE_36M, VALUE_AT_RISK)


def publish(issue: Issue) -> None:
    """Publish an issue's bands, and its chances where percentages may be told, of customers who were active: who is
    lost is not at risk any more."""
    whole = read_whole(issue.pk)
    banded = whole.active & (whole.bands != NO_BAND)
    publish_column(
        RISK_BAND,
        whole.ids[banded],
        whole.bands[banded].astype(np.float32),
        issue.as_of,
        made_by=issue.lineage,
    )
    if issue.verdict == "percent":
        known = whole.active & ~np.isnan(whole.chances)
        publish_column(RISK, whole.ids[known], whole.chances[known], issue.as_of, made_by=issue.lineage)
    else:
        withdraw_column(RISK)


def publish_values(issue: Issue, values: Values) -> None:
    """Publish what is expected of customers; a column of which nothing is known is taken away."""
    columns = {
        NEXT_ORDER_DAYS: values.next_order_days,
        EXPECTED_ORDERS: values.expected_orders,
        VALUE_12M: values.value_12m,
        VALUE_36M: values.value_36m,
        VALUE_AT_RISK: _build_at_risk(issue, values),
    }
    for name, told in columns.items():
        known = np.isfinite(told)
        if known.any():
            ids = values.customer_ids[known]
            publish_column(name, ids, told[known].astype(np.float32), issue.as_of, made_by=issue.lineage)
        else:
            withdraw_column(name)


def _build_at_risk(issue: Issue, values: Values) -> npt.NDArray[np.float64]:
    """What a year with an active customer brings, times the chance that they leave; unknown where none may be told."""
    whole = read_whole(issue.pk)
    told = np.full(len(values.customer_ids), np.nan)
    if issue.verdict != "percent" or not len(whole.ids):
        return told
    places = np.minimum(np.searchsorted(whole.ids, values.customer_ids), len(whole.ids) - 1)
    shown = (whole.ids[places] == values.customer_ids) & whole.active[places]
    told[shown] = values.last_year[shown] * whole.chances[places][shown]
    return told


def withdraw() -> None:
    """Publish no risk any more: nothing may be told."""
    withdraw_column(RISK)
    withdraw_column(RISK_BAND)
    withdraw_values()


def withdraw_values() -> None:
    """Publish nothing of what customers are expected to bring: no model can tell it."""
    for name in VALUES:
        withdraw_column(name)


def is_published(issue: Issue | None, snapshot: Snapshot) -> bool:
    """Whether what is published is what this issue says; the files may have been deleted."""
    bands: date | None = snapshot.published_as_of(RISK_BAND)
    chances: date | None = snapshot.published_as_of(RISK)
    if issue is None:
        return bands is None and chances is None
    return bands == issue.as_of and chances == (issue.as_of if issue.verdict == "percent" else None)
