"""A small business in the records, and the copy of it: what the tests of figures stand on."""

import json
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from vafa.config import command
from vafa.data.catalogue.models import Location, Product, ProductLine
from vafa.data.customers.models import Customer, CustomerKey
from vafa.data.interactions.models import Interaction, SurveyAnswer, Ticket
from vafa.data.log.actions import get_or_add_source, mark_received, take_numbers
from vafa.data.orders.models import OrderLine
from vafa.data.subscriptions.models import Subscription
from vafa.warehouse.actions import refresh
from vafa.warehouse.queries import Snapshot, open_snapshot

NOW = datetime(2030, 1, 1, tzinfo=UTC)


class Ledger:
    """Writes customers, orders and subscriptions of one source; `publish` makes the figures follow."""

    def __init__(self) -> None:
        self.source = get_or_add_source("shop")
        self._orders = 0

    def add_customer(self, key: str = "", **fields: Any) -> int:
        """A customer, known to the source by its key."""
        customer = Customer.objects.create(seq=take_numbers(1), **fields)
        if key:
            CustomerKey.objects.create(source_id=self.source.pk, key=key, customer=customer)
        return customer.pk

    def add_order(
        self,
        customer: int | None,
        day: date,
        amount: int | str | Decimal = 10,
        *,
        quantity: int | Decimal = 1,
        order: str = "",
        location: str = "",
        line: str = "",
        **fields: Any,
    ) -> OrderLine:
        """One line of an order (of its own, unless it is named)."""
        self._orders += 1
        key = order or f"o{self._orders}"
        product_line = ProductLine.objects.get_or_create(name=line)[0] if line else None
        product = Product.objects.get_or_create(code=f"p-{line}", name=f"A {line}")[0] if line else None
        return OrderLine.objects.create(
            source=self.source,
            key=f"{key}\x1fp\x1f{self._orders}",
            order_key=key,
            customer_id=customer,
            day=day,
            product=product,
            product_line=product_line,
            location=Location.objects.get_or_create(name=location)[0] if location else None,
            quantity=Decimal(quantity),
            amount=Decimal(amount),
            seq=take_numbers(1),
            **fields,
        )

    def add_orders(self, rows: list[tuple[int, date]]) -> None:
        """Many purchases (customer, day) at once."""
        first = take_numbers(len(rows)) if rows else 0
        OrderLine.objects.bulk_create(
            OrderLine(
                source=self.source,
                key=f"b{first + n}",
                order_key=f"b{first + n}",
                customer_id=customer,
                day=day,
                quantity=Decimal(1),
                amount=Decimal(10),
                seq=first + n,
            )
            for n, (customer, day) in enumerate(rows)
        )

    def add_subscription(
        self, customer: int, started: date, ended: date | None = None, plan: str = "gold"
    ) -> Subscription:
        """One subscription."""
        number = take_numbers(1)
        return Subscription.objects.create(
            source=self.source,
            key=f"s{number}",
            customer_id=customer,
            plan=plan,
            started_on=started,
            ended_on=ended,
            seq=number,
        )

    def add_members(self, rows: list[tuple[date, date | None, dict[str, Any]]]) -> None:
        """Many customers at once (fields), each with one subscription (started, ended)."""
        first = take_numbers(2 * len(rows))
        customers = Customer.objects.bulk_create(
            Customer(seq=first + n, **fields) for n, (_started, _ended, fields) in enumerate(rows)
        )
        numbers = range(first + len(rows), first + 2 * len(rows))
        Subscription.objects.bulk_create(
            Subscription(
                source=self.source,
                key=f"s{number}",
                customer=customer,
                plan="gold",
                started_on=started,
                ended_on=ended,
                seq=number,
            )
            for number, customer, (started, ended, _fields) in zip(numbers, customers, rows, strict=True)
        )

    def add_answer(
        self, customer: int | None, on: date, score: Any = None, question: str = "nps", **fields: Any
    ) -> SurveyAnswer:
        """An answer of a day; without a score an invitation."""
        number = take_numbers(1)
        values = {
            "scale_low": 0 if question == "nps" else 1,
            "scale_high": {"nps": 10, "csat": 5, "ces": 7}.get(question),
            "direction": "high",
            "method": {"nps": "nps", "csat": "top2", "ces": "mean"}.get(question, ""),
            "invited_on": on if score is None else None,
            "answered_on": None if score is None else on,
        } | fields
        return SurveyAnswer.objects.create(
            source=self.source,
            key=f"a{number}",
            customer_id=customer,
            question=question,
            score=None if score is None else Decimal(str(score)),
            day=on,
            seq=number,
            **values,
        )

    def add_ticket(
        self,
        customer: int | None,
        opened: datetime,
        answered: datetime | None = None,
        solved: datetime | None = None,
        **fields: Any,
    ) -> Ticket:
        """A ticket with its moments, whose days are those of UTC."""
        number = take_numbers(1)
        values = {
            "first_response_on": answered and answered.date(),
            "solved_on": solved and solved.date(),
        } | fields
        return Ticket.objects.create(
            source=self.source,
            key=f"t{number}",
            customer_id=customer,
            day=opened.date(),
            opened_at=opened,
            first_response_at=answered,
            solved_at=solved,
            seq=number,
            **values,
        )

    def add_contact(self, customer: int, on: date) -> Interaction:
        """A call."""
        number = take_numbers(1)
        return Interaction.objects.create(
            source=self.source, key=f"i{number}", customer_id=customer, kind="call", day=on, seq=number
        )

    def change_customer(self, customer: int, **fields: Any) -> None:
        """Correct a customer's fields; `publish` makes the figures follow."""
        Customer.objects.filter(pk=customer).update(seq=take_numbers(1), **fields)

    def publish(self, complete_through: date | None = None, kind: str = "orders") -> Snapshot:
        """Note how far the source is known, and bring the copy up to date."""
        mark_received(self.source, kind, now=NOW, complete_through=complete_through)
        refresh(now=NOW)
        return open_snapshot()


@pytest.fixture
def ledger(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """An empty business with a warehouse of its own."""
    monkeypatch.setenv("VAFA_HOME", str(tmp_path))
    return Ledger()


@pytest.fixture
def vafa(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs `vafa ...` and gives the exit code and what it printed: a document with --json, else the text."""
    monkeypatch.setattr("vafa.config.database.ensure_database", lambda *_args, **_options: None)

    def run(*args: str) -> tuple[int, Any]:
        monkeypatch.setattr(sys, "argv", ["vafa", *args])
        with pytest.raises(SystemExit) as left:
            command.main()
        told = capsys.readouterr()
        printed = json.loads(told.out) if "--json" in args and told.out else told.out
        return int(left.value.code or 0), printed

    return run


def day(text: str) -> date:
    """A day from ISO text."""
    return date.fromisoformat(text)


def after(start: date, days: int) -> date:
    """The day so many days later."""
    return start + timedelta(days=days)
