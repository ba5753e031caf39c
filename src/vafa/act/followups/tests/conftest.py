"""The fixtures of this room's tests: a business in Tehran, its owner, two agents, and customers of theirs."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from vafa.data.business.actions import change_business
from vafa.data.customers.models import Customer
from vafa.data.staff.models import Staff
from vafa.kit.locale.letters import fold_name
from vafa.kit.permissions import Role
from vafa.measure.metrics.tests.ledger import Ledger, ledger

# 13:00 in Tehran, on Monday 24 Esfand 1404.
NOW = datetime(2026, 3, 15, 9, 30, tzinfo=UTC)

__all__ = ["NOW", "ledger"]


@dataclass(frozen=True)
class Team:
    """Who works here, and for whom."""

    owner: Staff
    mina: Staff
    omid: Staff
    of_mina: int
    of_omid: int
    of_nobody: int
    ledger: Ledger


@pytest.fixture
def team(ledger: Ledger) -> Team:
    change_business(
        by=None,
        now=NOW,
        name="Shop",
        zone="Asia/Tehran",
        calendar="jalali",
        agents_own_only=True,
        is_set_up=True,
    )
    owner, mina, omid = (
        Staff.objects.create_user(f"{name}@example.com", None, name=name, role=role, created_at=NOW)
        for name, role in (("owner", Role.OWNER), ("mina", Role.AGENT), ("omid", Role.AGENT))
    )
    customers = [
        ledger.add_customer(name, name=f"of {name}", name_folded=fold_name(f"of {name}"))
        for name in ("mina", "omid", "nobody")
    ]
    for customer, staff in zip(customers, (mina, omid), strict=False):
        Customer.objects.filter(pk=customer).update(owner=staff)
    of_mina, of_omid, of_nobody = customers
    return Team(owner, mina, omid, of_mina, of_omid, of_nobody, ledger)
