"""Any history on the boundaries: figures, lists of names and slow twins agree, and the identities hold."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from tempfile import TemporaryDirectory

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vafa.lab.histograms import naive_median
from vafa.lab.periods import Period
from vafa.lab.purchases import naive_gap_histogram, naive_purchase_habits
from vafa.lab.sets import naive_movement
from vafa.lab.spells import Spell, build_purchase_spells, build_subscription_spells
from vafa.measure.metrics.queries import get_metric, list_names
from vafa.measure.metrics.tests.ledger import Ledger
from vafa.measure.metrics.types import SetName

FIRST = date(2024, 1, 1)
LAST = date(2024, 6, 30)
SETS: tuple[SetName, ...] = ("start", "end", "new", "kept", "lost", "reactivated", "joined_and_left")

# Days near the boundaries of months are where mistakes hide.
EDGES = [FIRST + timedelta(days=n) for n in range(182) if (FIRST + timedelta(days=n)).day in (1, 2, 30, 31)]
some_days = st.one_of(st.sampled_from(EDGES), st.dates(FIRST, LAST))
purchases = st.lists(st.tuples(st.integers(0, 5), some_days), min_size=1, max_size=30)
subscriptions = st.lists(
    st.tuples(st.integers(0, 5), some_days, st.one_of(st.none(), st.integers(0, 90))), min_size=1, max_size=12
)
lines = st.lists(
    st.tuples(st.integers(0, 5), some_days, st.integers(0, 2), st.sampled_from([0, 5, 7]), st.booleans()),
    min_size=1,
    max_size=20,
)
joined = st.dictionaries(st.integers(0, 5), st.dates(date(2023, 12, 1), LAST), max_size=3)
rules = st.integers(1, 60)
spans = st.tuples(some_days, st.integers(1, 100)).map(
    lambda span: Period(span[0], span[0] + timedelta(days=span[1]))
)


def check_movement(
    spells: dict[int, list[Spell]],
    joined_on: dict[int, date],
    ids: list[int],
    period: Period,
    rule: str,
    until: date,
) -> None:
    """Compare a period's figures and names with the slow twin, told for the very same days."""
    row = get_metric("crr", start=period.start, end=period.end, rule=rule).rows[0]
    if period.start >= until:
        assert row.counts is None
        assert row.reason == "after_the_data"
        return
    if row.reason == "before_the_data":
        return
    end = min(period.end, until)
    firsts = {who: day.toordinal() for who, day in joined_on.items()}
    slow = naive_movement(spells, firsts, period.start.toordinal(), end.toordinal())
    counts = row.counts
    assert counts is not None
    assert counts.kept + counts.lost == counts.start
    assert counts.kept + counts.new + counts.reactivated == counts.end
    for name in SETS:
        names = list_names(name, period, rule=rule)
        assert sorted(names) == sorted(ids[who] for who in slow[name])
        assert getattr(counts, name) == len(names)
    assert row.value == (len(slow["kept"]) / len(slow["start"]) if slow["start"] else None)
    assert row.complete == (period.end <= until and not row.first_seen)


@contextmanager
def open_ledger() -> Iterator[Ledger]:
    """Records and a warehouse for one example, gone after it."""
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder, transaction.atomic():
        patch.setenv("VAFA_HOME", folder)
        yield Ledger()
        transaction.set_rollback(True)


def check_habits(bought: list[tuple[int, date]], period: Period, until: date) -> None:
    """Compare a period's habits with the slow twin."""
    facts = [(who, day.toordinal()) for who, day in bought]
    slow = naive_purchase_habits(facts, period.start.toordinal(), min(period.end, until).toordinal())
    repeat = get_metric("repeat_purchase_rate", start=period.start, end=period.end).rows[0]
    gap = get_metric("mean_days_between_purchases", start=period.start, end=period.end).rows[0]
    if repeat.reason in ("after_the_data", "before_the_data"):
        assert not slow.buyers
        return
    assert repeat.value == (slow.repeat_buyers / slow.buyers if slow.buyers else None)
    assert gap.value == (slow.gap_days / slow.gaps if slow.gaps else None)
    median = get_metric("median_days_between_purchases", start=period.start, end=period.end).rows[0]
    inside = [
        fact for fact in facts if period.start.toordinal() <= fact[1] < min(period.end, until).toordinal()
    ]
    gaps = naive_gap_histogram(inside)
    assert median.details.get("gaps", {}) == gaps
    assert median.value == naive_median([length for length, count in gaps.items() for _ in range(count)])


# Each example publishes a warehouse, which is slow: a tenth of the usual number of them.
in_one_transaction = settings(
    max_examples=settings().max_examples // 10, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
# Where an example moreover asks for nearly every figure: fewer still.
asking_for_all = settings(in_one_transaction, max_examples=settings().max_examples // 15)


@pytest.mark.django_db
@in_one_transaction
@given(purchases, joined, rules, st.lists(spans, min_size=1, max_size=5))
def test_purchases(bought, joined_on, window, periods):
    with open_ledger() as ledger:
        ids = [ledger.add_customer(joined_on=joined_on.get(who)) for who in range(6)]
        ledger.add_orders([(ids[who], day) for who, day in bought])
        until = ledger.publish().freshness(kinds=("orders",)).data_until
        assert until == max(day for _who, day in bought) + timedelta(days=1)
        days: dict[int, set[int]] = {}
        for who, day in bought:
            days.setdefault(who, set()).add(day.toordinal())
        spells = {who: build_purchase_spells(sorted(own), window) for who, own in days.items()}
        for period in periods:
            check_movement(spells, joined_on, ids, period, f"purchase:{window}d", until)
            check_habits(bought, period, until)


def naive_value(lines: list[tuple[int, date, int, int, bool]], period: Period, until: date) -> float | None:
    """The mean value of the period's orders, order by order."""
    values = []
    for order in {line[0] for line in lines}:
        own = [line for line in lines if line[0] == order and line[4]]
        days = [day for _order, day, quantity, amount, _counts in own if quantity > 0 and amount > 0]
        if days and period.start <= min(days) < min(period.end, until):
            values.append(sum(line[3] for line in own))
    return sum(values) / len(values) if values else None


@pytest.mark.django_db
@in_one_transaction
@given(lines, st.lists(spans, min_size=1, max_size=5))
def test_order_values(told, periods):
    with open_ledger() as ledger:
        who = ledger.add_customer()
        for order, day, quantity, amount, counts in told:
            owner = None if order == 0 else who
            ledger.add_order(owner, day, amount, quantity=quantity, order=f"x{order}", counts=counts)
        ledger.publish(LAST)
        for period in periods:
            row = get_metric("average_order_value", start=period.start, end=period.end).rows[0]
            slow = naive_value(told, period, LAST + timedelta(days=1))
            assert row.value == (None if slow is None else pytest.approx(slow))


@pytest.mark.django_db
@in_one_transaction
@given(subscriptions, st.integers(0, 20), st.lists(spans, min_size=1, max_size=5))
def test_subscriptions(told, grace, periods):
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
        for period in periods:
            check_movement(spells, {}, ids, period, rule, LAST + timedelta(days=1))
