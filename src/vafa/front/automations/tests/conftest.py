"""The fixtures of these pages' tests: the room's shop, its owner and two agents, and a sending account."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from django.test import Client

from vafa.act.automations.tests.conftest import NOW, World, home, ledger, world
from vafa.act.messaging.actions import add_account
from vafa.data.business.actions import change_business
from vafa.data.consent.types import Channel
from vafa.data.customers.models import Customer
from vafa.data.staff.models import Staff
from vafa.kit import clock
from vafa.kit.permissions import Role
from vafa.measure.segments.actions import make_presets

__all__ = ["NOW", "Shop", "home", "ledger", "shop", "world"]


@dataclass
class Shop:
    """Who works here, and what they see."""

    world: World
    owner: Staff
    mina: Staff
    of_mina: int
    of_nobody: int

    def visit(self, staff: Staff) -> Client:
        """A browser of somebody who is signed in."""
        client = Client(headers={"accept-language": "en"})
        client.force_login(staff)
        return client


@pytest.fixture
def shop(world: World, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    change_business(by=None, now=NOW, agents_own_only=True)
    owner, mina = (
        Staff.objects.create_user(f"{name}@example.com", None, name=name, role=role, created_at=NOW)
        for name, role in (("owner", Role.OWNER), ("mina", Role.AGENT))
    )
    of_mina = world.ledger.add_customer("a", name="Sara of Mina")
    of_nobody = world.ledger.add_customer("b", name="Reza of nobody")
    Customer.objects.filter(pk=of_mina).update(owner=mina)
    make_presets(now=NOW)
    add_mail_account(NOW)
    return Shop(world, owner, mina, of_mina, of_nobody)


def add_mail_account(now: datetime) -> None:
    """A sending account for mail."""
    add_account(
        "Mail",
        Channel.EMAIL,
        "smtp",
        settings={"host": "127.0.0.1", "port": 25},
        secrets={},
        by=None,
        now=now,
    )
