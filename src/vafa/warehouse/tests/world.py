"""Records for the tests, written as the rooms of data write them, and the figures told from them slowly."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from django.db import transaction

from vafa.data.catalogue.models import Location, Product, ProductLine
from vafa.data.customers.models import Customer
from vafa.data.interactions.models import Interaction, SurveyAnswer, Ticket
from vafa.data.log.actions import add_removals, get_or_add_source, mark_received, take_numbers
from vafa.data.orders.models import OrderLine, ReturnLine
from vafa.data.subscriptions.models import Subscription

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FIRST_DAY = date(2024, 2, 20)


def build_day(number: int) -> date:
    """The number-th day of the tests' world."""
    return FIRST_DAY + timedelta(days=number)


class World:
    """A shop of which every row gets its sequence number."""

    def __init__(self) -> None:
        self.source = get_or_add_source("shop")
        for kind in ("orders", "returns", "subscriptions", "interactions", "surveys", "tickets"):
            mark_received(self.source, kind, now=NOW)
        self.locations = [
            Location.objects.get_or_create(name=name)[0] for name in ("Tehran", "Shiraz", "Yazd")
        ]
        self.lines = [ProductLine.objects.get_or_create(name=name)[0] for name in ("Bread", "Cake")]
        self.products = [Product.objects.get_or_create(code=code)[0] for code in ("P1", "P2", "P3")]
        self._made = count(take_numbers(1))

    def _next(self) -> int:
        """A number that no other world of these records uses."""
        return next(self._made)

    def customer(self, **fields: Any) -> Customer:
        with transaction.atomic():
            return Customer.objects.create(
                seq=take_numbers(1), **{"name": f"customer {self._next()}", **fields}
            )

    def order(self, customer: Customer | None, day: date, order: str = "", **fields: Any) -> OrderLine:
        made = self._next()
        values = {
            "quantity": 1,
            "amount": 10,
            "source": self.source,
            "order_key": order or f"order {made}",
        } | fields
        with transaction.atomic():
            return OrderLine.objects.create(
                key=f"{values['order_key']}\x1f{made}",
                customer=customer,
                day=day,
                seq=take_numbers(1),
                **values,
            )

    def returned(self, customer: Customer | None, day: date, order: str = "", **fields: Any) -> ReturnLine:
        with transaction.atomic():
            return ReturnLine.objects.create(
                source=self.source, key=f"return {self._next()}", order_key=order, customer=customer, day=day,
                seq=take_numbers(1), **fields,
            )  # fmt: skip

    def subscription(
        self, customer: Customer, started: date, ended: date | None, **fields: Any
    ) -> Subscription:
        with transaction.atomic():
            return Subscription.objects.create(
                source=self.source, key=f"subscription {self._next()}", customer=customer, started_on=started,
                ended_on=ended, seq=take_numbers(1), **fields,
            )  # fmt: skip

    def interaction(self, customer: Customer, day: date) -> Interaction:
        with transaction.atomic():
            return Interaction.objects.create(
                source=self.source, key=f"interaction {self._next()}", customer=customer, kind="call", day=day,
                seq=take_numbers(1),
            )  # fmt: skip

    def answer(self, customer: Customer | None, day: date, score: Any = None, **fields: Any) -> SurveyAnswer:
        """An answer of a day to a question of NPS; without a score it is an invitation."""
        values = {
            "question": "nps", "scale_low": 0, "scale_high": 10, "direction": "high", "method": "nps",
            "answered_on": None if score is None else day, "invited_on": day if score is None else None,
        } | fields  # fmt: skip
        with transaction.atomic():
            return SurveyAnswer.objects.create(
                source=self.source, key=f"answer {self._next()}", customer=customer, day=day, score=score,
                seq=take_numbers(1), **values,
            )  # fmt: skip

    def ticket(self, customer: Customer | None, day: date, **fields: Any) -> Ticket:
        with transaction.atomic():
            return Ticket.objects.create(
                source=self.source, key=f"ticket {self._next()}", customer=customer, day=day, seq=take_numbers(1),
                **fields,
            )  # fmt: skip

    def correct(self, row: Any, **fields: Any) -> None:
        with transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(seq=take_numbers(1), **fields)

    def remove(self, row: Any) -> None:
        table = {
            OrderLine: "order_line", ReturnLine: "return_line", Subscription: "subscription",
            Interaction: "interaction", SurveyAnswer: "survey_answer", Ticket: "ticket",
        }[type(row)]  # fmt: skip
        with transaction.atomic():
            add_removals(table, [row.pk])
            row.delete()

    def erase(self, customer: Customer) -> None:
        """A person goes: sales, answers and tickets stay without a name, subscriptions and interactions go too."""
        with transaction.atomic():
            for table, model in (("subscription", Subscription), ("interaction", Interaction)):
                add_removals(table, model.objects.filter(customer=customer).values_list("pk", flat=True))
            for kept in (SurveyAnswer, Ticket):
                for row in kept.objects.filter(customer=customer):
                    kept.objects.filter(pk=row.pk).update(customer=None, seq=take_numbers(1))
            add_removals("customer", [customer.pk])
            customer.delete()


@contextmanager
def undone_afterwards() -> Iterator[None]:
    """A transaction that leaves nothing behind."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# The slow twins


def find_naive_roots() -> dict[int, int]:
    """Each customer's kept customer, through any number of merges; who is excluded is left out."""
    customers = {customer.pk: customer for customer in Customer.objects.all()}
    roots = {}
    for pk, customer in customers.items():
        root = customer
        while root.kept_id in customers:
            root = customers[root.kept_id]
        if not root.excluded:
            roots[pk] = root.pk
    return roots


def find_naive_cancelled() -> set[tuple[int, str]]:
    """The orders (source, key) of which all that was bought was taken back."""
    cancelled = set()
    orders = {(line.source_id, line.order_key) for line in OrderLine.objects.all()}
    for source, key in orders:
        lines = [line for line in OrderLine.objects.filter(source=source, order_key=key) if line.counts]
        bought = [line for line in lines if line.quantity > 0 and line.amount > 0]
        back = [(-line.quantity, max(-line.amount, 0), line.currency) for line in lines if line.quantity < 0]
        back += [
            (abs(row.quantity or 0), abs(row.amount or 0), row.currency)
            for row in ReturnLine.objects.filter(source=source, order_key=key)
        ]
        currencies = {line.currency for line in lines} | {currency for _, _, currency in back}
        whole_quantity = sum(quantity for quantity, _, _ in back) >= sum(line.quantity for line in bought)
        whole_amount = sum(amount for _, amount, _ in back) >= sum(line.amount for line in bought)
        if bought and back and (whole_quantity or (whole_amount and len(currencies - {""}) <= 1)):
            cancelled.add((source, key))
    return cancelled


def list_naive_purchases() -> list[tuple[int, date, OrderLine]]:
    """(customer, day, line) of every purchase of a customer who counts."""
    roots, cancelled = find_naive_roots(), find_naive_cancelled()
    return [
        (roots[line.customer_id], line.day, line)
        for line in OrderLine.objects.all()
        if line.customer_id in roots
        and line.counts
        and line.quantity > 0
        and line.amount > 0
        and (line.source_id, line.order_key) not in cancelled
    ]
