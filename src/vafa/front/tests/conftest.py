"""A business with an owner, and browsers that are signed in."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from vafa.data.staff.models import Staff
from vafa.data.staff.queries import forget_owner
from vafa.kit.permissions import Role

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
PASSWORD = "a long walk in the rain"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Each test has a home of its own, and no memory of another's owner."""
    monkeypatch.setenv("VAFA_HOME", str(tmp_path))
    forget_owner()
    yield tmp_path
    forget_owner()


@pytest.fixture
def owner(db: None) -> Staff:
    return Staff.objects.create_user("owner@example.com", PASSWORD, role=Role.OWNER, created_at=NOW)


@pytest.fixture
def signed_in(owner: Staff) -> Client:
    """The owner's browser."""
    client = Client()
    client.force_login(owner)
    confirm(client)
    return client


def confirm(client: Client, password: str = PASSWORD) -> None:
    """Let somebody who was let in without the sign-in page show who they are, as dangerous deeds ask for."""
    assert client.post("/confirm/", {"secret": password}).status_code == 302


def let_be_confirmed(client: Client, staff: Staff) -> None:
    """The same for somebody without a password: as if they had just signed in by the page."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(staff.pk)
    session.save()
