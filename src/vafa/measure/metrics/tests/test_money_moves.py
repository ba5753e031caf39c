"""Who makes the difference between two sums of money: customer by customer what the figure says of each alone."""

from datetime import date
from fractions import Fraction

import pytest
from pyroaring import BitMap

from vafa.lab.periods import Period
from vafa.measure.metrics.queries import MoneyMoves, MoneySide, get_metric, list_money_moves
from vafa.measure.metrics.tests.ledger import Ledger
from vafa.warehouse.queries import Snapshot

pytestmark = pytest.mark.django_db
MARCH, APRIL = Period(date(2024, 3, 1), date(2024, 4, 1)), Period(date(2024, 4, 1), date(2024, 5, 1))


def naive_changes(metric: str, snapshot: Snapshot, customers: list[int]) -> dict[int, Fraction]:
    """The figure of each customer alone, before and after."""
    changes = {}
    for customer in customers:
        only = snapshot.ix_set([customer])
        before, after = (
            get_metric(
                metric, start=period.start, end=period.end, visible=only, snapshot=snapshot
            ).rows[0].value or 0
            for period in (MARCH, APRIL)
        )  # fmt: skip
        if after != before:
            changes[customer] = Fraction(str(after)) - Fraction(str(before))
    return changes


def ask(metric: str, snapshot: Snapshot, visible: BitMap | None = None, most: int = 10) -> MoneyMoves:
    first, second = (MoneySide(period, snapshot, visible=visible) for period in (MARCH, APRIL))
    found = list_money_moves(metric, first, second, most)
    assert found is not None
    assert sum((row.change for row in found.rows), found.others) == found.total
    return found


def test_the_changes_of_revenue_are_those_of_each_customer_alone(ledger: Ledger) -> None:
    people = [ledger.add_customer(f"c{n}") for n in range(5)]
    for n, customer in enumerate(people):
        ledger.add_order(customer, date(2024, 3, 5 + n), 10 * (n + 1))
        if n != 2:
            ledger.add_order(customer, date(2024, 4, 5), 100 - 7 * n)
    ledger.add_order(people[0], date(2024, 4, 6), 3)
    ledger.add_order(None, date(2024, 4, 7), 20)
    snapshot = ledger.publish(date(2024, 5, 1))
    whole = ask("revenue", snapshot)
    assert {row.customer: row.change for row in whole.rows} == naive_changes("revenue", snapshot, people)
    assert whole.others_count == 0
    assert whole.others == 20
    sizes = [abs(row.change) for row in whole.rows]
    assert sizes == sorted(sizes, reverse=True)
    values = [
        get_metric("revenue", start=period.start, end=period.end, snapshot=snapshot).rows[0].value or 0
        for period in (MARCH, APRIL)
    ]
    assert float(whole.total) == values[1] - values[0]
    few = ask("average_order_value", snapshot, most=2)
    assert few.rows == whole.rows[:2]
    assert few.others_count == 3
    # Sales without a customer are nobody's own.
    own = ask("revenue", snapshot, visible=snapshot.ix_set(people[:1]))
    assert [row.customer for row in own.rows] == people[:1]
    assert own.others == 0
    assert list_money_moves("crr", MoneySide(MARCH, snapshot), MoneySide(APRIL, snapshot)) is None
