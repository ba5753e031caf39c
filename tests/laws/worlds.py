"""One business by hand in which everything happens on an edge."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from tests.laws.shop import Row, Shop, moment
from vafa.data.business.actions import change_business, set_rate
from vafa.data.log.models import Sequence

NOW = moment(date(2024, 12, 1))


@contextmanager
def open_shop(folder: Path, *, committed: bool = False) -> Iterator[Shop]:
    """A business of which nothing is left afterwards, with a warehouse of its own.

    With `committed` its records are really written, so that the warehouse reads them as it does in earnest.
    """
    with pytest.MonkeyPatch.context() as patch, _emptied_afterwards() if committed else _undone_afterwards():
        patch.setenv("VAFA_HOME", str(folder))
        yield Shop(folder, NOW)


@contextmanager
def _undone_afterwards() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _emptied_afterwards() -> Iterator[None]:
    try:
        yield
    finally:
        call_command("flush", interactive=False, verbosity=0)
        Sequence.objects.create(pk=1, value=0)


def settle_money(shop: Shop, currency: str = "EUR") -> None:
    """A currency of the business's own, and a rate for one of the others that begins halfway."""
    change_business(by=None, now=shop.now, currency=currency)
    set_rate("USD", Decimal("0.5"), date(2024, 3, 1), by=None, now=shop.now)
    set_rate("USD", Decimal("0.25"), date(2024, 6, 1), by=None, now=shop.now)


def fill(shop: Shop, window: int = 30) -> None:
    """Customers of every kind around Nowruz 1403, 1 April 2024 and Ramadan 1445, a window's length apart."""
    tiers = ("gold", "silver", "")
    shop.bring("customers", [
        {"customer": f"c{n}", "name": f"Customer {n}", "tier": tiers[n % 3], "location": ("Rey", "Qom")[n % 2],
         "joined_at": (date(2024, 2, 1), date(2024, 3, 20), "")[n % 3]}
        for n in range(12)
    ])  # fmt: skip
    rows: list[Row] = []
    for n, edge in enumerate((date(2024, 3, 11), date(2024, 3, 20), date(2024, 4, 1))):
        days = [
            edge + timedelta(days=shift) for shift in (-window - 1, -window, -1, 0, 1, window, window + 1)
        ]
        for place, day in enumerate(days):
            customer = f"c{(place + 4 * n) % 12}"
            rows.append(build_order(f"o{n}-{place}", customer, day, place))
    rows += [
        build_order("first", "c9", date(2023, 12, 22), 1),
        build_order("nobody", "", date(2024, 4, 2), 2),
    ]
    rows += [build_order("failed", "c10", date(2024, 4, 3), 0) | {"status": "failed"}]
    rows += [
        build_order("weekly", "c11", date(2024, 1, 1) + timedelta(days=7 * n), n) | {"order": f"w{n}"}
        for n in range(34)
    ]
    shop.bring("orders", rows)
    shop.bring("returns", [
        {"return": "r1", "order": "o1-4", "customer": "c8", "at": "2024-04-05", "quantity": "", "amount": 14},
        {"return": "r2", "order": "", "customer": "c0", "at": "2024-04-05", "quantity": 9, "amount": 90},
        {"return": "r4", "order": "o2-1", "customer": "", "at": "2024-04-05", "quantity": 2, "amount": ""},
        {"return": "r3", "order": "o0-2", "customer": "c2", "at": "2024-04-05", "quantity": "", "amount": 1},
    ])  # fmt: skip
    shop.bring("subscriptions", [
        {"subscription": "s1", "customer": "c0", "plan": "basic", "started_at": "2024-01-01", "ended_at": "2024-03-20"},
        {"subscription": "s2", "customer": "c0", "plan": "full", "started_at": "2024-03-20", "ended_at": "2024-04-01"},
        {"subscription": "s3", "customer": "c0", "plan": "basic", "started_at": "2024-04-09", "ended_at": ""},
        {"subscription": "s4", "customer": "c1", "plan": "full", "started_at": "2024-03-11", "ended_at": "2024-03-12"},
        {"subscription": "s5", "customer": "c2", "plan": "basic", "started_at": "2024-04-01", "ended_at": "2025-01-01"},
        {"subscription": "s6", "customer": "c3", "plan": "", "started_at": "2024-03-01", "ended_at": "2024-03-01"},
        {"subscription": "s7", "customer": "c4", "plan": "full", "started_at": "2024-02-29", "ended_at": "2024-03-13"},
        {"subscription": "s8", "customer": "c4", "plan": "full", "started_at": "2024-03-20", "ended_at": "2024-06-30"},
    ])  # fmt: skip


def build_order(order: str, customer: str, day: date, number: int) -> dict[str, Any]:
    """An order's line, whose other fields follow from a number."""
    return {
        "order": order, "customer": customer, "at": day, "product": f"P{number % 3}", "quantity": 1 + number % 2,
        "product_line": ("Bread", "Cake", "")[number % 3], "location": ("Tehran", "Shiraz")[number % 2],
        "amount": 10 + number, "discount": ("", 1)[number % 2], "tax": 2, "status": "paid",
        "currency": ("", "EUR", "USD", "JPY")[number % 4],
    }  # fmt: skip
