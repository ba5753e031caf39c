"""Tokens of the API on their settings page: shown once, listed, revoked."""

import re

import pytest
from django.test import Client

from vafa.data.staff.models import ApiToken

pytestmark = pytest.mark.django_db


def test_a_token_is_made_shown_once_and_revoked(signed_in: Client) -> None:
    sent = {"name": "Power BI", "scopes": ["read:metrics", "read:segments"], "days": "90"}
    page = signed_in.post("/settings/tokens/", sent, follow=True).content.decode()
    (text,) = re.findall(r'value="(vafa_[^"]+)"', page)
    again = signed_in.get("/settings/tokens/").content.decode()
    assert text not in again
    assert "Power BI" in again
    headers = {"Authorization": f"Bearer {text}"}
    assert Client().get("/api/v1/metrics", headers=headers).status_code == 200
    token = ApiToken.objects.get()
    assert token.scopes == ["read:metrics", "read:segments"]
    assert signed_in.get(f"/settings/tokens/{token.pk}/revoke/").status_code == 405
    signed_in.post(f"/settings/tokens/{token.pk}/revoke/")
    assert Client().get("/api/v1/metrics", headers=headers).status_code == 401
    assert "Revoked" in signed_in.get("/settings/tokens/").content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        {"name": "", "scopes": ["read:metrics"], "days": "90"},
        {"name": "x", "scopes": [], "days": "90"},
        {"name": "x", "scopes": ["write:all"], "days": "90"},
        {"name": "x", "scopes": ["read:metrics"], "days": "5"},
    ],
)
def test_what_makes_no_sense_is_refused(signed_in: Client, sent: dict[str, object]) -> None:
    assert signed_in.post("/settings/tokens/", sent).status_code == 422
    assert not ApiToken.objects.exists()
