"""Shops are read whole, each fact once, go on where they were cut off, and their webhooks count once, in any order."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum

from tests.support.shops import (
    KEY,
    SECRET,
    FakeShop,
    build_shopify_order,
    build_woo_order,
    run_shopify,
    run_woocommerce,
    sign,
)
from vafa.data.customers.models import Customer
from vafa.data.log.models import Happening
from vafa.data.orders.models import OrderLine, ReturnLine
from vafa.data.shops import actions, pulling
from vafa.data.shops.models import Message, Shop
from vafa.data.shops.types import ShopUnusable

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAFA_ALLOW_PRIVATE", "localhost")


@pytest.fixture
def woo() -> Iterator[FakeShop]:
    with run_woocommerce() as shop:
        shop.customers = [
            {"id": n, "email": f"c{n}@example.com", "first_name": "سارا", "last_name": f"رحیمی {n}",
             "date_created_gmt": "2025-05-05T00:00:00", "billing": {"city": "شیراز"}}
            for n in range(1, 8)
        ]  # fmt: skip
        shop.products = [{"id": 1, "sku": "tea", "name": "چای", "categories": [{"name": "نوشیدنی"}]}]
        shop.orders = [build_woo_order(n) for n in range(1, 24)]
        shop.size = 5
        yield shop


@pytest.fixture
def shopify() -> Iterator[FakeShop]:
    with run_shopify() as shop:
        shop.customers = [
            {"id": 900 + n, "email": f"c{n}@example.com", "first_name": "Sara"} for n in range(5)
        ]
        shop.products = [
            {"id": 1, "title": "Tea", "product_type": "Drinks", "variants": [{"id": 11, "sku": "tea"}]}
        ]
        shop.orders = [build_shopify_order(n) for n in range(1, 24)]
        shop.size = 5
        yield shop


def connect(provider: str, shop: FakeShop, **more: str) -> Shop:
    said = {"key": KEY, "secret": SECRET, "hook_secret": "h", "url": shop.url} | more
    return actions.connect_shop(
        provider, "test", said["url"], said["key"], said["secret"], said["hook_secret"], by=None, now=NOW
    )


def load(now: datetime = NOW) -> Shop:
    actions.pull(now)
    return Shop.objects.get()


def test_a_woocommerce_is_read_whole_and_once(woo: FakeShop) -> None:
    refund = {"id": 501, "amount": "40.00", "reason": "broken", "date_created_gmt": "2026-01-20T10:00:00"}
    woo.orders[1] |= {"refunds": [{"id": 501, "total": "-40.00"}], "_refunds": [refund]}
    woo.orders[2] |= {"status": "refunded", "refunds": [{"id": 502}], "_refunds": [refund | {"id": 502}]}
    woo.orders[3] |= {"status": "cancelled"}
    connect("woocommerce", woo)
    shop = load()
    assert (shop.phase, shop.error, shop.problems, shop.loaded_at) == ("", "", [], NOW)
    assert {name: shop.counts[name] for name in ("customers", "products", "orders")} == {
        "customers": 7, "products": 1, "orders": 23,
    }  # fmt: skip
    assert shop.totals["orders"] == 23
    lines = OrderLine.objects.all()
    assert lines.values("order_key").distinct().count() == 23
    one = lines.get(order_key="9", product__code="tea")
    assert (one.amount, one.discount, one.tax, one.shipping, one.currency) == (200, 20, 15, 20, "IRT")
    assert (one.quantity, one.at, one.product_line.name) == (
        2,
        datetime(2026, 1, 10, 8, 30, tzinfo=UTC),
        "نوشیدنی",
    )
    assert set(lines.filter(counts=False).values_list("order_key", flat=True)) == {"4"}
    assert [(one.order_key, one.amount, one.reason) for one in ReturnLine.objects.order_by("pk")] == [
        ("2", 40, "broken"), ("3", 40, "broken"),
    ]  # fmt: skip
    # Guests are known by their address: five who ordered as guests are one of the seven.
    assert Customer.objects.count() == 8
    assert not Happening.objects.filter(live=True).exists()
    before = (lines.count(), lines.aggregate(total=Sum("seq"))["total"])
    actions.load_again(shop, by=None, now=NOW)
    load()
    assert (lines.count(), lines.aggregate(total=Sum("seq"))["total"]) == before


def test_a_shopify_is_read_whole_and_once(shopify: FakeShop) -> None:
    refund = {"id": 700, "created_at": "2026-01-20T10:00:00+03:30", "note": "late",
              "transactions": [{"kind": "refund", "amount": "30.00", "status": "success"}]}  # fmt: skip
    shopify.orders[1] |= {"financial_status": "partially_refunded", "refunds": [refund]}
    shopify.orders[2] |= {"cancelled_at": "2026-01-20T10:00:00+03:30", "financial_status": "voided"}
    connect("shopify", shopify)
    shop = load()
    assert (shop.error, shop.problems, shop.counts["orders"]) == ("", [], 23)
    one = OrderLine.objects.get(order_key="9")
    assert (one.amount, one.discount, one.tax, one.shipping, one.product_line.name) == (
        200,
        20,
        15,
        5,
        "Drinks",
    )
    assert one.at == datetime(2026, 1, 10, 5, tzinfo=UTC)
    assert set(OrderLine.objects.filter(counts=False).values_list("order_key", flat=True)) == {"3"}
    assert [(row.order_key, row.amount) for row in ReturnLine.objects.all()] == [("2", Decimal(30))]
    assert Customer.objects.count() == 5


@pytest.mark.parametrize("provider", ["woocommerce", "shopify"])
def test_a_busy_shop_is_left_alone_and_one_that_was_cut_off_goes_on(
    provider: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = request.getfixturevalue("woo" if provider == "woocommerce" else "shopify")
    connect(provider, fake)
    fake.busy = 1
    shop = load()
    assert shop.not_before > NOW
    assert shop.error
    now, note, pages = shop.not_before, pulling._note_page, 0

    def die_after_three(*given: Any) -> None:
        nonlocal pages
        pages += 1
        note(*given)
        if pages == 3:
            raise KeyboardInterrupt  # as a worker that is killed: nothing after this line is done

    monkeypatch.setattr(pulling, "_note_page", die_after_three)
    with pytest.raises(KeyboardInterrupt):
        actions.pull(now)
    monkeypatch.setattr(pulling, "_note_page", note)
    Shop.objects.update(claim="dead", lease_until=now + pulling.LEASE)
    assert actions.pull(now) == 0
    asked = len(fake.web.asked)
    shop = load(now + pulling.LEASE + timedelta(seconds=1))
    assert (shop.counts["orders"], OrderLine.objects.values("order_key").distinct().count()) == (23, 23)
    assert shop.loaded_at is not None
    # Two pages were kept, the third was not; no page is asked for a third time.
    assert len({one.path for one in fake.web.asked[asked:]}) == len(fake.web.asked) - asked


def test_after_the_history_only_what_changed_is_asked_for_and_is_live(woo: FakeShop) -> None:
    connect("woocommerce", woo)
    load()
    later = NOW + pulling.EVERY
    moment = later.strftime("%Y-%m-%dT%H:%M:%S")
    woo.orders.append(build_woo_order(99, date_created_gmt=moment, date_modified_gmt=moment))
    asked = len(woo.web.asked)
    load(later)
    assert OrderLine.objects.filter(order_key="99").count() == 2
    assert [one.kind for one in Happening.objects.filter(live=True)] == ["order_new"]
    assert all("modified_after" in one.path for one in woo.web.asked[asked:])


def tell(
    shop: Shop, order: dict[str, Any], event: str, topic: str = "order.updated", secret: str = "h"
) -> bool:
    body = json.dumps(order).encode()
    headers = {
        "X-WC-Webhook-Signature": sign(secret, body),
        "X-WC-Webhook-Delivery-ID": event,
        "X-WC-Webhook-Topic": topic,
    }
    return actions.take_message(shop, headers, body, now=NOW)


def test_webhooks_count_once_in_any_order(woo: FakeShop) -> None:
    shop = connect("woocommerce", woo)
    at = "2026-01-10T01:00:00"
    tellings = [
        build_woo_order(7, status=status, date_modified_gmt=f"2026-01-10T0{hour}:00:00", date_created_gmt=at)
        for hour, status in enumerate(("pending", "processing", "completed"), start=1)
    ]
    shuffled = [(str(n), one) for n, one in enumerate(tellings)] * 2
    random.Random(3).shuffle(shuffled)
    assert sum(tell(shop, one, event) for event, one in shuffled) == 3
    assert set(OrderLine.objects.values_list("status", flat=True)) == {"completed"}
    assert OrderLine.objects.count() == 2
    assert {(one.state, one.body) for one in Message.objects.all()} == {("done", "")}
    assert tell(shop, {"id": 7}, "9", "order.deleted")
    assert not OrderLine.objects.exists()


def test_a_webhook_without_the_right_signature_is_refused(woo: FakeShop) -> None:
    shop = connect("woocommerce", woo)
    with pytest.raises(actions.NotSigned):
        tell(shop, build_woo_order(7), "1", secret="other")
    with pytest.raises(actions.NotSigned):
        actions.take_message(shop, {"X-WC-Webhook-Signature": "Ã©é"}, b"{}", now=NOW)
    assert not Message.objects.exists()


def test_shopify_s_webhooks_are_taken(shopify: FakeShop) -> None:
    shop = connect("shopify", shopify)
    for number, topic in enumerate(("orders/create", "orders/updated", "orders/delete")):
        body = json.dumps(build_shopify_order(7)).encode()
        headers = {
            "X-Shopify-Hmac-Sha256": sign("h", body),
            "X-Shopify-Webhook-Id": str(number),
            "X-Shopify-Topic": topic,
        }
        assert actions.take_message(shop, headers, body, now=NOW)
        assert OrderLine.objects.exists() == (topic != "orders/delete")


def test_a_message_that_can_t_be_taken_is_tried_again_and_given_up(woo: FakeShop) -> None:
    shop = connect("woocommerce", woo)
    body = b'{"no": "id"}'
    headers = {
        "X-WC-Webhook-Signature": sign("h", body), "X-WC-Webhook-Delivery-ID": "1",
        "X-WC-Webhook-Topic": "order.created",
    }  # fmt: skip
    actions.take_message(shop, headers, body, now=NOW)
    now = NOW
    for _time in range(8):
        now += timedelta(days=1)
        actions.work_off_messages(now)
    message = Message.objects.get()
    assert (message.state, message.body, message.error) == ("failed", "", "KeyError")


def test_the_shop_is_asked_to_tell_of_what_happens_once(woo: FakeShop) -> None:
    shop = connect("woocommerce", woo)
    assert actions.register_hooks(shop, "https://v.example/in/1/", by=None, now=NOW) == 5
    assert actions.register_hooks(shop, "https://v.example/in/1/", by=None, now=NOW) == 0
    assert {one["secret"] for one in woo.hooks} == {"h"}


@pytest.mark.parametrize(
    ("more", "about"),
    [({"key": "wrong"}, "secret"), ({"url": "http://localhost:1"}, "url"), ({"url": "ftp://x"}, "url"),
     ({"url": "http://shop.example"}, "url")],
)  # fmt: skip
def test_what_can_t_be_connected_is_told_by_the_field_to_mend(
    woo: FakeShop, more: dict[str, str], about: str
) -> None:
    with pytest.raises(ShopUnusable) as refused:
        connect("woocommerce", woo, **more)
    assert refused.value.about == about
    assert refused.value.message
    assert not Shop.objects.exists()
