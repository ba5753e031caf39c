"""A snapshot without some rows tells what it would tell if these had never come, for every metric."""

from datetime import date, timedelta
from random import Random

import pytest

from vafa.data.log.actions import add_removals, take_numbers
from vafa.data.orders.models import OrderLine, ReturnLine
from vafa.data.subscriptions.models import Subscription
from vafa.kit.errors import AskedWrongly
from vafa.measure.metrics.queries import get_metric, list_metric_names
from vafa.measure.metrics.tests.ledger import Ledger
from vafa.warehouse.queries import Snapshot

DAY = date(2024, 1, 1)
START, END = date(2024, 3, 1), date(2024, 4, 1)


def tell(snapshot: Snapshot, rule: str) -> dict[str, object]:
    told: dict[str, object] = {}
    for name in list_metric_names():
        try:
            row = get_metric(name, snapshot=snapshot, start=START, end=END, rule=rule).rows[0]
        except AskedWrongly:
            continue
        told[name] = (row.value, row.counts, row.reason)
    return told


def add_return(ledger: Ledger, order: OrderLine) -> ReturnLine:
    number = take_numbers(1)
    return ReturnLine.objects.create(
        source=ledger.source, key=f"r{number}", order_key=order.order_key, customer_id=order.customer_id,
        day=order.day + timedelta(days=2), quantity=order.quantity, amount=order.amount, seq=number,
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_it_is_as_if_the_rows_had_never_come(ledger: Ledger, seed: int):
    random = Random(seed)
    people = [ledger.add_customer(joined_on=DAY + timedelta(days=random.randrange(60))) for _one in range(12)]
    orders, subscriptions = [], []
    for _one in range(80):
        day = DAY + timedelta(days=random.randrange(120))
        orders.append(ledger.add_order(random.choice([*people, None]), day, random.randrange(1, 90)))
    back = [add_return(ledger, order) for order in random.sample(orders, 12)]
    for _one in range(10):
        day = DAY + timedelta(days=random.randrange(90))
        ended = day + timedelta(days=random.randrange(10, 60))
        subscriptions.append(ledger.add_subscription(random.choice(people), day, ended))
    ledger.publish(date(2024, 5, 10), "subscriptions")
    whole = ledger.publish(date(2024, 5, 10))
    gone = {
        "lines": {row.pk for row in random.sample(orders, 25)},
        "returns": {row.pk for row in random.sample(back, 5)},
        "subscriptions": {row.pk for row in random.sample(subscriptions, 3)},
    }
    reduced = whole.without(gone)
    ours = {rule: tell(reduced, rule) for rule in ("purchase:30d", "subscription")}
    before = {rule: tell(whole, rule) for rule in ours}
    for model, table, name in (
        (OrderLine, "lines", "order_line"),
        (ReturnLine, "returns", "return_line"),
        (Subscription, "subscriptions", "subscription"),
    ):
        model.objects.filter(pk__in=gone[table]).delete()
        add_removals(name, gone[table])
    really = ledger.publish(date(2024, 5, 10))
    assert ours == {rule: tell(really, rule) for rule in ours}
    assert ours != before
    assert before == {rule: tell(whole, rule) for rule in ours}


def test_without_nothing_it_is_the_same(ledger: Ledger):
    ledger.add_order(ledger.add_customer(), DAY)
    whole = ledger.publish(date(2024, 5, 10))
    assert tell(whole.without({}), "purchase:30d") == tell(whole, "purchase:30d")
    assert whole.without({"lines": [10**12]}).buyers(DAY, END) == whole.buyers(DAY, END)
