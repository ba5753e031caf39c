"""The demo as a whole: what the figures measure is what is true of it."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from vafa.data.business.queries import get_business, list_named_periods
from vafa.data.costs.queries import list_margins
from vafa.data.customers.models import Customer
from vafa.data.intake.queries import list_imports
from vafa.data.staff.queries import find_staff, forget_owner
from vafa.front.demo.costs import INDEX_SOURCE, MARGINS
from vafa.front.demo.making import SEED, make_demo
from vafa.front.demo.rates import BRANCHES, PLANS, TASTES
from vafa.front.demo.staff import read_sign_ins
from vafa.front.demo.truth import DemoTruth
from vafa.front.demo.voice import draw_answers, draw_tickets
from vafa.kit.home import get_home
from vafa.lab.rates import build_proportion
from vafa.lab.service import naive_median_hours
from vafa.lab.voice import naive_nps
from vafa.measure.metrics.queries import Options, get_metric
from vafa.warehouse.queries import open_snapshot

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def said() -> list[str]:
    return []


@pytest.fixture(scope="module", autouse=True)
def truth(django_db_setup, django_db_blocker, tmp_path_factory, said) -> Iterator[DemoTruth]:
    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        patch.setenv("VAFA_HOME", str(tmp_path_factory.mktemp("demo")))
        yield make_demo(say=said.append, now=NOW, customers=1_200)
        transaction.set_rollback(True)
        forget_owner()


def measure(truth: DemoTruth, rule: str, by: str | None = None):
    months = truth.get_last_months(12)
    table = get_metric(
        "churn_rate",
        start=date.fromordinal(months[0].start),
        end=date.fromordinal(months[-1].end),
        every="month",
        calendar="jalali",
        by=by,
        rule=rule,
    )
    found: dict[str | None, tuple[int, int]] = {}
    for row in table.rows:
        start, lost = found.get(row.group, (0, 0))
        found[row.group] = (start + row.counts.start, lost + row.counts.lost)
    return found


def test_every_month_shows_exactly_who_left(truth):
    months = truth.story.whole_months
    table = get_metric(
        "churn_rate",
        start=date.fromordinal(months[0].start),
        end=date.fromordinal(months[-1].end),
        every="month",
        calendar="jalali",
        rule=truth.shop_rule,
    )
    measured = [(row.counts.start, row.counts.lost) for row in table.rows]
    true = [truth.count_shop([month]) for month in months]
    assert measured == [(rate.start, rate.lost) for rate in true]
    assert sum(lost for _start, lost in measured) > 100


def test_churn_by_location_and_taste_is_the_true_one(truth):
    months = truth.get_last_months(12)
    for dimension, names, field in (
        ("customer_location", [branch.name for branch in BRANCHES], "location"),
        ("custom:ذائقه", [taste.name for taste in TASTES], "taste"),
    ):
        measured = measure(truth, truth.shop_rule, dimension)
        for name in names:
            true = truth.count_shop(months, **{field: name})
            assert measured[name] == (true.start, true.lost), name


def test_churn_by_plan_is_the_true_one(truth):
    months = truth.get_last_months(12)
    measured = measure(truth, truth.club_rule, "plan")
    for plan in PLANS:
        true = truth.count_club(months, plan=plan.name)
        assert measured[plan.name] == (true.start, true.lost), plan.name


def test_the_stated_rates_lie_in_the_measured_interval(truth):
    months = truth.get_last_months(12)
    for rule, true in (
        (truth.shop_rule, truth.count_shop(months)),
        (truth.club_rule, truth.count_club(months)),
    ):
        start, lost = measure(truth, rule)[None]
        rate = build_proportion(lost, start, confidence=0.99)
        assert rate is not None
        assert rate.low < true.expected_share < rate.high


def test_the_business_is_set_up_and_says_that_it_is_a_demo(truth):
    business = get_business()
    assert (business.is_demo, business.is_set_up, business.country) == (True, True, "IR")
    assert (business.calendar, business.week_start, business.currency) == ("jalali", "sat", "IRT")
    assert business.activity_rule == truth.shop_rule
    assert [period.name for period in list_named_periods()] == ["فروش شب یلدا", "فروش نوروزی"]
    assert all(period.end_on <= truth.data_until for period in list_named_periods())


def test_figures_reach_to_the_end_of_yesterday(truth):
    freshness = open_snapshot().freshness()
    assert freshness.data_until == date(2026, 11, 22) == truth.data_until


def test_everything_came_by_import_and_rejects_are_there_to_be_seen(truth):
    imports = {row.file_name: row for row in list_imports()}
    assert {row.source_name for row in imports.values()} == {"shop", "club", INDEX_SOURCE}
    assert all(row.state == "done" for row in imports.values())
    assert imports["shop-orders.csv"].counts["rejected"] == 4
    assert imports["shop-customers.csv"].counts["rejected"] == 2
    assert imports["shop-surveys.csv"].counts["rejected"] == 1
    assert not any(
        imports[name].counts["rejected"]
        for name in (
            "shop-returns.csv",
            "shop-contacts.csv",
            "shop-tickets.csv",
            "club-members.csv",
            "club-subscriptions.csv",
        )
    )


def test_what_customers_say_is_what_they_said(truth):
    people = list(truth.people)
    tickets = draw_tickets(truth.story, people, SEED)
    answers = draw_answers(truth.story, people, tickets, SEED)
    whole = {"start": date.fromordinal(truth.story.start), "end": truth.data_until}
    scores = [answer.score for answer in answers if answer.question == "NPS" and answer.score is not None]
    (row,) = get_metric("nps", **whole).rows
    assert row.value == pytest.approx(naive_nps(scores))
    assert row.n == len(scores) > 100
    (row,) = get_metric("response_rate", **whole).rows
    assert row.details["invited"] == len(answers)
    assert row.details["answered"] == sum(answer.score is not None for answer in answers)
    (row,) = get_metric("resolution_time", **whole).rows
    times = [(ticket.opened * 60, ticket.solved * 60) for ticket in tickets if ticket.solved is not None]
    assert row.value == pytest.approx(naive_median_hours(times))
    (row,) = get_metric("first_response_time", **whole).rows
    impossible = sum(ticket.answered is not None and ticket.answered < ticket.opened for ticket in tickets)
    assert row.details["impossible"] == impossible > 0
    (row,) = get_metric("ces", **whole).rows
    assert [(scale["low"], scale["high"]) for scale in row.details["scales"]] == [(1, 7)]


def test_members_of_the_club_are_the_shops_customers(truth):
    assert Customer.objects.count() == len(truth.people)


def test_tags_came_apart():
    tags = [tuple(tags) for tags in Customer.objects.values_list("tags", flat=True)]
    assert ("ویژه", "خرید برای دفتر") in tags
    assert tags.count(("ویژه",)) > 50


def test_staff_of_each_role_can_sign_in_and_the_agent_has_customers(truth):
    sign_ins = read_sign_ins(get_home())
    assert [sign_in.role for sign_in in sign_ins] == ["owner", "manager", "agent", "analyst"]
    for sign_in in sign_ins:
        staff = find_staff(sign_in.email)
        assert staff is not None
        assert staff.role == sign_in.role
        assert staff.check_password(sign_in.password)
    agent = find_staff("agent@example.com")
    own = Customer.objects.filter(owner=agent).count()
    assert 0.05 < own / len(truth.people) < 0.12
    assert len(open_snapshot().visible_to(agent.pk)) == own


def test_making_it_again_changes_nothing(truth, said):
    before, passwords = list_imports(), read_sign_ins(get_home())
    said.clear()
    again = make_demo(say=said.append, now=NOW + timedelta(days=9))
    assert again.data_until == truth.data_until
    assert again.people == truth.people
    assert (said, list_imports(), read_sign_ins(get_home())) == ([], before, passwords)


def test_cut_off_before_the_end_it_goes_on(truth):
    path = get_home() / "demo.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"done": False}))
    before = Customer.objects.count(), len(list_imports())
    make_demo(say=lambda _text: None, now=NOW + timedelta(days=1))
    assert (Customer.objects.count(), len(list_imports())) == before
    assert json.loads(path.read_text())["done"] is True


def test_in_real_terms_the_shops_prices_never_rose(truth):
    """Prices and index rise alike, so a real order is worth in the first year what it is worth in the last."""
    months = truth.story.whole_months
    start, end = date.fromordinal(months[6].start), date.fromordinal(months[-1].end)

    def list_years(options: Options) -> list[float]:
        table = get_metric(
            "average_order_value", start=start, end=end, every="year", calendar="jalali", rule=truth.shop_rule,
            options=options,
        )  # fmt: skip
        return [row.value for row in table.rows if row.complete and row.value is not None]

    nominal, real = list_years(Options()), list_years(Options(real=True))
    assert nominal[-1] > 1.25 * nominal[0]
    assert real[-1] == pytest.approx(real[0], rel=0.1)


def test_a_customer_brings_more_than_winning_one_costs(truth):
    for name in ("historical_clv", "cac", "clv_to_cac", "payback_months"):
        row = get_metric(name, rule=truth.shop_rule).rows[0]
        assert row.value is not None, (name, row.reason)
        assert row.value > 0
    assert [row.share for row in list_margins()] == [share for _place, share in reversed(MARGINS)]
