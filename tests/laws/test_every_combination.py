"""Every metric, period, calendar, rule and group of one hand-made business, asked in every way."""

from itertools import product

import pytest

from tests.laws.asking import (
    CALENDARS,
    DIMENSIONS,
    EVERY,
    ORDER_METRICS,
    RULES,
    check_adds_up,
    check_cohorts,
    check_metric,
    check_reasons,
    is_splittable,
)
from tests.laws.twin import COUNTS, METRICS, Twin, is_of_customer
from tests.laws.worlds import fill, open_shop, settle_money

pytestmark = pytest.mark.django_db  # so that the test database is made


@pytest.fixture(scope="module")
def twin(django_db_setup, django_db_blocker, tmp_path_factory):
    """The twin of a business that nothing here changes, while its figures are open."""
    with django_db_blocker.unblock(), open_shop(tmp_path_factory.mktemp("home")) as shop:
        settle_money(shop)
        fill(shop)
        shop.follow()
        yield Twin()


@pytest.mark.parametrize("rule", RULES)
def test_the_identities_hold_and_door_names_and_twin_agree(twin, rule):
    for number, calendar in enumerate(CALENDARS):
        for place, by in enumerate(DIMENSIONS):
            check_metric(twin, "crr", rule, EVERY[2 + (number + place) % 4], calendar, by)


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES)
def test_the_identities_hold_in_each_combination_of_all(twin, rule):
    for calendar, every, by in product(CALENDARS, EVERY[1:], DIMENSIONS):
        check_metric(twin, "crr", rule, every, calendar, by)


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_is_what_its_definition_says(twin, metric):
    rules = RULES if metric not in ORDER_METRICS else RULES[-1:]
    for number, rule in enumerate(rules):
        calendar = CALENDARS[number % 3]
        for by in DIMENSIONS:
            by_command = by in (None, DIMENSIONS[1 + number])
            check_metric(twin, metric, rule, "month", calendar, by, names=False, by_command=by_command)
    for denominator in ("average", "ever") if metric == "churn_rate" else ():
        check_metric(
            twin, metric, "purchase:30d", "month", "jalali", denominator=denominator, by_command=True
        )


@pytest.mark.parametrize("every", EVERY)
def test_days_weeks_and_all_longer_periods_are_cut_where_the_calendar_cuts_them(twin, every):
    for calendar in CALENDARS:
        for week_start in ("sat", "sun", "mon") if every == "week" else ("mon",):
            check_metric(
                twin, "customers_lost", "purchase:30d", every, calendar, week_start=week_start, names=False
            )


@pytest.mark.parametrize("rule", RULES)
def test_groups_of_a_customers_own_field_add_up_to_the_whole(twin, rule):
    for metric in COUNTS:
        whole = check_metric(twin, metric, rule, "month", "jalali", names=False)
        for by in ("customer_location", "custom:tier"):
            parts = check_metric(twin, metric, rule, "month", "jalali", by, names=False)
            check_adds_up(whole, parts)


def test_orders_were_really_cancelled_by_amount_and_by_quantity(twin):
    assert {order for _source, order in twin.cancelled} == {"o1-4", "o2-1"}


def test_every_dimension_was_really_split(twin):
    for by in DIMENSIONS[1:]:
        rules = [rule for rule in RULES if is_splittable(twin, "crr", rule, by)]
        assert rules if is_of_customer(by) else len(rules) in (2, 3), by


@pytest.mark.parametrize("every", EVERY[1:])
def test_cohorts(twin, every):
    for calendar in CALENDARS:
        for count in ("all", "purchases"):
            check_cohorts(twin, every, calendar, count)


@pytest.mark.parametrize("rule", RULES)
def test_the_reasons_given_for_a_customer_are_those_of_the_figures(twin, rule):
    until = twin.naive_end("orders" if rule.startswith("purchase") else "subscriptions")
    for customer in list(twin.customers)[:5]:
        for day in (*range(until - 40, until + 2, 7), until):
            check_reasons(twin, rule, customer, day)
