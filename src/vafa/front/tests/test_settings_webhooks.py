"""The pages of webhooks."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from vafa.act.webhooks.models import Delivery, Hook

pytestmark = pytest.mark.django_db


def test_a_webhook_is_added_switched_shown_and_removed(signed_in: Client) -> None:
    page = signed_in.get(reverse("settings_webhooks"))
    assert page.status_code == 200
    wrong = signed_in.post(
        reverse("settings_webhooks"), {"name": "x", "url": "nonsense", "kinds": ["order_new"]}
    )
    assert wrong.status_code == 422
    added = signed_in.post(
        reverse("settings_webhooks"), {"name": "انبار", "url": "https://x.example/h", "kinds": ["order_new"]}
    )
    hook = Hook.objects.get()
    assert added.headers["Location"] == reverse("webhook", args=[hook.pk])
    now = datetime.now(UTC)
    sent = Delivery.objects.create(
        hook=hook, happening=1, kind="order_new", payload={}, state="failed", not_before=now, created_at=now
    )
    text = signed_in.get(reverse("webhook", args=[hook.pk])).content.decode()
    assert hook.secret in text
    assert reverse("send_delivery_again", args=[sent.pk]) in text
    assert (
        signed_in.get(reverse("webhook", args=[hook.pk]) + "?state=delivered").content.decode().count("<tr>")
        == 0
    )
    signed_in.post(reverse("send_delivery_again", args=[sent.pk]), {"hook": hook.pk})
    assert Delivery.objects.get().state == "pending"
    for asked in ("off", "on", "rotate"):
        assert signed_in.post(reverse("change_webhook", args=[hook.pk]), {"do": asked}).status_code == 302
    assert Hook.objects.get().secret != hook.secret
    assert signed_in.get(reverse("webhook", args=[hook.pk])).status_code == 200
    signed_in.post(reverse("change_webhook", args=[hook.pk]), {"do": "remove"})
    assert signed_in.get(reverse("webhook", args=[hook.pk])).status_code == 404
