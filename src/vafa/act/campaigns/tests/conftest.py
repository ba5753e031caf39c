"""The fixtures of this room's tests: a business in Tehran, a list of customers who may be written to, an account."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from vafa.act.campaigns import checking
from vafa.act.campaigns.actions import create_campaign
from vafa.act.campaigns.models import Campaign
from vafa.act.campaigns.types import Told
from vafa.act.messaging.tests.world import add_permission, add_smtp
from vafa.act.messaging.types import Block, TemplateContent, Text
from vafa.data.business.actions import change_business
from vafa.data.consent.models import ConsentEntry
from vafa.data.customers.models import ContactPoint
from vafa.data.staff.models import Staff
from vafa.kit.permissions import Role
from vafa.measure.metrics.tests.ledger import Ledger, ledger
from vafa.measure.segments.actions import add_members, create_segment
from vafa.warehouse.queries import open_snapshot

# 13:00 in Tehran, on Monday 24 Esfand 1404.
NOW = datetime(2026, 3, 15, 9, 30, tzinfo=UTC)
CONTENT = TemplateContent(
    "email",
    (("en", Text(subject="Hello", blocks=(Block("text", 'Dear {{ given_name | default: "friend" }}'),))),),
)

__all__ = ["CONTENT", "NOW", "World", "ledger", "world"]


@dataclass(frozen=True)
class World:
    """Who works here, whom there is, and the list of some of them."""

    owner: Staff
    customers: list[int]
    slug: str
    account: int
    ledger: Ledger

    def add(self, count: int) -> list[int]:
        """More customers in the list, with an address and permission each."""
        start = len(self.customers)
        made = [self.ledger.add_customer(f"k{start + n}", name=f"Customer {start + n}") for n in range(count)]
        ContactPoint.objects.bulk_create(
            ContactPoint(customer_id=pk, kind="email", value=f"c{pk}@example.org") for pk in made
        )
        add_permission(made)
        ConsentEntry.objects.filter(customer__in=made).update(at=NOW - timedelta(days=30))
        self.customers.extend(made)
        self.ledger.publish()
        add_members(self.slug, made, snapshot=open_snapshot(), by=None, now=NOW)
        return made

    def draft(self, **changes: Any) -> Campaign:
        """A campaign to the list that could start, but for the changes."""
        told = Told(name="Spring", segment=self.slug, content=CONTENT.to_json(), holdout=0.5)
        return create_campaign(replace(told, **changes), by=self.owner, now=NOW)


@pytest.fixture
def world(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(checking, "require_public_address", lambda _now: "https://vafa.example.com")
    change_business(
        by=None, now=NOW, name="Shop", zone="Asia/Tehran", calendar="jalali", language="en", is_set_up=True
    )
    owner = Staff.objects.create_user(
        "owner@example.com", None, name="owner", role=Role.OWNER, created_at=NOW
    )
    slug = create_segment("All", None, by=None, now=NOW - timedelta(days=1)).slug
    made = World(owner, [], slug, add_smtp(), ledger)
    made.add(20)
    return made
