"""A snapshot of one group tells of that group what the whole tells of it, and of two crossed what the rows say."""

from datetime import date

import pytest

from vafa.kit.errors import AskedWrongly
from vafa.measure.metrics.queries import get_metric, list_metric_names
from vafa.measure.metrics.tests.ledger import Ledger
from vafa.warehouse.errors import DimensionUnknown
from vafa.warehouse.queries import open_snapshot
from vafa.warehouse.types import Group

MAR, APR = date(2024, 3, 1), date(2024, 4, 1)
RULE = "purchase:30d"


@pytest.fixture
def shop(db, tmp_path, monkeypatch):
    """Three customers in two places, of two lines; o'clock is a place with a quote in its name."""
    monkeypatch.setenv("VAFA_HOME", str(tmp_path))
    ledger = Ledger()
    ids = [ledger.add_customer(joined_on=date(2023, 1, 1)) for _who in range(3)]
    orders = [
        (0, date(2024, 2, 10), "o'clock", "tea"),
        (0, date(2024, 3, 5), "o'clock", "cup"),
        (0, date(2024, 3, 6), "Tehran", "tea"),
        (1, date(2024, 2, 20), "o'clock", "tea"),
        (2, date(2024, 3, 7), "o'clock", "cup"),
        (2, date(2024, 3, 9), "Tehran", "tea"),
    ]
    for who, day, place, line in orders:
        ledger.add_order(ids[who], day, 10, location=place, line=line)
    ledger.publish(date(2024, 4, 30))
    return ids


@pytest.mark.parametrize("place", ["o'clock", "Tehran", ""])
def test_a_narrowed_snapshot_tells_what_the_group_tells(shop, place):
    whole = open_snapshot()
    inside = whole.within(Group("location", place))
    for name in list_metric_names():
        narrowed = get_metric(name, snapshot=inside, start=MAR, end=APR, rule=RULE).rows[0]
        try:
            rows = get_metric(name, by="location", snapshot=whole, start=MAR, end=APR, rule=RULE).rows
        except AskedWrongly:  # a metric that knows no places has nothing to be compared
            continue
        for row in rows:
            if row.group == place:
                assert (row.value, row.reason, row.counts) == (
                    narrowed.value,
                    narrowed.reason,
                    narrowed.counts,
                ), name


def test_two_fields_crossed(shop):
    inside = open_snapshot().within(Group("location", "o'clock"))
    rows = get_metric("crr", start=MAR, end=APR, rule=RULE, by="product_line", snapshot=inside).rows
    counts = {row.group: row.counts for row in rows}
    assert (counts["tea"].start, counts["tea"].kept, counts["cup"].start, counts["cup"].new) == (2, 0, 0, 2)


def test_answers_and_tickets_of_one_value(db, tmp_path, monkeypatch):
    monkeypatch.setenv("VAFA_HOME", str(tmp_path))
    ledger = Ledger()
    for survey, channel, score in (("it's", "sms", 10), ("it's", "mail", 0), ("other", "sms", 0)):
        ledger.add_answer(None, MAR, score, survey=survey, channel=channel)
    ledger.publish(date(2024, 4, 30), "surveys")
    inside = open_snapshot().within(Group("survey", "it's"))
    rows = get_metric("nps", start=MAR, end=APR, by="answer_channel", snapshot=inside).rows
    assert {row.group: row.value for row in rows} == {"sms": 1.0, "mail": -1.0}


def test_a_field_of_customers_narrows_nothing(shop):
    with pytest.raises(DimensionUnknown):
        open_snapshot().within(Group("customer_location", "Tehran"))
