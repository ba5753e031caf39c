"""A process of its own with a small demo business: every metric and cohort table, whole and cut into shards.

    python -m vafa.measure.metrics.tests.sharding_driver

Prints one JSON document: question -> number of shards -> the answer.
"""

import json
import os
import sys
from datetime import UTC, date, datetime
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vafa.config.settings")

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SHARDS = (3,)
CUSTOMERS = 400


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from vafa.front.demo.making import make_demo

    call_command("migrate", verbosity=0)
    make_demo(say=lambda _text: None, now=NOW, customers=CUSTOMERS)
    add_oddities()
    json.dump(ask_everything(), sys.stdout, default=str)


def add_oddities() -> None:
    """Sales without a customer, orders that customers share, a merge, an exclusion: changes after the base was made."""
    from vafa.data.customers.models import Customer
    from vafa.measure.metrics.tests.ledger import Ledger

    ledger = Ledger()
    some = list(Customer.objects.order_by("pk").values_list("pk", flat=True)[:40:4])
    for number, month in enumerate((1, 3, 4, 7, 9, 11, 12)):
        ledger.add_order(None, date(2025, month, 2 + number), 120 + number, location="Tehran")
        ledger.add_order(some[number], date(2025, month, 9), 80, order=f"shared {number}")
        ledger.add_order(some[number + 2], date(2025, month, 10), 45, order=f"shared {number}")
    ledger.add_order(some[0], date(2025, 5, 5), 60, currency="EUR")
    from vafa.data.log.actions import take_numbers

    Customer.objects.filter(pk=some[8]).update(kept_id=some[9], seq=take_numbers(1))
    Customer.objects.filter(pk=some[7]).update(excluded=True, seq=take_numbers(1))
    ledger.publish(date(2026, 2, 27))


def ask_everything() -> dict[str, Any]:
    from vafa.measure.metrics.asked_metric import build_table, measure
    from vafa.measure.metrics.cohort_table import COUNTINGS, get_cohorts
    from vafa.measure.metrics.documents import build_cohort_document as tell_cohorts
    from vafa.measure.metrics.documents import build_document
    from vafa.measure.metrics.sharding import Shards, get_cohorts_in_shards, measure_in_shards
    from vafa.warehouse.queries import open_snapshot

    snapshot = open_snapshot()
    questions = build_questions(snapshot)
    told: dict[str, Any] = {
        name: {1: build_document(build_table(question, measure(question)))}
        for name, question in questions.items()
    }
    for counting in COUNTINGS:
        told[f"cohorts {counting}"] = {1: tell_cohorts(get_cohorts(count=counting, snapshot=snapshot))}
    for count in SHARDS:
        with Shards(count) as shards:
            for name, question in questions.items():
                found = measure_in_shards(question, shards)
                told[name][count] = build_document(build_table(question, found))
            for counting in COUNTINGS:
                table = get_cohorts_in_shards(shards, snapshot=snapshot, count=counting)
                told[f"cohorts {counting}"][count] = tell_cohorts(table)
    return told


def build_questions(snapshot: Any) -> dict[str, Any]:
    """Of every metric: the whole, by a field of the facts it is made of, by a field of the customer, and of some
    customers only; under both kinds of rules where these differ."""
    from vafa.measure.metrics.asked_metric import settle_question
    from vafa.measure.metrics.dictionary import get_family, list_metric_names
    from vafa.measure.metrics.family import Whose

    some = snapshot.ix_set([pk for pk in snapshot.ids(snapshot.everyone()).tolist() if pk % 3])
    fields = {
        "order": "location", "subscription": "plan", "customer": "customer_location", "answer": "survey",
        "ticket": "ticket_category",
    }  # fmt: skip
    known = (*snapshot.list_dimensions(), *snapshot.list_voice_dimensions())
    questions = {}
    for name in list_metric_names():
        for rule in ("purchase:60d", "subscription"):
            asked: dict[str, Any] = {
                "start": date(2025, 1, 1),
                "end": date(2026, 3, 1),
                "every": "quarter",
                "rule": rule,
                "snapshot": snapshot,
            }
            whole = settle_question(name, **asked)
            questions[f"{name} {rule}"] = whole
            questions[f"{name} {rule} seen"] = settle_question(name, **asked, whose=Whose(visible=some))
            for fit in get_family(name).fits(name, whole.asked.settled.rule):
                if fields[fit] in known:
                    questions[f"{name} {rule} by {fit}"] = settle_question(name, **asked, by=fields[fit])
    return questions


if __name__ == "__main__":
    main()
