"""Customers who come at rhythms of their own, and of whom many leave: enough of a past to predict from, and who is
expected to leave next.

    python -m tests.journeys.leavers

The home is that of the environment, and an owner is in it.
"""

import os
import random
from collections.abc import Iterator
from datetime import date, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vafa.config.settings")

PEOPLE = 180
FIRST, LAST = date(2024, 1, 1), date(2025, 10, 22)


def main() -> None:
    import django

    django.setup()
    from vafa.kit import clock
    from vafa.measure.metrics.tests.ledger import Ledger
    from vafa.predict.scores.tasks import look

    ledger = Ledger()
    people = [ledger.add_customer(f"L{number}", name=f"Buyer {number}") for number in range(1, PEOPLE + 1)]
    ledger.add_orders([(people[person], day) for person, day in tell_orders()])
    ledger.publish(LAST)
    look(clock.now())


def tell_orders() -> Iterator[tuple[int, date]]:
    """Who (0 ..) buys on which day. Each has an own gap; about three in five leave, at any time."""
    dice = random.Random(7)
    length = (LAST - FIRST).days
    for person in range(PEOPLE):
        day = float(dice.randrange(0, length - 60))
        gap, left = dice.uniform(12, 45), day + dice.expovariate(1 / 260)
        while day <= min(left, length):
            yield person, FIRST + timedelta(days=int(day))
            day += max(dice.gauss(gap, gap / 4), 2.0)


if __name__ == "__main__":
    main()
