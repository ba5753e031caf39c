"""Shopify: its REST interface of the administration, its documents, its webhooks."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

from vafa.data.intake.types import Thing
from vafa.data.shops.asking import ask
from vafa.data.shops.models import Shop
from vafa.data.shops.reading import keep_filled, read_name, read_number
from vafa.data.shops.types import Item, Page, Product
from vafa.kit.outbound import Reply

VERSION = "2025-01"
SIZE = 250
HOOK_TOPICS = ("orders/create", "orders/updated", "orders/delete", "customers/create", "customers/update")
# Wholly refunded orders were sales; what was given back is told by their refunds.
STATUSES = {"refunded": True, "partially_refunded": True, "partially_paid": True}
# When so much of the bucket of questions is used, the next one waits a moment.
FULL = 0.8
MOMENT = timedelta(seconds=2)
SIGNATURE = "X-Shopify-Hmac-Sha256"
"""The header that carries a webhook's signature."""


def fetch_page(shop: Shop, phase: str, cursor: str, since: datetime | None) -> Page:
    """A page of what a shop has; of what changed since a moment, if one is given."""
    query: dict[str, Any] = {"limit": SIZE}
    if cursor:
        query["page_info"] = cursor
    else:
        query |= {"status": "any"} if phase == "orders" else {}
        query |= {"updated_at_min": since.isoformat()} if since is not None else {}
    document, reply = _ask(shop, phase, query)
    return Page(list(document.get(phase) or []), _read_next(reply), None, _read_pressure(reply))


def complete_order(_shop: Shop, order: dict[str, Any]) -> dict[str, Any]:
    """Orders come with their refunds in full."""
    return order


def check(shop: Shop) -> None:
    """Ask for one order, to see that address and key are right."""
    _ask(shop, "orders", {"limit": 1, "status": "any"})


def register_hooks(shop: Shop, address: str) -> int:
    """Ask the shop to tell of what happens at this address; how many topics are new."""
    document, _reply = _ask(shop, "webhooks", {"limit": SIZE})
    told = {one.get("topic") for one in document.get("webhooks") or [] if one.get("address") == address}
    wanted = [topic for topic in HOOK_TOPICS if topic not in told]
    for topic in wanted:
        body = {"webhook": {"topic": topic, "address": address, "format": "json"}}
        ask(f"{_base(shop)}/webhooks.json", headers=_headers(shop), method="POST", body=body)
    return len(wanted)


def _ask(shop: Shop, path: str, query: Mapping[str, Any]) -> tuple[Any, Reply]:
    return ask(f"{_base(shop)}/{path}.json", headers=_headers(shop), query=query)


def _base(shop: Shop) -> str:
    return f"{shop.url.rstrip('/')}/admin/api/{VERSION}"


def _headers(shop: Shop) -> dict[str, str]:
    return {"X-Shopify-Access-Token": shop.secret}


def _read_next(reply: Reply) -> str:
    """Where the next page begins, as the header Link says; "" after the last."""
    for address, relation in re.findall(r'<([^>]+)>;\s*rel="?(\w+)"?', reply.headers.get("link", "")):
        if relation == "next":
            return next(iter(parse_qs(urlsplit(address).query).get("page_info", [])), "")
    return ""


def _read_pressure(reply: Reply) -> timedelta:
    """How long to wait so that the bucket of questions, of which the shop tells ("32/40"), doesn't run over."""
    used, _slash, most = reply.headers.get("x-shopify-shop-api-call-limit", "").partition("/")
    full = used.isdigit() and most.isdigit() and int(most) > 0 and int(used) / int(most) >= FULL
    return MOMENT if full else timedelta(0)


def read_event(headers: Mapping[str, str]) -> tuple[str, str]:
    """The event's id, and its topic: ("b54557e4", "orders/updated")."""
    event = headers.get("X-Shopify-Webhook-Id") or headers.get("X-Shopify-Event-Id") or ""
    topic = headers.get("X-Shopify-Topic", "")
    return event, f"{topic.removesuffix('delete')}deleted" if topic.endswith("/delete") else topic


def read_item(phase: str, item: dict[str, Any], *, gone: bool = False) -> Item:
    """A document as what the intake takes."""
    number = str(item["id"])
    if gone:
        return Item(phase, number, None, gone=True)
    changed = _moment(item.get("updated_at"))
    if phase == "customers":
        return Item(phase, number, changed, customers=[_read_customer(item)])
    if phase == "products":
        line, name = item.get("product_type") or "", item.get("title") or ""
        codes = [one.get("sku") or str(one.get("id")) for one in item.get("variants") or []] or [number]
        return Item(phase, number, changed, products=[Product(code, name, line) for code in codes])
    return Item(phase, number, changed, orders=[_read_order(item)], returns=_read_refunds(item))


def _read_customer(item: Mapping[str, Any]) -> Thing:
    address = item.get("default_address") or {}
    row = {
        "customer": str(item["id"]),
        "name": read_name(item),
        "email": item.get("email") or "",
        "phone": item.get("phone") or address.get("phone") or "",
        "company": address.get("company") or "",
        "location": address.get("city") or "",
        "joined_at": str(item.get("created_at") or "")[:10],
    }
    return Thing((keep_filled(row),))


def _read_person(order: Mapping[str, Any]) -> dict[str, str]:
    customer, billing = order.get("customer") or {}, order.get("billing_address") or {}
    return {
        "customer": str(customer.get("id") or ""),
        "name": read_name(customer) or read_name(billing),
        "email": order.get("email") or customer.get("email") or "",
        "phone": order.get("phone") or customer.get("phone") or billing.get("phone") or "",
    }


def _read_order(order: Mapping[str, Any]) -> Thing:
    called_off = order.get("cancelled_at") and not _read_refunds(order)
    head = _read_person(order) | {
        "order": str(order["id"]),
        "at": str(order.get("processed_at") or order.get("created_at") or ""),
        "status": "cancelled" if called_off else order.get("financial_status") or "",
        "currency": order.get("currency") or "",
    }
    lines = [_read_line(line) for line in order.get("line_items") or []] or [
        {"amount": str(order.get("subtotal_price") or 0)}
    ]
    lines[0]["shipping"] = str(_sum(order.get("shipping_lines"), "price"))
    custom = {"number": str(order["name"])} if order.get("name") else {}
    return Thing(tuple(keep_filled(head | line) for line in lines), custom)


def _read_line(line: Mapping[str, Any]) -> dict[str, str]:
    quantity = read_number(line.get("quantity") or 1)
    given = _sum(line.get("discount_allocations"), "amount") or read_number(line.get("total_discount"))
    return {
        "product": str(line.get("sku") or line.get("variant_id") or line.get("product_id") or ""),
        "product_name": line.get("title") or line.get("name") or "",
        "quantity": str(quantity),
        "amount": str(quantity * read_number(line.get("price"))),
        "discount": str(given),
        "tax": str(_sum(line.get("tax_lines"), "price")),
    }


def _read_refunds(order: Mapping[str, Any]) -> list[Thing]:
    found = []
    for refund in order.get("refunds") or []:
        paid = [one for one in refund.get("transactions") or [] if one.get("kind") == "refund"]
        paid = [one for one in paid if one.get("status", "success") == "success"]
        amount = _sum(paid, "amount") or _sum(refund.get("refund_line_items"), "subtotal")
        if not amount:
            continue
        row = _read_person(order) | {
            "return": str(refund["id"]),
            "order": str(order["id"]),
            "at": str(refund.get("created_at") or order.get("updated_at") or ""),
            "amount": str(amount),
            "currency": order.get("currency") or "",
            "reason": refund.get("note") or "",
        }
        found.append(Thing((keep_filled(row),)))
    return found


def _sum(rows: Any, name: str) -> Decimal:
    return sum((read_number(one.get(name)) for one in rows or []), Decimal(0))


def _moment(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC) if text else None
    except ValueError:
        return None
