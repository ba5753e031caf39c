"""A renewal entered by hand: a subscription like the imported ones, under the source of what people enter."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.data.business.queries import get_business
from vafa.data.customers.queries import list_ids_of
from vafa.data.log.actions import add_happening, get_hand_source
from vafa.data.log.recording import remove_facts
from vafa.data.subscriptions.models import Subscription
from vafa.data.subscriptions.recording import SUBSCRIPTIONS, record_subscriptions
from vafa.data.subscriptions.types import RenewalUnusable
from vafa.kit.audit import record
from vafa.kit.fields import to_fixed

# Whoever renews later than this after the end begins anew on the day of the renewal.
TOUCHES_WITHIN = timedelta(days=60)
MOST_DAYS = timedelta(days=20 * 366)
MOST_AMOUNT = Decimal(10) ** 14


@dataclass(frozen=True)
class Proposal:
    """What a renewal would usually be: as long and as dear as the last one. Amount None: it had no price."""

    plan: str
    starts_on: date
    last_day: date
    amount: Decimal | None


def propose_renewal(customer_id: int, today: date) -> Proposal | None:
    """The renewal of a customer's last subscription (as merged); None where there is none, or it runs on."""
    latest = _find_latest(customer_id)
    if latest is None or latest.ended_on is None:
        return None
    start = _find_start(latest.ended_on, today)
    length = max(latest.ended_on - latest.started_on, timedelta(days=1))
    return Proposal(latest.plan, start, start + length - timedelta(days=1), latest.amount)


@transaction.atomic
def enter_renewal(
    customer_id: int, last_day: date, amount: Decimal | None, *, by: Any, now: datetime, today: date
) -> str:
    """Record that a customer (the kept one) has renewed through a day (inclusive), at a price.

    Gives the key by which it is taken back. It touches the last subscription where that ended lately, else it begins
    today. Raises RenewalUnusable."""
    latest = _find_latest(customer_id)
    if latest is not None and latest.ended_on is None:
        raise RenewalUnusable(_("The subscription runs on, so there is nothing to renew."), field="last_day")
    start = _find_start(latest.ended_on if latest else None, today)
    if not start <= last_day <= start + MOST_DAYS:
        raise RenewalUnusable(
            _("The last day is before the renewal begins, or too far away."), field="last_day"
        )
    if amount is not None and not 0 <= amount < MOST_AMOUNT:
        raise RenewalUnusable(_("A price can't be less than nothing."), field="amount")
    key = uuid.uuid4().hex
    currency = (latest.currency if latest else "") or get_business().currency
    values = {
        "customer_id": customer_id,
        "plan": latest.plan if latest else "",
        "amount": None if amount is None else to_fixed(amount),
        "currency": currency,
        "interval": latest.interval if latest else "",
        "started_on": start.isoformat(),
        "ended_on": (last_day + timedelta(days=1)).isoformat(),
        "cancel_reason": "",
    }
    row = (key, *(values.get(column) for column in SUBSCRIPTIONS.columns))
    source = get_hand_source("subscriptions", now=now)
    record_subscriptions([row], source_id=source.pk, import_id=None, fresh=False)
    fact = Subscription.objects.get(source=source, key=key)
    record("subscription.entered", by=by, now=now, subject=f"customer:{customer_id}", key=key)
    add_happening(
        "subscription_new",
        at=now,
        now=now,
        live=True,
        subject=fact.pk,
        customer=customer_id,
        source=source.pk,
    )
    return key


@transaction.atomic
def take_back_renewal(key: str, customers: Sequence[int], *, by: Any, now: datetime) -> bool:
    """Take a renewal of these customers that was entered by hand away; whether it was there."""
    source = get_hand_source("subscriptions")
    fact = Subscription.objects.filter(source=source, key=key, customer__in=list(customers)).first()
    if fact is None:
        return False
    remove_facts(SUBSCRIPTIONS, [fact.pk])
    record("subscription.taken_back", by=by, now=now, subject=f"customer:{fact.customer_id}", key=key)
    return True


def list_entered_renewals(customers: Sequence[int], count: int = 5) -> list[Subscription]:
    """The newest renewals of these customers that were entered by hand."""
    source = get_hand_source("subscriptions")
    return list(
        Subscription.objects.filter(source=source, customer__in=list(customers)).order_by("-pk")[:count]
    )


def _find_latest(customer_id: int) -> Subscription | None:
    rows = Subscription.objects.filter(customer__in=list_ids_of(customer_id))
    return max(rows, key=lambda row: (row.ended_on or date.max, row.pk), default=None)


def _find_start(ended_on: date | None, today: date) -> date:
    return ended_on if ended_on is not None and today - ended_on <= TOUCHES_WITHIN else today
