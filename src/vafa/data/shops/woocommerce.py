"""WooCommerce: its REST interface (wc/v3), its documents, its webhooks."""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from vafa.data.intake.types import Thing
from vafa.data.shops.asking import ask
from vafa.data.shops.models import Shop
from vafa.data.shops.reading import keep_filled, read_name, read_number
from vafa.data.shops.types import Item, Page, Product

SIZE = 100
HOOK_TOPICS = ("order.created", "order.updated", "order.deleted", "customer.created", "customer.updated")
# Orders in these states were never a sale, so nothing was given back either.
NO_SALE = frozenset({"pending", "failed", "cancelled", "trash", "checkout-draft", "auto-draft"})
# Wholly refunded orders were sales; what was given back is told by their refunds.
STATUSES = {"refunded": True, "trash": False, "auto-draft": False}
SIGNATURE = "X-WC-Webhook-Signature"
"""The header that carries a webhook's signature."""


def fetch_page(shop: Shop, phase: str, cursor: str, since: datetime | None) -> Page:
    """A page of what a shop has, oldest first; of what changed since a moment, if one is given."""
    number = int(cursor or 1)
    query: dict[str, Any] = {"per_page": SIZE, "page": number, "orderby": "id", "order": "asc"}
    if phase == "customers":
        query["role"] = "all"
    if since is not None and phase != "customers":
        # Customers can't be asked for by their change; their webhooks and orders tell of it.
        query |= {"modified_after": since.strftime("%Y-%m-%dT%H:%M:%S"), "dates_are_gmt": "true"}
    items, reply = _ask(shop, phase, query)
    pages = reply.headers.get("x-wp-totalpages", "")
    last = number >= int(pages) if pages.isdigit() else len(items) < SIZE
    total = reply.headers.get("x-wp-total", "")
    if phase == "orders":
        items = [complete_order(shop, item) for item in items]
    return Page(items, "" if last else str(number + 1), int(total) if total.isdigit() else None)


def complete_order(shop: Shop, order: dict[str, Any]) -> dict[str, Any]:
    """An order with its refunds in full, which the list of orders only names."""
    if not order.get("refunds") or order.get("status") in NO_SALE:
        return order
    found, _reply = _ask(shop, f"orders/{order['id']}/refunds", {"per_page": SIZE})
    return order | {"refunds": found}


def check(shop: Shop) -> None:
    """Ask for one order, to see that address and key are right."""
    _ask(shop, "orders", {"per_page": 1})


def register_hooks(shop: Shop, address: str) -> int:
    """Ask the shop to tell of what happens at this address; how many topics are new."""
    known, _reply = _ask(shop, "webhooks", {"per_page": SIZE})
    told = {one.get("topic") for one in known if one.get("delivery_url") == address}
    wanted = [topic for topic in HOOK_TOPICS if topic not in told]
    for topic in wanted:
        body = {"name": f"Vafa {topic}", "topic": topic, "delivery_url": address, "secret": shop.hook_secret}
        ask(f"{_base(shop)}/webhooks", headers=_headers(shop), method="POST", body=body)
    return len(wanted)


def _ask(shop: Shop, path: str, query: Mapping[str, Any]) -> tuple[Any, Any]:
    return ask(f"{_base(shop)}/{path}", headers=_headers(shop), query=query)


def _base(shop: Shop) -> str:
    return f"{shop.url.rstrip('/')}/wp-json/wc/v3"


def _headers(shop: Shop) -> dict[str, str]:
    pair = base64.b64encode(f"{shop.key}:{shop.secret}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def read_event(headers: Mapping[str, str]) -> tuple[str, str]:
    """The event's id, and its topic as "orders" or "customers" with what happened: ("wc-1", "orders/updated")."""
    resource, _dot, what = headers.get("X-WC-Webhook-Topic", "").partition(".")
    return headers.get("X-WC-Webhook-Delivery-ID", ""), f"{resource}s/{what}"


def read_item(phase: str, item: dict[str, Any], *, gone: bool = False) -> Item:
    """A document as what the intake takes."""
    number = str(item["id"])
    if gone:
        return Item(phase, number, None, gone=True)
    changed = _moment(item.get("date_modified_gmt"))
    if phase == "customers":
        return Item(phase, number, changed, customers=[_read_customer(item)])
    if phase == "products":
        lines = [one.get("name", "") for one in item.get("categories") or []]
        code = item.get("sku") or number
        return Item(
            phase, number, changed, products=[Product(code, item.get("name", ""), next(iter(lines), ""))]
        )
    return Item(phase, number, changed, orders=[_read_order(item)], returns=_read_refunds(item))


def _read_customer(item: Mapping[str, Any]) -> Thing:
    billing = item.get("billing") or {}
    row = {
        "customer": str(item["id"]),
        "name": read_name(item) or read_name(billing),
        "email": item.get("email") or billing.get("email") or "",
        "phone": billing.get("phone") or "",
        "company": billing.get("company") or "",
        "location": billing.get("city") or "",
        "joined_at": str(item.get("date_created_gmt") or "")[:10],
    }
    return Thing((keep_filled(row),))


def _read_person(order: Mapping[str, Any]) -> dict[str, str]:
    billing = order.get("billing") or {}
    customer = order.get("customer_id") or 0
    return {
        "customer": str(customer) if customer else "",
        "name": read_name(billing),
        "email": billing.get("email") or "",
        "phone": billing.get("phone") or "",
    }


def _read_order(order: Mapping[str, Any]) -> Thing:
    head = _read_person(order) | {
        "order": str(order["id"]),
        "at": _utc(order.get("date_created_gmt")),
        "status": order.get("status") or "",
        "currency": order.get("currency") or "",
    }
    lines = [_read_line(line) for line in order.get("line_items") or []]
    lines += [
        {"product": f"fee:{fee.get('name', '')}", "amount": str(fee.get("total") or 0)}
        for fee in order.get("fee_lines") or []
    ]
    if not lines:
        rest = (
            read_number(order.get("total"))
            - read_number(order.get("total_tax"))
            - read_number(order.get("shipping_total"))
        )
        lines = [{"amount": str(rest)}]
    lines[0]["shipping"] = str(order.get("shipping_total") or 0)
    number = str(order.get("number") or "")
    custom = {"number": number} if number and number != str(order["id"]) else {}
    return Thing(tuple(keep_filled(head | line) for line in lines), custom)


def _read_line(line: Mapping[str, Any]) -> dict[str, str]:
    """Before discount and tax, as the accounts of sales count."""
    before, after = read_number(line.get("subtotal", line.get("total"))), read_number(line.get("total"))
    return {
        "product": str(line.get("sku") or line.get("variation_id") or line.get("product_id") or ""),
        "product_name": line.get("name") or "",
        "quantity": str(line.get("quantity") or 1),
        "amount": str(before),
        "discount": str(before - after),
        "tax": str(line.get("total_tax") or 0),
    }


def _read_refunds(order: Mapping[str, Any]) -> list[Thing]:
    if order.get("status") in NO_SALE:
        return []
    found = []
    for refund in order.get("refunds") or []:
        amount = abs(read_number(refund.get("amount", refund.get("total"))))
        when = (
            refund.get("date_created_gmt") or order.get("date_modified_gmt") or order.get("date_created_gmt")
        )
        row = _read_person(order) | {
            "return": str(refund["id"]),
            "order": str(order["id"]),
            "at": _utc(when),
            "amount": str(amount),
            "currency": order.get("currency") or "",
            "reason": refund.get("reason") or "",
        }
        found.append(Thing((keep_filled(row),)))
    return found


def _utc(text: Any) -> str:
    return f"{str(text)[:19]}Z" if text else ""


def _moment(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)[:19]).replace(tzinfo=UTC) if text else None
    except ValueError:
        return None
