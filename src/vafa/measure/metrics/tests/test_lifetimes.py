"""How long customers stay: any history agrees with the slow twins, telco with what is published."""

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.calendars import CALENDARS, CalendarName
from vafa.lab.early import add_span, measure_span, naive_early_churn
from vafa.lab.growth import naive_ceiling
from vafa.lab.sets import naive_active, naive_lapsed, naive_movement
from vafa.lab.spells import Spell, build_purchase_spells, build_subscription_spells
from vafa.lab.survival import naive_greenwood, naive_median_lifetime, naive_survival
from vafa.lab.tenure import MONTH_TICKS, naive_add_months, naive_age, naive_tenure
from vafa.measure.metrics.queries import Options, get_metric
from vafa.measure.metrics.tests.ledger import Ledger, day
from vafa.measure.metrics.tests.test_twins import (
    LAST,
    in_one_transaction,
    joined,
    open_ledger,
    purchases,
    spans,
    subscriptions,
)
from vafa.measure.metrics.types import MetricRow

pytestmark = pytest.mark.django_db

TELCO = Path(__file__).parents[5].parent / "shared" / "data" / "telco_ibm" / "Telco-Customer-Churn.csv"

Spells = dict[int, list[Spell]]


class Slowly:
    """Every figure of a period from the spells, customer by customer."""

    def __init__(
        self, spells: Spells, joined_on: dict[int, date], until: date, calendar: CalendarName
    ) -> None:
        self.spells = {who: own for who, own in spells.items() if own}
        self.joined = {who: on.toordinal() for who, on in joined_on.items()}
        self.until = until.toordinal()
        self.calendar = calendar

    def first_start(self, who: int) -> int:
        start = self.spells[who][0].start
        return min(start, self.joined.get(who, start))

    def lives(self, boundary: int, *, in_days: bool) -> list[tuple[int, bool]]:
        """(age, ended) of each first spell that began before a boundary, as known there."""
        found = []
        for who, own in self.spells.items():
            if own[0].start < boundary:
                start, seen = self.first_start(who), min(own[0].end, boundary)
                age = seen - start if in_days else naive_age(start, seen, self.calendar)
                found.append((age, own[0].end <= boundary))
        return found

    def check(self, start: date, end: date, rule: str, months: int, periods: int) -> None:
        """Hold every metric of the period against its slow twin."""
        options = Options(survival_months=months, first_periods=periods)

        def ask(name: str) -> MetricRow:
            table = get_metric(name, start=start, end=end, rule=rule, options=options, calendar=self.calendar)
            return table.rows[0]

        row = ask("survival_rate")
        if row.reason in ("after_the_data", "before_the_data"):
            return
        first, last = start.toordinal(), min(end.toordinal(), self.until)
        self.check_survival(row, ask("median_lifetime"), last, months)
        self.check_tenure(ask("active_share_by_tenure"), last, months)
        self.check_early(ask("early_churn_rate"), start, end, last, periods)
        self.check_growth(ask("quick_ratio"), ask("growth_ceiling"), ask("win_back_rate"), first, last)

    def check_survival(self, row: MetricRow, median: MetricRow, last: int, months: int) -> None:
        lives = self.lives(last, in_days=False)
        share = naive_survival(lives, months * MONTH_TICKS)
        assert row.value == (None if share is None else pytest.approx(float(share)))
        bounds = naive_greenwood(lives, months * MONTH_TICKS)
        assert (row.low, row.high) == ((None, None) if bounds is None else pytest.approx(bounds))
        assert row.details.get("customers", 0) == len(lives)
        assert median.value == naive_median_lifetime(self.lives(last, in_days=True))
        if lives and share is None:
            assert row.reason == "nobody_seen_so_long"

    def check_tenure(self, row: MetricRow, last: int, months: int) -> None:
        active = naive_active(self.spells, last)
        table = naive_tenure(
            {
                who: (self.first_start(who), who in active)
                for who, own in self.spells.items()
                if own[0].start < last
            },
            last,
            self.calendar,
        )
        told = {
            point["month"]: (point["customers"], point["active"])
            for point in row.details["curve"]
            if point["customers"]
        }
        assert told == table
        there, still = table.get(months, (0, 0))
        assert row.value == (still / there if there else None)

    def check_early(self, row: MetricRow, start: date, end: date, last: int, periods: int) -> None:
        moved = naive_movement(self.spells, self.joined, start.toordinal(), last)
        newcomers = sorted(moved["new"] | moved["joined_and_left"])
        span = measure_span(start.toordinal(), end.toordinal(), self.calendar).times(periods)
        starts = [self.spells[who][0].start for who in newcomers]
        due = (
            [naive_add_months(one, span.months, self.calendar) for one in starts]
            if span.months
            else add_span(starts, span, self.calendar).tolist()
        )
        firsts = [tuple(self.spells[who][0]) for who in newcomers]
        count, mature, left = naive_early_churn(firsts, due, self.until)  # type: ignore[arg-type]
        assert (row.details["newcomers"], row.n, row.details["left"]) == (count, mature, left)
        if row.reason is None:
            assert row.value == left / mature

    def check_growth(
        self, ratio: MetricRow, ceiling: MetricRow, back: MetricRow, first: int, last: int
    ) -> None:
        moved = {
            name: len(own) for name, own in naive_movement(self.spells, self.joined, first, last).items()
        }
        come = moved["new"] + moved["reactivated"]
        assert ratio.value == (come / moved["lost"] if moved["lost"] else None)
        slow = naive_ceiling(moved["new"], moved["start"], moved["lost"])
        assert ceiling.value == (None if slow is None else pytest.approx(slow, rel=1e-6))
        lapsed, returned = naive_lapsed(self.spells, first, last)
        assert back.value == (len(returned) / len(lapsed) if lapsed else None)
        assert (back.details["lapsed"], back.details["won_back"]) == (len(lapsed), len(returned))


calendars = st.sampled_from(CALENDARS)
months = st.integers(1, 5)
counts = st.integers(1, 3)


@in_one_transaction
@given(
    purchases, joined, st.integers(1, 60), st.lists(spans, min_size=1, max_size=3), calendars, months, counts
)
def test_purchases(bought, joined_on, window, periods, calendar, after, first_periods):
    with open_ledger() as ledger:
        ids = [ledger.add_customer(joined_on=joined_on.get(who)) for who in range(6)]
        ledger.add_orders([(ids[who], on) for who, on in bought])
        until = ledger.publish().freshness(kinds=("orders",)).data_until
        assert until is not None
        days: dict[int, set[int]] = {}
        for who, on in bought:
            days.setdefault(who, set()).add(on.toordinal())
        spells = {who: build_purchase_spells(sorted(own), window) for who, own in days.items()}
        slowly = Slowly(spells, joined_on, until, calendar)
        for period in periods:
            slowly.check(period.start, period.end, f"purchase:{window}d", after, first_periods)


@in_one_transaction
@given(subscriptions, st.integers(0, 20), st.lists(spans, min_size=1, max_size=3), calendars, months, counts)
def test_subscriptions(told, grace, periods, calendar, after, first_periods):
    with open_ledger() as ledger:
        ids = [ledger.add_customer() for _who in range(6)]
        own: dict[int, list[tuple[int, int | None]]] = {}
        for who, started, length in told:
            ended = None if length is None else started + timedelta(days=length)
            ledger.add_subscription(ids[who], started, ended)
            own.setdefault(who, []).append(
                (started.toordinal(), None if ended is None else ended.toordinal())
            )
        ledger.publish(LAST, kind="subscriptions")
        spells = {who: build_subscription_spells(rows, grace) for who, rows in own.items()}
        rule = f"subscription+{grace}d" if grace else "subscription"
        slowly = Slowly(spells, {}, LAST + timedelta(days=1), calendar)
        for period in periods:
            slowly.check(period.start, period.end, rule, after, first_periods)


def test_a_window_longer_than_the_first_periods_tells_nothing(ledger: Ledger) -> None:
    who = ledger.add_customer()
    ledger.add_order(who, day("2024-01-10"))
    ledger.publish(day("2024-12-31"))
    asked: dict[str, Any] = {"start": day("2024-01-01"), "end": day("2024-02-01"), "rule": "purchase:90d"}
    row = get_metric("early_churn_rate", **asked).rows[0]
    assert (row.value, row.reason, row.n) == (None, "rule_outlasts_first_periods", 1)
    row = get_metric("early_churn_rate", **asked, options=Options(first_periods=2)).rows[0]
    assert (row.value, row.reason) == (None, "rule_outlasts_first_periods")
    # The third month is over on 10 April, and so is the spell: its last boundary is 9 April.
    row = get_metric("early_churn_rate", **asked, options=Options(first_periods=3)).rows[0]
    assert (row.value, row.reason, row.n) == (1.0, None, 1)


def test_who_came_too_lately_is_told_and_stays_out(ledger: Ledger) -> None:
    early, late, gone = (ledger.add_customer() for _ in range(3))
    ledger.add_subscription(early, day("2024-05-02"))
    ledger.add_subscription(gone, day("2024-05-03"), day("2024-06-03"))
    ledger.add_subscription(late, day("2024-05-25"))
    ledger.publish(day("2024-06-10"), kind="subscriptions")
    row = get_metric("early_churn_rate", start=day("2024-05-01"), end=day("2024-06-01")).rows[0]
    assert (row.value, row.n) == (0.5, 2)
    assert row.details == {"newcomers": 3, "too_new": 1, "left": 1}


def test_half_have_not_left_yet(ledger: Ledger) -> None:
    for ended in (day("2024-02-01"), None, None):
        ledger.add_subscription(ledger.add_customer(), day("2024-01-01"), ended)
    ledger.publish(day("2024-06-30"), kind="subscriptions")
    row = get_metric("median_lifetime").rows[0]
    assert (row.value, row.reason, row.n) == (None, "more_than_half_still_there", 3)


@pytest.mark.slow
def test_telco_as_published(ledger: Ledger) -> None:
    """Each began `tenure` months before 2020 and, where churned, ended that day."""
    if not TELCO.exists():
        pytest.skip(f"the telco data is not at {TELCO}")
    with TELCO.open() as file:
        rows = list(csv.DictReader(file))
    last = day("2020-01-01")
    ledger.add_members(
        [
            (
                date.fromordinal(naive_add_months(last.toordinal(), -int(row["tenure"]), "gregorian")),
                last if row["Churn"] == "Yes" else None,
                {"location": row["Contract"]},
            )
            for row in rows
        ]
    )
    ledger.publish(last, kind="subscriptions")
    asked: dict[str, Any] = {"start": day("2019-12-01"), "end": last}
    for months, share in {12: 0.8432, 24: 0.7887, 36: 0.7485, 60: 0.6644, 72: 0.5928}.items():
        row = get_metric("survival_rate", **asked, options=Options(survival_months=months)).rows[0]
        assert row.value == pytest.approx(share, abs=5e-5)
    # Bounds by lifelines 0.30.3.
    twelve = get_metric("survival_rate", **asked).rows[0]
    assert (twelve.low, twelve.high) == pytest.approx((0.834169, 0.851783), abs=5e-7)
    assert get_metric("median_lifetime", **asked).rows[0].reason == "more_than_half_still_there"
    by_contract = {row.group: row for row in get_metric("median_lifetime", **asked, by="location").rows}
    # 35 months of those who pay by the month, from 1 February 2017.
    assert by_contract["Month-to-month"].value == (last - day("2017-02-01")).days
