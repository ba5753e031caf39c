"""Any club's money agrees with the slow twins, which ask every customer on every day; telco with hand-made sums."""

import csv
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from vafa.data.business.actions import change_business
from vafa.data.business.models import CurrencyRate
from vafa.data.customers.models import Customer
from vafa.data.subscriptions.models import Subscription
from vafa.lab.mrr import MRR_UNIT, naive_mrr
from vafa.lab.renewals import NaiveTerm, naive_renewal_counts
from vafa.lab.revenue import NaiveSubscription, RevenueMovement, naive_revenue_movement
from vafa.lab.tenure import naive_add_months
from vafa.measure.metrics.queries import get_metric
from vafa.measure.metrics.tests.club import NOW, Club, ask, ask_all
from vafa.measure.metrics.tests.ledger import vafa
from vafa.measure.metrics.tests.test_twins import LAST, in_one_transaction, some_days

__all__ = ["vafa"]

TELCO = Path(__file__).parents[5].parent / "shared" / "data" / "telco_ibm" / "Telco-Customer-Churn.csv"
RATES = {"EUR": Fraction(1), "USD": Fraction(9, 10)}


@st.composite
def _rows(draw: st.DrawFn) -> dict[str, Any]:
    start = draw(some_days)
    length = draw(st.none() | st.integers(0, 90))
    row: dict[str, Any] = {
        "customer": f"c{draw(st.integers(0, 4))}",
        "plan": draw(st.sampled_from(["basic", "full"])),
        "amount": draw(st.sampled_from(["", 0, 12, "90.55", 1000])),
        "currency": draw(st.sampled_from(["EUR", "EUR", "USD", "GBP"])),
        "interval": draw(st.sampled_from(["", "month", "month", "3 months", "year", "2 weeks"])),
        "started_at": start,
        "ended_at": "" if length is None else start + timedelta(days=length),
    }
    if draw(st.booleans()):
        frozen = start + timedelta(days=draw(st.integers(-5, 60)))
        until = draw(st.none() | st.integers(0, 40))
        row |= {
            "frozen_from": frozen,
            "frozen_until": "" if until is None else frozen + timedelta(days=until),
        }
    if draw(st.booleans()):
        visit = start + timedelta(days=draw(st.integers(0, 60)))
        row |= {"sessions": 3, "sessions_used": draw(st.integers(2, 3)), "last_visit": visit}
    return row


MEMBERSHIPS = st.lists(_rows(), min_size=1, max_size=12)
JOINED = st.dictionaries(st.sampled_from(["c0", "c1", "c2"]), st.dates(date(2023, 12, 1), LAST), max_size=3)


def build_naive(row: Subscription) -> NaiveSubscription:
    """A row of the records as the twin takes it, its price told by the definition."""
    term = row.ended_on or row.until
    amount = None if row.amount is None else int(row.amount * 10_000)
    mrr = naive_mrr(amount, row.interval, row.started_on.toordinal(), term.toordinal() if term else None)
    return NaiveSubscription(
        row.started_on.toordinal(),
        row.until.toordinal() if row.until else None,
        None if mrr is None else int(mrr / MRR_UNIT),
        ("EUR", "USD", "GBP").index(row.currency),
        row.frozen_from.toordinal() if row.frozen_from else None,
        row.frozen_until.toordinal() if row.frozen_until else None,
    )


def list_people(only: str | None = None) -> list[tuple[int | None, list[NaiveSubscription]]]:
    """(day of joining, subscriptions) of every customer; of one plan alone, nobody joined before its first."""
    rows = [row for row in Subscription.objects.all() if only in (None, row.plan)]
    return [
        (
            who.joined_on.toordinal() if who.joined_on and only is None else None,
            [build_naive(row) for row in rows if row.customer_id == who.pk],
        )
        for who in Customer.objects.all()
    ]


def check_money(slow: RevenueMovement, ask_value: Callable[[str], Any]) -> None:
    """Every metric of a movement, from the twin's sums."""
    ups = {"new": slow.new, "expansion": slow.expansion, "reactivated": slow.reactivated}
    downs = {"contraction": slow.contraction, "churned": slow.churned}
    assert slow.start + sum(ups.values()) - sum(downs.values()) == slow.end
    unknown = not (slow.start or slow.end)
    for name, units in (ups | downs).items():
        value = ask_value(f"mrr_{name}")
        assert value == (None if unknown and value is None else float(units * MRR_UNIT))
    lost = slow.contraction + slow.churned
    rates = {
        "gross_revenue_churn": lost,
        "net_revenue_churn": lost - slow.expansion,
        "grr": slow.start - lost,
        "nrr": slow.start - lost + slow.expansion,
    }
    for name, units in rates.items():
        assert ask_value(name) == (units / slow.start if slow.start else None)


@pytest.mark.django_db
@in_one_transaction
@given(MEMBERSHIPS, JOINED, some_days, st.integers(1, 100), st.sampled_from([0, 7]))
def test_any_club_as_its_twin(
    rows: list[Mapping[str, Any]], joined: dict[str, date], start: date, length: int, grace: int
) -> None:
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder, transaction.atomic():
        patch.setenv("VAFA_HOME", folder)
        club = Club(Path(folder))
        change_business(currency="EUR", by=None, now=NOW)
        CurrencyRate.objects.create(currency="USD", rate=Decimal("0.9"), valid_from=date(2020, 1, 1))
        if joined:
            club.bring([{"customer": key, "joined_at": day} for key, day in joined.items()], "customers")
        club.bring([{"subscription": f"s{n}", **row} for n, row in enumerate(rows)], through=LAST)
        end = min(start + timedelta(days=length), LAST + timedelta(days=1))
        if start < end and min(row["started_at"] for row in rows) < end:
            check_club(start, end, grace)
        transaction.set_rollback(True)


def check_club(start: date, end: date, grace: int) -> None:
    """The figures of a period against the twins: in all, and by plan."""
    days = start.toordinal(), end.toordinal()
    factors = {0: RATES["EUR"], 1: RATES["USD"]}
    asked = {"rule": f"subscription+{grace}d" if grace else "subscription"}
    plans = sorted(set(Subscription.objects.values_list("plan", flat=True)))
    for plan in [None, *(plans if len(plans) > 1 else [])] if grace == 0 else []:
        slow = naive_revenue_movement(list_people(plan), *days, (factors, factors))
        split = {} if plan is None else {"by": "plan"}

        def tell(name: str, plan: str | None = plan, split: dict[str, str] = split) -> Any:
            return ask_all(name, start.isoformat(), end.isoformat(), **asked, **split)[plan].value

        check_money(slow, tell)
        whole = float(slow.end * MRR_UNIT)
        assert tell("mrr") in ((whole,) if slow.start or slow.end else (whole, None))
    own = [
        [
            NaiveTerm(
                ("basic", "full").index(row.plan),
                row.started_on.toordinal(),
                row.until.toordinal() if row.until else None,
            )
            for row in Subscription.objects.filter(customer=who).order_by("pk")
        ]
        for who in Customer.objects.all()
    ]
    counts = naive_renewal_counts(own, *days, grace, LAST.toordinal() + 1)
    due = ask("renewal_rate", start.isoformat(), end.isoformat(), **asked)
    assert due.details == {"due": counts.due, "renewed": counts.renewed, "grace_not_over": counts.unsettled}
    assert due.value == (counts.renewed / counts.due if counts.due else None)
    ended = ask("cancellation_rate", start.isoformat(), end.isoformat(), **asked)
    assert ended.details == {
        "running": counts.running,
        "cancelled": counts.cancelled,
        "undecided": counts.undecided,
    }


# Telco: each began `tenure` months before 2020 and ended that day where churned.


@pytest.fixture
def telco(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, vafa: Any) -> list[dict[str, str]]:
    """The customers, brought in by the command from a file as a telecom would write it."""
    if not TELCO.exists():
        pytest.skip(f"the telco data is not at {TELCO}")
    monkeypatch.setenv("VAFA_HOME", str(tmp_path))
    last = date(2020, 1, 1)
    with TELCO.open() as file:
        rows = list(csv.DictReader(file))
    path = tmp_path / "telco.csv"
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["customerID", "Contract", "MonthlyCharges", "Start date", "End date"])
        for row in rows:
            start = date.fromordinal(naive_add_months(last.toordinal(), -int(row["tenure"]), "gregorian"))
            end = last if row["Churn"] == "Yes" else ""
            writer.writerow([row["customerID"], row["Contract"], row["MonthlyCharges"], start, end])
    status, told = vafa("import", "subscriptions", str(path), "--complete-through", "2020-01-31", "--json")
    assert (status, told["new"], told["rejected"]) == (0, 7_043, 0)
    return rows


def charge(rows: list[dict[str, str]], churned: bool | None = None, least_tenure: int = 0) -> Decimal:
    """What these pay a month."""
    return sum(
        (
            Decimal(row["MonthlyCharges"])
            for row in rows
            if int(row["tenure"]) >= least_tenure and churned in (None, row["Churn"] == "Yes")
        ),
        Decimal(0),
    )


@pytest.mark.slow
def test_telco_as_subscriptions(telco: list[dict[str, str]]) -> None:
    assert (charge(telco), charge(telco, churned=True)) == (Decimal("456116.60"), Decimal("139130.85"))
    last_day = ("2019-12-31", "2020-01-01")
    # Those of tenure 0 begin on the day on which the others end: they aren't there before it.
    there = charge(telco, least_tenure=1)
    churned = charge(telco, churned=True, least_tenure=1)
    assert churned == Decimal("139130.85")
    row = ask("gross_revenue_churn", *last_day)
    assert row.value == pytest.approx(float(churned / there), abs=1e-12)
    assert row.details["start_money"] == float(there)
    assert (row.n, row.details["churned_customers"]) == (7_032, 1_869)
    assert ask("mrr_churned", *last_day).value == 139_130.85
    assert ask("mrr", "2019-12-30", "2019-12-31").value == float(there)
    after = ask("mrr", "2020-01-01", "2020-02-01")
    assert after.value == float(charge(telco, churned=False))
    assert ask("arr", "2020-01-01", "2020-02-01").value == pytest.approx(12 * after.value)
    # December knows those who were there when it began: of tenure 2 and more.
    december = ask("gross_revenue_churn", "2019-12-01", "2020-01-01")
    older = charge(telco, churned=True, least_tenure=2) / charge(telco, least_tenure=2)
    assert december.value == pytest.approx(float(older), abs=1e-12)
    assert ask("nrr", "2019-12-01", "2020-01-01").value == pytest.approx(float(1 - older), abs=1e-12)


@pytest.mark.slow
def test_telco_by_contract_and_its_renewals(telco: list[dict[str, str]]) -> None:
    rows = ask_all("mrr_churned", "2019-12-31", "2020-01-01", by="plan")
    for contract, row in rows.items():
        of_it = [one for one in telco if one["Contract"] == contract]
        assert row.value == float(charge(of_it, churned=True, least_tenure=1))
    # An end is told of nobody but those who left, on New Year's Day: all due then, none renewed.
    assert ask("renewal_rate", "2019-12-01", "2020-01-01").reason == "nothing_due"
    january = ask("renewal_rate", "2020-01-01", "2020-02-01")
    assert (january.value, january.n) == (0, 1_869)
    cancelled = ask("cancellation_rate", "2019-12-31", "2020-01-01")
    assert cancelled.value == pytest.approx(1_869 / 7_032)
    for name in ("mrr", "nrr", "cancellation_rate"):
        assert get_metric(name).rows
