"""A few customers to ask about."""

from datetime import UTC, datetime, timedelta

from vafa.data.consent.actions import set_consent
from vafa.data.consent.queries import may_contact
from vafa.data.consent.types import Channel, Proof, Purpose, Reason, Told, Way
from vafa.data.customers.models import ContactPoint, Customer

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def add(name: str, *points: tuple[str, str], kept: Customer | None = None) -> Customer:
    """A customer with contact points."""
    customer = Customer.objects.create(name=name, name_folded=name.lower(), kept=kept, seq=1)
    for kind, value in points:
        ContactPoint.objects.create(customer=customer, kind=kind, value=value)
    return customer


def say(
    customer: Customer,
    allowed: bool,
    *,
    channel: Channel = Channel.EMAIL,
    purpose: Purpose = Purpose.MARKETING,
    source: str = "order form",
    way: Way = Way.HAND,
    at: datetime = NOW,
) -> None:
    """One word of permission."""
    told = Told(customer.pk, channel, purpose, allowed)
    set_consent(told, Proof(source, at=at), way, by=None, now=at)


def why(
    customer: Customer,
    channel: Channel = Channel.EMAIL,
    purpose: Purpose = Purpose.MARKETING,
    on: datetime = NOW + HOUR,
) -> Reason:
    """Why a customer may or may not be contacted."""
    return may_contact([customer.pk], channel, purpose, on)[customer.pk].reason
