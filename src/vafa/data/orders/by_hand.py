"""A payment entered by hand: an order of one line, under the source of what people enter."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.data.business.queries import get_business
from vafa.data.log.actions import add_happening, get_hand_source
from vafa.data.log.recording import remove_facts
from vafa.data.orders.models import OrderLine
from vafa.data.orders.recording import ORDER_LINES, build_line_key, record_order_lines
from vafa.data.orders.types import PaymentUnusable
from vafa.kit.audit import record
from vafa.kit.fields import SCALE, to_fixed

MOST_AMOUNT = Decimal(10) ** 14
MOST_BACK = timedelta(days=20 * 366)


@transaction.atomic
def enter_payment(
    customer_id: int, amount: Decimal, day: date, *, by: Any, now: datetime, today: date
) -> str:
    """Record that a customer (the kept one) has paid so much on a day, in the business's currency; gives the order's
    number, by which it is taken back. Live where the day is at most three days ago. Raises PaymentUnusable."""
    if not 0 < amount < MOST_AMOUNT:
        raise PaymentUnusable(_("A number greater than zero."), field="amount")
    if not today - MOST_BACK <= day <= today:
        raise PaymentUnusable(_("A payment can't be on a day to come."), field="day")
    number = f"hand-{uuid.uuid4().hex[:12]}"
    values = {
        "order_key": number,
        "customer_id": customer_id,
        "day": day.isoformat(),
        "quantity": SCALE,
        "amount": to_fixed(amount),
        "currency": get_business().currency,
        "status": "",
        "counts": True,
    }
    row = (build_line_key(number, "", 1), *(values.get(column) for column in ORDER_LINES.columns))
    source = get_hand_source("orders", now=now)
    record_order_lines([row], source_id=source.pk, import_id=None, fresh=False)
    fact = OrderLine.objects.get(source=source, order_key=number)
    at = now - timedelta(days=(today - day).days)
    record("order.entered", by=by, now=now, subject=f"customer:{customer_id}", order=number)
    add_happening(
        "order_new", at=at, now=now, live=True, subject=fact.pk, customer=customer_id, source=source.pk
    )
    return number


@transaction.atomic
def take_back_payment(number: str, customers: Sequence[int], *, by: Any, now: datetime) -> bool:
    """Take a payment of these customers that was entered by hand away; whether it was there."""
    source = get_hand_source("orders")
    fact = OrderLine.objects.filter(source=source, order_key=number, customer__in=list(customers)).first()
    if fact is None:
        return False
    remove_facts(ORDER_LINES, [fact.pk])
    record("order.taken_back", by=by, now=now, subject=f"customer:{fact.customer_id}", order=number)
    return True


def list_entered_payments(customers: Sequence[int], count: int = 5) -> list[OrderLine]:
    """The newest payments of these customers that were entered by hand."""
    source = get_hand_source("orders")
    return list(OrderLine.objects.filter(source=source, customer__in=list(customers)).order_by("-pk")[:count])
