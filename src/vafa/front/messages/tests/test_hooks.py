"""A provider's call is taken at its secret address alone, whatever it holds."""

import pytest
from django.test import Client

from vafa.act.messaging.actions import add_account
from vafa.act.messaging.models import Incoming
from vafa.act.messaging.queries import build_hook_token
from vafa.data.consent.types import Channel
from vafa.data.staff.models import Staff
from vafa.kit import clock

pytestmark = pytest.mark.django_db


def test_a_providers_call_is_kept_once_and_strangers_find_nothing(client: Client) -> None:
    # Before there is an owner every page leads to the beginning.
    Staff.objects.create(email="owner@shop.example", name="Sara", role="owner", created_at=clock.now())
    told = {"sender": "10004346"}
    account = add_account(
        "SMS", Channel.SMS, "kavenegar", settings=told, secrets={}, profile="ir", by=None, now=clock.now()
    )
    address = f"/in/messages/{build_hook_token(account)}/"
    answer = {"messageid": "5", "from": "09121234567", "to": "10004346", "message": "سلام"}
    assert [client.post(address, answer).status_code, client.get(address, answer).status_code] == [200, 200]
    assert client.post(address, b"{", content_type="application/json").status_code == 200
    assert client.post(address, b"x" * 70_000, content_type="text/plain").status_code == 413
    assert client.post("/in/messages/1.forged/", answer).status_code == 404
    assert Incoming.objects.get().text == "سلام"
