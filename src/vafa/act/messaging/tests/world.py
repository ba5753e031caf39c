"""A few customers with addresses and permission, and an account: what the tests of this room start from."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from vafa.act.messaging.actions import add_account, add_recipients, open_message, start_message
from vafa.act.messaging.types import Recipient, TemplateContent, Text
from vafa.data.consent.models import ConsentEntry
from vafa.data.consent.types import Channel, Purpose
from vafa.data.customers.models import ContactPoint, Customer

# A Wednesday at noon in UTC: no holiday, no quiet hour.
NOW = datetime(2026, 6, 3, 12, tzinfo=UTC)
CONTENT = TemplateContent("email", (("en", Text(subject="Hello {{ customer.name }}", body="")),))


def add_customers(count: int, *, permit: bool = True, start: int = 0) -> list[int]:
    """So many customers with a mail address each; with permission for marketing mail."""
    made = Customer.objects.bulk_create(
        [Customer(name=f"Customer {start + n}", seq=start + n + 1) for n in range(count)]
    )
    ids = [one.pk for one in made]
    ContactPoint.objects.bulk_create(
        [
            ContactPoint(customer_id=pk, kind="email", value=f"c{start + n}@example.org")
            for n, pk in enumerate(ids)
        ]
    )
    if permit:
        add_permission(ids)
    return ids


def add_permission(
    ids: Sequence[int],
    channel: Channel = Channel.EMAIL,
    purpose: Purpose = Purpose.MARKETING,
    allowed: bool = True,
) -> None:
    """What these customers said."""
    at = NOW - timedelta(days=30)
    ConsentEntry.objects.bulk_create(
        [
            ConsentEntry(
                customer_id=pk,
                channel=str(channel),
                purpose=str(purpose),
                allowed=allowed,
                source="a form",
                way="import",
                at=at,
                recorded_at=at,
            )
            for pk in ids
        ]
    )


def add_smtp(port: int = 25, **changes: Any) -> int:
    """An account that sends by a server of this machine; its id."""
    told: dict[str, Any] = {
        "settings": {
            "host": "127.0.0.1",
            "port": port,
            "security": "none",
            "sender_name": "Shop",
            "sender_address": "shop@example.com",
        },
        "secrets": {},
        "by": None,
        "now": NOW,
        **changes,
    }
    return add_account("Mail", Channel.EMAIL, "smtp", **told).pk


def add_message(ids: Sequence[int], origin: str = "test:1", **changes: Any) -> int:
    """A marketing mail to these customers that runs; its id."""
    told: dict[str, Any] = {
        "template": CONTENT,
        "channels": ("email",),
        "purpose": Purpose.MARKETING,
        "by": None,
        "now": NOW,
        **changes,
    }
    message = open_message(origin=origin, **told)
    add_recipients(message, [Recipient(pk) for pk in ids], now=NOW)
    start_message(message, by=None, now=NOW)
    return message
