"""Reasons in words: the strongest that raise the risk, with the customer's own numbers, none of unsure sign."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from vafa.front.risk.reasons import _WRITERS, list_reasons, name_group
from vafa.front.risk.staying import list_staying
from vafa.kit.locale.style import build_default_style
from vafa.predict.models.order_features import FEATURES as ORDER_FEATURES
from vafa.predict.models.service_features import FEATURES as SERVICE_FEATURES
from vafa.predict.models.training import tell_group
from vafa.predict.models.types import FeatureTable, Question, Scores, Verdict

GROUPS = ("rhythm", "orders", "silence", "returns")
STYLE = build_default_style("en")


def build(columns, contributions, stable=(True,) * 4):
    ids = np.array([7], np.int64)
    table = FeatureTable(
        date(2026, 3, 1), ids, {name: np.array([value]) for name, value in columns.items()}, ()
    )
    return Scores(
        question=Question("orders", 90),
        as_of=table.as_of,
        model_id=1,
        verdict=Verdict("percent"),
        customer_ids=ids,
        chances=np.array([0.7]),
        bands=np.array([2], np.int8),
        groups=GROUPS,
        contributions=np.array([contributions]),
        stable=stable,
        facts=table,
    )


KNOWN = {
    "recency_days": 48.0, "rhythm_days": 21.0, "orders_recent": 1.0, "orders_trend": -3.0, "contact_days": np.nan,
    "return_share": 0.25,
}  # fmt: skip


def tell(scores):
    return [reason.text for reason in list_reasons(scores, 0, STYLE)]


def test_the_strongest_come_first_with_the_customers_own_numbers():
    assert tell(build(KNOWN, [0.4, 0.9, 0.2, 0.3])) == [
        "purchase days in the last 90 days: 1; in the 90 days before: 4",
        "usually buys every 21 days; 48 days since the last",
        "returns: 25% of the purchase days",
    ]


def test_what_lowers_the_risk_or_changes_its_sign_is_no_reason():
    assert tell(build(KNOWN, [-0.4, 0.01, 0.2, 0.3])) == [
        "returns: 25% of the purchase days",
        "nobody was ever in touch",
    ]
    assert tell(build(KNOWN, [0.4, 0.9, 0.2, 0.3], stable=(False, False, True, False))) == [
        "nobody was ever in touch"
    ]
    # What isn't known is not told of.
    assert tell(build({"recency_days": 48.0}, [0.4, 0.9, 0.2, 0.3])) == ["48 days since the only purchase"]
    assert tell(replace(build(KNOWN, [1.0] * 4), groups=(), contributions=np.empty((1, 0)), stable=())) == []


def stay(scores):
    return [reason.text for reason in list_staying(scores, 0, STYLE)]


def test_what_speaks_for_staying_is_said_from_the_other_side():
    faithful = KNOWN | {
        "recency_days": 9.0,
        "orders_trend": 2.0,
        "orders_recent": 5.0,
        "contact_days": 12.0,
        "return_share": 0.0,
    }
    assert stay(build(faithful, [-0.4, -0.9, -0.2, -0.3])) == [
        "purchase days in the last 90 days: 5; in the 90 days before: 3",
        "usually buys every 21 days; only 9 days since the last",
        "no returns so far",
    ]
    # What pushes up, is hardly felt or of unsure sign says nothing, nor do facts that read like a reason to leave.
    assert stay(build(faithful, [0.4, -0.01, -0.2, 0.3])) == ["we were in touch 12 days ago"]
    assert stay(build(faithful, [-0.4] * 4, stable=(False,) * 4)) == []
    assert stay(build(KNOWN, [-0.4, -0.9, -0.2, -0.3])) == []


@pytest.mark.parametrize("feature", [*ORDER_FEATURES, *SERVICE_FEATURES], ids=lambda feature: feature.name)
def test_every_group_that_a_model_may_use_can_be_told(feature):
    group = tell_group(feature)
    assert group in _WRITERS
    assert name_group(group) != group
