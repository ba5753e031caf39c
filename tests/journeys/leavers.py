"""Customers who come at rhythms of their own, and of whom many leave: enough of a past to predict from, who is
expected to leave next, what was predicted in some months before, and two who were taken on days ago.

    python -m tests.journeys.leavers

The home is that of the environment, and an owner is in it.
"""

import os
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vafa.config.settings")

PEOPLE = 180
FIRST, LAST = date(2024, 1, 1), date(2025, 10, 22)
PREDICTED = (date(2025, 4, 25), date(2025, 5, 25), date(2025, 6, 25))
"""Days as of which was predicted, each in a month of its own by either calendar."""
TAKEN_ON_BEFORE = timedelta(days=9)


def main() -> None:
    import django

    django.setup()
    from vafa.kit import clock
    from vafa.measure.metrics.tests.ledger import Ledger
    from vafa.predict.scores.tasks import look

    now = clock.now()
    ledger = Ledger()
    people = [ledger.add_customer(f"L{number}", name=name_buyer(number)) for number in range(1, PEOPLE + 1)]
    ledger.add_orders([(people[person], day) for person, day in tell_orders()])
    ledger.publish(LAST)
    look(now)
    predict_before(now)
    look(now)
    take_on_before(now)


def name_buyer(number: int) -> str:
    """The name of one of them (1 ..); none begins as another does."""
    return f"Buyer {number:03}"


def predict_before(now: datetime) -> None:
    """Keep what the model tells as of the past days: judged, once the worker looks, by what came of it."""
    from vafa.predict.models.queries import build_lineage, find_champion, get_question, score
    from vafa.predict.scores.actions import issue
    from vafa.warehouse.queries import open_snapshot

    snapshot = open_snapshot()
    question = get_question(snapshot)
    card = find_champion(question)
    assert card is not None
    for day in PREDICTED:
        scores = score(snapshot, question, day)
        issue(scores, snapshot, lineage=build_lineage(card), nightly=False, now=now)


def take_on_before(now: datetime) -> None:
    """Two of those at high risk, some days ago."""
    from vafa.act.saving.actions import open_cases
    from vafa.data.staff.queries import list_staff
    from vafa.measure.metrics.queries import resolve_rule
    from vafa.predict.scores.queries import find_band
    from vafa.predict.scores.types import HIGH
    from vafa.warehouse.queries import open_snapshot

    snapshot = open_snapshot()
    active = snapshot.active(resolve_rule(None, snapshot), LAST)
    first, second, *_others = snapshot.ids(find_band(snapshot, HIGH) & active).tolist()
    open_cases([first, second], by=list_staff()[0], now=now - TAKEN_ON_BEFORE)


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
