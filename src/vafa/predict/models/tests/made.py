"""A small business of seeded customers, each with a rhythm of its own, some of whom leave."""

from datetime import date, timedelta

import numpy as np

from vafa.data.business.queries import get_business
from vafa.predict.models.types import Question

FIRST = date(2028, 1, 1)
UNTIL = date(2029, 1, 1)
QUESTION = Question("orders", 30)


def set_rule(rule: str = "purchase:60d") -> None:
    """Say when a customer counts as active."""
    business = get_business()
    business.activity_rule = rule
    business.save()


def build_days(customers: int, seed: int = 5) -> list[list[date]]:
    """The purchase days of each customer before UNTIL: a rhythm of 5 to 40 days, and a chance of leaving after each."""
    random = np.random.default_rng(seed)
    told = []
    for _ in range(customers):
        day = FIRST + timedelta(days=int(random.integers(0, 200)))
        rhythm, leaving = random.uniform(5, 40), random.beta(1, 6)
        days = []
        while day < UNTIL:
            days.append(day)
            if random.random() < leaving:
                break
            day += timedelta(days=max(1, int(random.exponential(rhythm))))
        told.append(days)
    return told


def fill(ledger, customers: int, seed: int = 5) -> list[int]:
    """Write them down and publish; their ids."""
    set_rule()
    days = build_days(customers, seed)
    ids = [ledger.add_customer(f"c{place}") for place in range(customers)]
    ledger.add_orders([(pk, day) for pk, own in zip(ids, days, strict=True) for day in own])
    return ids
