"""Times of tickets and days since the last contact: whose, of which period, and what is told beside the median."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from vafa.measure.metrics.queries import get_metric
from vafa.measure.metrics.tests.ledger import Ledger
from vafa.measure.metrics.types import MetricRow

MAY: dict[str, Any] = {"start": date(2025, 5, 1), "end": date(2025, 6, 1)}
UNTIL = date(2025, 6, 30)
TENTH = datetime(2025, 5, 10, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def ask(ledger: Ledger, name: str, **asked: Any) -> MetricRow:
    """The row of May."""
    ledger.publish(UNTIL, "tickets")
    (row,) = get_metric(name, **(MAY | asked)).rows
    return row


def test_the_median_wait_of_those_answered_in_the_period(ledger):
    someone = ledger.add_customer()
    for hours in (1, 2, 30):
        ledger.add_ticket(someone, TENTH, TENTH + hours * HOUR)
    ledger.add_ticket(None, TENTH, TENTH + 5 * HOUR)
    ledger.add_ticket(someone, TENTH - 30 * 24 * HOUR, TENTH - 29 * 24 * HOUR)
    row = ask(ledger, "first_response_time")
    assert (row.value, row.n) == (3.5, 4)
    assert row.details == {"mean": 9.5, "p90": 30.0, "n": 4, "open": 0, "impossible": 0, "without_times": 0}


def test_impossible_times_are_counted_and_never_averaged(ledger):
    ledger.add_ticket(None, TENTH, TENTH + HOUR)
    ledger.add_ticket(None, TENTH, TENTH - 400 * HOUR, first_response_on=date(2025, 5, 11))
    row = ask(ledger, "first_response_time")
    assert (row.value, row.n, row.details["impossible"]) == (1.0, 1, 1)


def test_a_ticket_counts_in_the_period_of_its_solution_and_waits_until_then(ledger):
    ledger.add_ticket(None, TENTH, solved=TENTH + 30 * 24 * HOUR)
    ledger.add_ticket(None, TENTH)
    row = ask(ledger, "resolution_time")
    assert (row.value, row.reason, row.details["open"]) == (None, "no_tickets_solved", 2)
    june = ask(ledger, "resolution_time", start=date(2025, 6, 1), end=date(2025, 7, 1))
    assert (june.value, june.n, june.details["open"]) == (720.0, 1, 1)


def test_what_nobody_noted_as_solved_was_over_when_it_was_closed(ledger):
    ledger.add_ticket(None, TENTH, closed_at=TENTH + 4 * HOUR, closed_on=date(2025, 5, 10))
    ledger.add_ticket(None, TENTH, solved=TENTH + 2 * HOUR, closed_at=TENTH, closed_on=date(2025, 5, 10))
    row = ask(ledger, "resolution_time")
    assert (row.value, row.n, row.details["impossible"]) == (3.0, 2, 0)


def test_days_without_times_tell_no_hours(ledger):
    ledger.add_ticket(None, TENTH, first_response_on=date(2025, 5, 12))
    row = ask(ledger, "first_response_time")
    assert (row.value, row.reason, row.details["without_times"]) == (None, "no_ticket_times", 1)


def test_by_a_field_of_the_ticket_and_of_the_customer(ledger):
    tehran, qom = ledger.add_customer(location="Tehran"), ledger.add_customer(location="Qom")
    ledger.add_ticket(tehran, TENTH, TENTH + HOUR, agent_name="Sara", category="parcel")
    ledger.add_ticket(qom, TENTH, TENTH + 3 * HOUR, agent_name="Ali", category="parcel")
    ledger.add_ticket(None, TENTH, TENTH + 5 * HOUR, agent_name="Ali", category="bill")
    ledger.add_ticket(None, TENTH, agent_name="Ali", category="bill")
    ledger.publish(UNTIL, "tickets")

    def by(field: str) -> dict[str | None, tuple[float | None, int]]:
        rows = get_metric("first_response_time", **MAY, by=field).rows
        return {row.group: (row.value, row.details["open"]) for row in rows}

    assert by("ticket_agent") == {"Ali": (4.0, 1), "Sara": (1.0, 0)}
    assert by("ticket_category") == {"bill": (5.0, 1), "parcel": (2.0, 0)}
    assert by("customer_location") == {"Qom": (3.0, 0), "Tehran": (1.0, 0)}


def test_an_agent_sees_the_tickets_of_their_own_customers(ledger):
    own, other = ledger.add_customer(), ledger.add_customer()
    for customer, hours in ((own, 2), (other, 50), (None, 50)):
        ledger.add_ticket(customer, TENTH, TENTH + hours * HOUR)
        ledger.add_ticket(customer, TENTH)
    snapshot = ledger.publish(UNTIL, "tickets")
    (row,) = get_metric("first_response_time", **MAY, visible=snapshot.ix_set([own])).rows
    assert (row.value, row.n, row.details["open"]) == (2.0, 1, 1)


def test_days_since_the_last_contact_of_active_customers(ledger):
    called, answered, wrote, never, gone = (ledger.add_customer() for _ in range(5))
    for customer in (called, answered, wrote, never):
        ledger.add_order(customer, date(2025, 5, 20))
    ledger.add_order(gone, date(2025, 1, 1))
    for customer in (called, gone):
        ledger.add_contact(customer, date(2025, 5, 31))
    ledger.add_contact(called, date(2025, 6, 1))
    ledger.add_answer(answered, date(2025, 5, 22), 9)
    ledger.add_answer(answered, date(2025, 5, 30))
    ledger.add_ticket(wrote, TENTH, TENTH + 24 * HOUR)
    for kind in ("interactions", "surveys", "tickets", "orders"):
        ledger.publish(UNTIL, kind)
    (row,) = get_metric("days_since_last_contact", **MAY, rule="purchase:60d").rows
    assert (row.value, row.n, row.details["never"]) == (10.0, 3, 1)
    assert (row.details["quarter"], row.details["three_quarters"]) == (1, 21)


def test_of_customers_who_never_were_in_touch_there_is_no_median(ledger):
    ledger.add_order(ledger.add_customer(), date(2025, 5, 20))
    ledger.publish(UNTIL)
    (row,) = get_metric("days_since_last_contact", **MAY, rule="purchase:60d").rows
    assert (row.value, row.reason, row.details["never"]) == (None, "nobody_in_touch", 1)
    (row,) = get_metric("days_since_last_contact", **MAY, rule="purchase:5d").rows
    assert row.reason == "nobody_active_at_the_end"


@pytest.mark.parametrize("name", ["first_response_time", "resolution_time"])
def test_without_tickets_there_is_a_reason_and_no_value(ledger, name):
    ledger.add_order(ledger.add_customer(), date(2025, 5, 20))
    ledger.publish(UNTIL)
    (row,) = get_metric(name, **MAY).rows
    assert (row.value, row.reason) == (None, "no_data")
