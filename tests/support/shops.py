"""Shops on this machine that speak the REST protocols of WooCommerce and Shopify, for tests."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.web import Asked, Told, WebServer, run_web_server

KEY, SECRET = "ck_1", "cs_1"


@dataclass
class FakeShop:
    """What the shop has, and how it misbehaves: `busy` is how many questions it turns away next."""

    web: WebServer
    customers: list[dict[str, Any]] = field(default_factory=list)
    products: list[dict[str, Any]] = field(default_factory=list)
    orders: list[dict[str, Any]] = field(default_factory=list)
    hooks: list[dict[str, Any]] = field(default_factory=list)
    busy: int = 0
    size: int = 100

    @property
    def url(self) -> str:
        """Its address."""
        return self.web.url

    def list_asked(self, word: str) -> list[str]:
        """The addresses asked for that hold a word."""
        return [asked.path for asked in self.web.asked if word in asked.path]


def _json(document: Any, status: int = 200, **headers: str) -> Told:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return Told(status, json.dumps(document).encode(), {"Content-Type": "application/json", **told})


@contextmanager
def run_woocommerce() -> Iterator[FakeShop]:
    """A WooCommerce: Basic keys, pages by number, changes by `modified_after`, refunds of an order apart."""
    with run_web_server() as web:
        shop = FakeShop(web)

        def answer(asked: Asked) -> Told:
            pair = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
            if asked.headers.get("authorization") != f"Basic {pair}":
                return _json({"code": "woocommerce_rest_cannot_view"}, 401)
            if shop.busy:
                shop.busy -= 1
                return _json({}, 429, Retry_After="7")
            parts = urlsplit(asked.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            path = parts.path.removeprefix("/wp-json/wc/v3/")
            if path == "webhooks":
                if asked.method == "POST":
                    shop.hooks.append(json.loads(asked.body))
                return _json(shop.hooks)
            if path.endswith("/refunds"):
                number = int(path.split("/")[1])
                order = next(one for one in shop.orders if one["id"] == number)
                return _json(order.get("_refunds", []))
            if path not in ("customers", "products", "orders"):
                return _json({"code": "rest_no_route"}, 404)
            rows = [
                row
                for row in getattr(shop, path)
                if "modified_after" not in query or row.get("date_modified_gmt", "") > query["modified_after"]
            ]
            size, page = min(int(query["per_page"]), shop.size), int(query.get("page", 1))
            pages = max(1, -(-len(rows) // size))
            told = [{k: v for k, v in row.items() if k != "_refunds"} for row in rows]
            return _json(
                told[(page - 1) * size : page * size], X_WP_Total=str(len(rows)), X_WP_TotalPages=str(pages)
            )

        web.answer = answer
        yield shop


@contextmanager
def run_shopify() -> Iterator[FakeShop]:
    """A Shopify: a token, pages by the header Link alone, changes by `updated_at_min`, a bucket of questions."""
    with run_web_server() as web:
        shop = FakeShop(web)

        def answer(asked: Asked) -> Told:
            if asked.headers.get("x-shopify-access-token") != SECRET:
                return _json({"errors": "Invalid API key"}, 401)
            if shop.busy:
                shop.busy -= 1
                return _json({"errors": "Exceeded 2 calls per second"}, 429, Retry_After="2.0")
            parts = urlsplit(asked.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            name = parts.path.rsplit("/", 1)[1].removesuffix(".json")
            if name == "webhooks":
                if asked.method == "POST":
                    shop.hooks.append(json.loads(asked.body)["webhook"])
                return _json({"webhooks": shop.hooks})
            if name not in ("customers", "products", "orders"):
                return _json({"errors": "Not Found"}, 404)
            if "page_info" in query and set(query) - {"page_info", "limit"}:
                return _json({"errors": "page_info goes with limit alone"}, 400)
            since, start = query.get("updated_at_min", ""), 0
            if "page_info" in query:
                begin, _bar, since = base64.urlsafe_b64decode(query["page_info"]).decode().partition("|")
                start = int(begin)
            rows = [row for row in getattr(shop, name) if row.get("updated_at", "") >= since]
            size = min(int(query["limit"]), shop.size)
            headers = {"X_Shopify_Shop_Api_Call_Limit": "3/40"}
            if start + size < len(rows):
                place = base64.urlsafe_b64encode(f"{start + size}|{since}".encode()).decode()
                headers["Link"] = f'<{web.url}{parts.path}?page_info={place}&limit={size}>; rel="next"'
            return _json({name: rows[start : start + size]}, 200, **headers)

        web.answer = answer
        yield shop


def sign(secret: str, body: bytes) -> str:
    """The signature that both put on their webhooks."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def build_woo_order(number: int, **more: Any) -> dict[str, Any]:
    """An order as WooCommerce tells it: two lines, one of them discounted."""
    return {
        "id": number,
        "number": str(number),
        "status": "completed",
        "currency": "IRT",
        "date_created_gmt": f"2026-01-{number % 28 + 1:02}T08:30:00",
        "date_modified_gmt": f"2026-01-{number % 28 + 1:02}T09:00:00",
        "customer_id": number % 5,
        "billing": {
            "first_name": "سارا",
            "last_name": f"رحیمی {number % 5}",
            "email": f"c{number % 5}@example.com",
            "phone": "0912 000 000" if number % 7 == 0 else f"091200000{number % 5:02}",
        },
        "shipping_total": "20",
        "total": "215",
        "total_tax": "15",
        "refunds": [],
        "line_items": [
            {"product_id": 1, "sku": "tea", "name": "Tea", "quantity": 2, "subtotal": "200", "total": "180",
             "total_tax": "15"},
            {"product_id": 2, "sku": "", "name": "Cup", "quantity": 1, "subtotal": "50", "total": "50",
             "total_tax": "0"},
        ],
    } | more  # fmt: skip


def build_shopify_order(number: int, **more: Any) -> dict[str, Any]:
    """An order as Shopify tells it."""
    return {
        "id": number,
        "name": f"#{number}",
        "created_at": f"2026-01-{number % 28 + 1:02}T08:30:00+03:30",
        "updated_at": f"2026-01-{number % 28 + 1:02}T09:00:00+03:30",
        "financial_status": "paid",
        "cancelled_at": None,
        "currency": "USD",
        "email": f"c{number % 5}@example.com",
        "customer": {"id": 900 + number % 5, "first_name": "Sara", "last_name": f"{number % 5}"},
        "line_items": [
            {"variant_id": 11, "sku": "tea", "title": "Tea", "quantity": 2, "price": "100.00",
             "discount_allocations": [{"amount": "20.00"}], "tax_lines": [{"price": "15.00"}]},
        ],
        "shipping_lines": [{"price": "5.00"}],
        "refunds": [],
    } | more  # fmt: skip
