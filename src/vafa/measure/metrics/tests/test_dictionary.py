"""The dictionary says of every metric what it is and whence it comes."""

import pytest
from django.utils import translation

from vafa.kit.errors import AskedWrongly
from vafa.measure.metrics.dictionary import get_entry, list_entries, list_metric_names

NAMES = (
    "customers_start customers_end customers_new customers_kept customers_lost customers_reactivated crr "
    "churn_rate net_change_rate growth_rate repeat_purchase_rate mean_days_between_purchases average_order_value "
    "quick_ratio growth_ceiling win_back_rate survival_rate median_lifetime active_share_by_tenure early_churn_rate "
    "median_days_between_purchases rfm_groups revenue purchase_frequency revenue_per_customer historical_clv cac "
    "clv_to_cac payback_months order_revenue_retention order_grr return_rate_units return_rate_orders nps csat ces "
    "response_rate first_response_time resolution_time days_since_last_contact"
)


def test_every_metric_has_a_whole_entry():
    names = list_metric_names()
    assert set(NAMES.split()) <= set(names)
    assert len(set(names)) == len(names)
    for entry in list_entries():
        assert all((entry.title, entry.meaning, entry.formula, entry.unit, entry.good, entry.source))
        assert entry.synonyms
        assert "=" in entry.formula


def test_titles_are_unlike_each_other():
    titles = [entry.title for entry in list_entries()]
    assert len(set(titles)) == len(titles)


def test_an_unknown_name_is_answered_with_the_list():
    with translation.override("en"), pytest.raises(AskedWrongly) as refused:
        get_entry("retention")
    assert refused.value.details["names"] == list_metric_names()
    assert "crr" in refused.value.remedy
