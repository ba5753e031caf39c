"""Segments by what is predicted: from the day of the prediction on, and news only where the customer changed."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vafa.data.business.actions import change_business
from vafa.data.business.queries import get_style
from vafa.kit.errors import VafaError
from vafa.measure.metrics.tests.ledger import Ledger
from vafa.measure.segments.actions import create_segment, rebuild_due, rebuild_segments
from vafa.measure.segments.coding import read_definition, write_definition
from vafa.measure.segments.models import Change
from vafa.measure.segments.queries import (
    Names,
    Resolver,
    build_chosen,
    describe_definition,
    find_problems,
    get_metric_by_segment,
    get_segment_members,
    list_segments,
)
from vafa.measure.segments.types import (
    RISK_BANDS,
    Condition,
    Definition,
    FieldCondition,
    Group,
    MeasureCondition,
    PredictionUnknown,
)
from vafa.warehouse.actions import publish_column, withdraw_column
from vafa.warehouse.queries import Snapshot

DAY = date(2024, 5, 1)
NOW = datetime(2024, 5, 1, 9, tzinfo=UTC)
HIGH = FieldCondition("risk_band", "is", ("high",))


@pytest.fixture
def snapshot(ledger: Ledger) -> Snapshot:
    """Four customers who bought within the last month."""
    change_business(
        by=None, now=NOW, activity_rule="purchase:60d", is_set_up=True, name="Shop", currency="EUR"
    )
    for place in range(4):
        ledger.add_order(ledger.add_customer(f"c{place}"), DAY - timedelta(days=5 + place))
    return ledger.publish(DAY - timedelta(days=1))


def publish(snapshot: Snapshot, bands: list[int], made_by: str = "a", as_of: date = DAY) -> list[int]:
    ids = [int(pk) for pk in snapshot.ids(snapshot.everyone())]
    publish_column("risk_band", ids[: len(bands)], bands, as_of, made_by=made_by)
    return ids


def find(snapshot: Snapshot, condition: Condition, as_of: date = DAY) -> list[int]:
    members = Resolver(snapshot).evaluate(Definition(Group("all", (condition,))), as_of)
    return snapshot.ids(members).tolist()


def test_bands_and_numbers_choose_whom_they_say(snapshot):
    ids = publish(snapshot, [0, 1, 2])
    publish_column("risk", ids[:3], [0.1, 0.3, 0.825], DAY)
    publish_column("value_at_risk", ids[:2], [120.5, 80], DAY)
    publish_column("next_order_days", ids[1:], [3, 14, 60], DAY)
    assert find(snapshot, HIGH) == [ids[2]]
    assert find(snapshot, FieldCondition("risk_band", "is", ("low", "raised"))) == ids[:2]
    assert find(snapshot, FieldCondition("risk_band", "is_not", ("high",))) == [ids[0], ids[1], ids[3]]
    assert find(snapshot, FieldCondition("risk_band", "unknown")) == [ids[3]]
    assert find(snapshot, FieldCondition("risk_band", "known")) == ids[:3]
    assert find(snapshot, MeasureCondition("risk", "at_least", Decimal(30))) == ids[1:3]
    assert find(snapshot, MeasureCondition("risk", "at_most", Decimal("82.4"))) == ids[:2]
    assert find(snapshot, MeasureCondition("value_at_risk", "more_than", Decimal(100))) == [ids[0]]
    assert find(snapshot, MeasureCondition("next_order_days", "at_most", Decimal(14))) == ids[1:3]
    publish(snapshot, [2, 2, 0])
    assert find(snapshot, HIGH) == ids[:2]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.one_of(st.none(), st.integers(0, 100)), min_size=4, max_size=4),
    st.sampled_from(["at_least", "at_most", "more_than", "less_than"]),
    st.integers(0, 100),
)
def test_chances_compare_as_percentages_do(snapshot, percents, op, border):
    ids = snapshot.ids(snapshot.everyone()).tolist()
    told = [(pk, percent) for pk, percent in zip(ids, percents, strict=True) if percent is not None]
    publish_column("risk", [pk for pk, _percent in told], [percent / 100 for _pk, percent in told], DAY)
    fits = {
        "at_least": lambda value: value >= border,
        "at_most": lambda value: value <= border,
        "more_than": lambda value: value > border,
        "less_than": lambda value: value < border,
    }[op]
    expected = [pk for pk, percent in told if fits(percent)]
    assert find(snapshot, MeasureCondition("risk", op, Decimal(border))) == expected


def test_nobody_is_a_member_on_a_day_on_which_nothing_was_predicted(snapshot):
    for refused in (HIGH, FieldCondition("risk_band", "known"), MeasureCondition("risk", "top", Decimal(5))):
        with pytest.raises(PredictionUnknown, match="at present"):
            find(snapshot, refused)
    publish(snapshot, [2])
    with pytest.raises(PredictionUnknown, match="no day before"):
        find(snapshot, HIGH, DAY - timedelta(days=1))
    assert len(find(snapshot, HIGH, DAY + timedelta(days=3))) == 1


def save(*conditions: Condition) -> str:
    return create_segment("At risk", definition=Definition(Group("all", conditions)), by=None, now=NOW).slug


def test_a_segment_follows_the_newest_predictions_and_tells_news_of_customers_alone(snapshot):
    ids = publish(snapshot, [0, 0, 2])
    slug = save(HIGH)
    rebuild_due(NOW)
    assert snapshot.ids(get_segment_members(slug, snapshot)).tolist() == [ids[2]]
    assert rebuild_due(NOW) == []
    publish(snapshot, [2, 0, 2])
    (built,) = rebuild_due(NOW)
    assert (built.count, built.entered) == (2, 1)
    publish(snapshot, [2, 2, 2], made_by="b")
    rebuild_due(NOW)
    assert list(Change.objects.order_by("pk").values_list("live", flat=True)) == [False, True, False]
    withdraw_column("risk_band")
    (failed,) = rebuild_due(NOW)
    assert failed.error
    (saved,) = [one for one in list_segments() if one.slug == slug]
    assert (saved.count, saved.error) == (3, failed.error)


def test_figures_of_the_past_refuse_such_a_segment_and_tell_the_others(snapshot):
    publish(snapshot, [2, 2, 0])
    slug = save(HIGH)
    other = create_segment(
        "All", definition=Definition(Group("none", (FieldCondition("tag", "known"),))), by=None, now=NOW
    ).slug
    rebuild_segments(now=NOW)
    chosen = build_chosen(slug, snapshot)
    assert len(chosen(DAY)) == 2
    with pytest.raises(VafaError):
        chosen(date(2024, 4, 1))
    asked = {"snapshot": snapshot, "start": date(2024, 4, 1), "end": DAY}
    table = get_metric_by_segment("customers_end", **asked)
    names = {row.group for row in table.rows}
    assert "All" in names
    assert "At risk" not in names
    assert other


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        (FieldCondition("risk_band", "contains", ("high",)), "op_not_for_field"),
        (FieldCondition("risk_band", "is", ("huge",)), "band_unknown"),
        (FieldCondition("risk_band", "is", ()), "value_missing"),
        (MeasureCondition("risk", "at_least"), "number_missing"),
    ],
)
def test_what_cannot_be_meant_is_named(condition, code):
    assert [problem.code for problem in find_problems(Group("all", (condition,)))] == [code]


def test_definitions_travel_and_read_as_sentences(db):
    conditions = (
        FieldCondition("risk_band", "is", RISK_BANDS),
        MeasureCondition("risk", "between", Decimal(20), Decimal(50)),
        MeasureCondition("next_order_days", "at_most", Decimal(7)),
    )
    definition = Definition(Group("all", conditions))
    assert read_definition(write_definition(definition)) == definition
    sentence = describe_definition(definition, get_style("en"), Names())
    assert "20" in sentence
    assert "%" in sentence
    assert "High" in sentence
