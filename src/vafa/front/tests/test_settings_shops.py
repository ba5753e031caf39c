"""The pages of connected shops, and the address to which shops tell."""

import json
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tests.support.shops import KEY, SECRET, build_woo_order, run_woocommerce, sign
from vafa.data.orders.models import OrderLine
from vafa.data.shops.models import Shop
from vafa.data.timed.models import Timed

pytestmark = pytest.mark.django_db


def test_a_shop_is_connected_shown_told_by_and_disconnected(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAFA_ALLOW_PRIVATE", "localhost")
    assert signed_in.get(reverse("settings_shops")).status_code == 200
    with run_woocommerce() as fake:
        said = {"provider": "woocommerce", "name": "فروشگاه", "url": fake.url, "key": KEY}
        wrong = signed_in.post(reverse("settings_shops"), said | {"secret": "wrong"})
        assert wrong.status_code == 422
        assert not Shop.objects.exists()
        signed_in.post(reverse("settings_shops"), said | {"secret": SECRET})
        shop = Shop.objects.get()
        page, change = reverse("shop", args=[shop.pk]), reverse("change_shop", args=[shop.pk])
        address = reverse("shop_webhook", args=[shop.token])
        text = signed_in.get(page).content.decode()
        assert address in text
        assert SECRET not in text
        for asked in ("off", "on", "again", "hooks", "keys"):
            assert signed_in.post(change, {"do": asked}).headers["Location"] == page
        assert {one["delivery_url"] for one in fake.hooks} == {f"http://testserver{address}"}
        body = json.dumps(build_woo_order(7)).encode()
        headers = {
            "X-WC-Webhook-Signature": sign(shop.hook_secret, body),
            "X-WC-Webhook-Delivery-ID": "1",
            "X-WC-Webhook-Topic": "order.created",
        }
        stranger = Client(enforce_csrf_checks=True)
        for _time in range(2):
            assert stranger.post(address, body, "application/json", headers=headers).status_code == 200
        assert OrderLine.objects.count() == 2
        assert stranger.post(address, body + b" ", "application/json", headers=headers).status_code == 401
        assert stranger.get(address).status_code == 405
        # What WooCommerce sends when a webhook is saved carries its signature, and no event.
        ping = b"webhook_id=3"
        hello = {"X-WC-Webhook-Signature": sign(shop.hook_secret, ping)}
        assert stranger.post(address, ping, "text/plain", headers=hello).status_code == 200
        signed_in.post(change, {"do": "remove"})
        assert signed_in.get(page).status_code == 404
        assert stranger.post(address, body, "application/json", headers=headers).status_code == 404
        assert OrderLine.objects.count() == 2


def test_a_folder_is_added_to_the_timetable_and_taken_off(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VAFA_IMPORT_FOLDER", str(tmp_path))
    (tmp_path / "orders").mkdir()
    page, said = (
        reverse("settings_timed"),
        {"name": "صندوق", "kind": "orders", "source": "till", "every": "60"},
    )
    assert signed_in.post(page, said | {"place": "../etc"}).status_code == 422
    assert signed_in.post(page, said | {"place": "orders"}).status_code == 302
    timed = Timed.objects.get()
    assert "orders" in signed_in.get(page).content.decode()
    change = reverse("change_timed", args=[timed.pk])
    for asked in ("off", "on", "now", "remove"):
        assert signed_in.post(change, {"do": asked}).status_code == 302
    assert not Timed.objects.exists()
