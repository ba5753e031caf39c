"""A business that tried something: 600 customers dealt into two arms on 1 May 2026, and what they bought."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from vafa.act.messaging.actions import assign, declare_trial
from vafa.data.consent.types import Purpose
from vafa.data.customers.models import Customer
from vafa.data.log.actions import take_numbers
from vafa.lab.trials import HALVES, TREATED, arms_of
from vafa.measure.metrics.tests.ledger import Ledger
from vafa.prove.trials.queries import get_trial
from vafa.prove.trials.types import Trial

KEY = "campaign:12:1"
DEALT_ON = date(2026, 5, 1)
DEALT_AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
HORIZON = 30
N = 600


@dataclass
class Tried:
    """The records behind it; `orders` are (customer, day) of all purchases."""

    ledger: Ledger
    customers: list[int]
    arms: dict[int, str]
    orders: list[tuple[int, date]]

    @property
    def trial(self) -> Trial:
        """The trial as it was declared."""
        return get_trial(KEY)

    def count_kept(self, arm: str, until: date) -> int:
        """By looking at every order: customers of an arm who bought on a day of the trial that is before the end."""
        end = min(DEALT_ON + timedelta(days=HORIZON), until)
        buyers = {customer for customer, day in self.orders if DEALT_ON <= day < end}
        return sum(1 for customer in buyers if self.arms[customer] == arm)


@pytest.fixture
def tried(ledger: Ledger) -> Tried:
    """Half of the treated and a quarter of the control buy, all on some day of May; everybody bought in April."""
    first = take_numbers(N)
    made = Customer.objects.bulk_create(Customer(seq=first + place) for place in range(N))
    customers = [customer.pk for customer in made]
    arms = dict(zip(customers, arms_of(customers, KEY, HALVES).tolist(), strict=True))
    draw = np.random.default_rng(5)
    orders = [(one, date(2026, 4, 1) + timedelta(days=place % 30)) for place, one in enumerate(customers)]
    for one in customers:
        if draw.random() < (0.5 if arms[one] == TREATED else 0.25):
            orders += [
                (one, DEALT_ON + timedelta(days=int(draw.integers(0, 31))))
                for _ in range(draw.integers(1, 3))
            ]
    ledger.add_orders(orders)
    declare_trial(
        KEY, origin=KEY, name="Spring", purpose=Purpose.MARKETING, shares=HALVES, horizon_days=HORIZON, planned=N,
        now=DEALT_AT,
    )  # fmt: skip
    scores = {one: 0.2 + 0.6 * (place % 7) / 6 for place, one in enumerate(customers)}
    assign(KEY, customers, HALVES, scores, now=DEALT_AT)
    return Tried(ledger, customers, arms, orders)
