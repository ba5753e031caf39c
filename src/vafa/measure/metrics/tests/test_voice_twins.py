"""Any answers and tickets: the figures are what going through the records one by one finds."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from vafa.data.customers.models import Customer
from vafa.data.interactions.models import SurveyAnswer, Ticket
from vafa.lab.contact import naive_days_since_last_contact
from vafa.lab.service import naive_median_hours
from vafa.lab.voice import Scale, naive_good_share, naive_nps, naive_response_rate
from vafa.measure.metrics.queries import get_metric
from vafa.measure.metrics.tests.ledger import Ledger
from vafa.measure.metrics.tests.test_twins import open_ledger

FIRST = date(2025, 3, 1)
PERIOD = (date(2025, 3, 5), date(2025, 3, 15))
UNTIL = date(2025, 3, 20)
PLACES = ("Tehran", "Qom", "")

days = st.integers(0, 19).map(lambda n: FIRST + timedelta(days=n))
owners = st.none() | st.integers(0, 3)
answers = st.lists(st.tuples(owners, days, st.none() | st.integers(0, 10), st.booleans()), max_size=25)
moments = st.none() | st.integers(-30, 200)
tickets = st.lists(st.tuples(owners, days, moments, moments), max_size=20)


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(answers, tickets, st.sets(st.integers(0, 3)))
@example([(None, FIRST + timedelta(days=14), None, False)], [], set())
def test_figures_are_what_going_through_the_records_finds(told, asked, seen):
    with open_ledger() as ledger:
        ids = [ledger.add_customer(location=PLACES[n % 3]) for n in range(4)]
        add_all(ledger, ids, told, asked)
        for kind in ("surveys", "tickets", "interactions", "orders"):
            snapshot = ledger.publish(UNTIL, kind)
        chosen = [ids[n] for n in seen]
        check(None, {})
        check(set(chosen), {"visible": snapshot.ix_set(chosen)})
        check_groups()
        check_contacts(ids)


def add_all(ledger: Ledger, ids: list[int], told: list[Any], asked: list[Any]) -> None:
    for known in ids:
        ledger.add_order(known, FIRST)
    for owner, day, score, was_invited in told:
        customer = None if owner is None else ids[owner]
        invited = day - timedelta(days=2) if was_invited or score is None else None
        ledger.add_answer(customer, day, score, invited_on=invited)
        if score is not None and 1 <= score <= 5:
            ledger.add_answer(customer, day, score, "csat")
    for owner, day, answered, solved in asked:
        opened = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        ends = [None if hours is None else opened + timedelta(hours=hours) for hours in (answered, solved)]
        ledger.add_ticket(None if owner is None else ids[owner], opened, *ends)


def is_seen(row: Any, only: set[int] | None) -> bool:
    return only is None or row.customer_id in only


def check(only: set[int] | None, narrowed: dict[str, Any]) -> None:
    """Each figure of the period, of everybody or of some."""
    rows = [row for row in SurveyAnswer.objects.all() if is_seen(row, only)]
    inside = [row for row in rows if row.answered_on and PERIOD[0] <= row.answered_on < PERIOD[1]]
    expected = {
        "nps": naive_nps([float(row.score) for row in inside if row.question == "nps" and row.score is not None]),
        "csat": naive_good_share([int(row.score) for row in inside if row.question == "csat"], Scale(1, 5), "top2"),
        "response_rate": naive_response_rate(
            [row.answered_on is not None for row in rows if row.invited_on and PERIOD[0] <= row.invited_on < PERIOD[1]]
        ),
        "first_response_time": find_naive_wait("first_response", only),
        "resolution_time": find_naive_wait("solved", only),
    }  # fmt: skip
    for name, value in expected.items():
        assert ask(name, **narrowed) == {None: None if value is None else pytest.approx(value)}, name


def find_naive_wait(event: str, only: set[int] | None, place: str | None = None) -> float | None:
    found = []
    for row in Ticket.objects.select_related("customer"):
        on = getattr(row, f"{event}_on")
        if on is None or not PERIOD[0] <= on < PERIOD[1] or not is_seen(row, only):
            continue
        if place is not None and (row.customer is None or row.customer.location != place):
            continue
        found.append((int(row.opened_at.timestamp()), int(getattr(row, f"{event}_at").timestamp())))
    return naive_median_hours(found)


def check_groups() -> None:
    """By a field of the customer: whoever is nobody is in no group."""
    found = ask("resolution_time", by="customer_location")
    assert found == {
        place: pytest.approx(value) if (value := find_naive_wait("solved", None, place)) is not None else None
        for place in PLACES
    }


def check_contacts(ids: list[int]) -> None:
    contacts: list[tuple[int, int]] = [
        (answer.customer_id or 0, answer.answered_on.toordinal())
        for answer in SurveyAnswer.objects.exclude(customer=None)
        if answer.answered_on is not None
    ]
    for ticket in Ticket.objects.exclude(customer=None):
        days_of = (ticket.day, ticket.first_response_on, ticket.solved_on)
        contacts += [(ticket.customer_id or 0, day.toordinal()) for day in days_of if day is not None]
    assert Customer.objects.count() == len(ids)
    slow, never = naive_days_since_last_contact(contacts, ids, PERIOD[1].toordinal())
    (row,) = get_metric("days_since_last_contact", start=PERIOD[0], end=PERIOD[1], rule="purchase:60d").rows
    assert (row.value, row.details["never"]) == (slow, never)


def ask(name: str, **asked: Any) -> dict[str | None, float | None]:
    return {row.group: row.value for row in get_metric(name, start=PERIOD[0], end=PERIOD[1], **asked).rows}
