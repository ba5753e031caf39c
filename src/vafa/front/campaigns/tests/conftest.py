"""The fixtures of these pages' tests are those of the room: a business in Tehran, its owner, a list of customers."""

import pytest
from django.test import Client

from vafa.act.campaigns.tests.conftest import CONTENT, NOW, World, ledger, world

__all__ = ["CONTENT", "NOW", "World", "ledger", "owner", "world"]


@pytest.fixture
def owner(world: World, client: Client) -> Client:
    """The owner's browser."""
    client.force_login(world.owner)
    return client
