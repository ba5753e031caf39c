"""A shop of which every number is known, and programs that ask with tokens."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from vafa.data.staff.actions import make_token
from vafa.data.staff.models import Staff
from vafa.front.overview.tests.shop import shop
from vafa.front.tests.conftest import own_home, owner, signed_in
from vafa.kit.scopes import SCOPE_NEEDS, Scope
from vafa.measure.metrics.tests.ledger import ledger

__all__ = ["ask", "ledger", "own_home", "owner", "shop", "signed_in"]

Ask = Callable[..., Any]


def list_own_scopes(staff: Staff) -> tuple[Scope, ...]:
    """All that this person may let a program do."""
    return tuple(scope for scope in Scope if SCOPE_NEEDS[scope] in staff.permissions)


@pytest.fixture
def ask(owner: Staff) -> Ask:
    """Ask with a token of the owner, or of somebody else, with all scopes or some: gives status and document."""
    texts: dict[Any, str] = {}

    def go(path: str, scopes: tuple[Scope, ...] = (), staff: Staff | None = None) -> Any:
        scopes = scopes or list_own_scopes(staff or owner)
        key = (scopes, (staff or owner).pk)
        if key not in texts:
            now = datetime.now(UTC)
            texts[key] = make_token(staff or owner, "test", scopes, days=30, now=now)[1]
        answer = Client().get(f"/api/v1{path}", headers={"Authorization": f"Bearer {texts[key]}"})
        return answer.status_code, answer.json()

    return go
