"""Two real shops, straight from their files: what their sales are worth by plain arithmetic, without the product."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq


@dataclass(frozen=True)
class Sale:
    """One row of a file."""

    order: str
    customer: str | None
    day: date
    quantity: int
    amount: Decimal

    @property
    def is_purchase(self) -> bool:
        """Whether something was bought."""
        return self.quantity > 0 and self.amount > 0


@dataclass
class Month:
    """What a month's sales are worth."""

    revenue: Decimal = Decimal(0)
    of_customers: Decimal = Decimal(0)
    orders: list[Decimal] = field(default_factory=list)
    orders_of_customers: int = 0
    buyers: set[str] = field(default_factory=set)


def read_online_retail(path: Path) -> Iterator[Sale]:
    """The invoice lines; an amount is quantity times price."""
    for row in pq.read_table(path).to_pylist():
        quantity, price = int(row["Quantity"]), Decimal(repr(row["UnitPrice"]))
        customer = row["CustomerID"]
        known = customer is not None and customer == customer and customer != ""
        yield Sale(
            str(row["InvoiceNo"]),
            str(customer) if known else None,
            date.fromisoformat(str(row["InvoiceDate"])[:10]),
            quantity,
            quantity * price,
        )


def read_cdnow(path: Path) -> Iterator[Sale]:
    """The purchases; each row is an order of its own."""
    for number, line in enumerate(path.read_text().splitlines()[1:]):
        customer, day, quantity, amount = line.split()
        written = date.fromisoformat(f"{day[:4]}-{day[4:6]}-{day[6:]}")
        yield Sale(str(number), customer, written, int(quantity), Decimal(amount))


def sum_months(sales: Iterable[Sale]) -> dict[date, Month]:
    """By the month's first day. An order is of the month of its first purchase, and worth all its rows. No order of
    these files takes itself back: cancellations have numbers of their own."""
    months: dict[date, Month] = defaultdict(Month)
    orders: dict[tuple[str, str | None], list[Sale]] = defaultdict(list)
    for sale in sales:
        month = months[sale.day.replace(day=1)]
        month.revenue += sale.amount
        if sale.customer is not None:
            month.of_customers += sale.amount
            if sale.is_purchase:
                month.buyers.add(sale.customer)
        orders[sale.order, sale.customer].append(sale)
    for (_order, customer), rows in orders.items():
        bought = [row.day for row in rows if row.is_purchase]
        if bought:
            month = months[min(bought).replace(day=1)]
            month.orders.append(sum((row.amount for row in rows), Decimal(0)))
            month.orders_of_customers += customer is not None
    return months


def find_first_days(sales: Iterable[Sale]) -> dict[str, date]:
    """Each customer's first purchase."""
    firsts: dict[str, date] = {}
    for sale in sales:
        if sale.customer is not None and sale.is_purchase:
            firsts[sale.customer] = min(sale.day, firsts.get(sale.customer, sale.day))
    return firsts


def retain(sales: list[Sale], window: int, start: date, end: date) -> tuple[Decimal, Decimal, Decimal, int]:
    """Of the customers who bought in the window before the start: revenue in as many days before, in the period, what
    of the former each one's latter covers, and how many they are."""
    active = {
        sale.customer
        for sale in sales
        if sale.customer and sale.is_purchase and start - timedelta(window) <= sale.day < start
    }
    before: dict[str, Decimal] = defaultdict(Decimal)
    now: dict[str, Decimal] = defaultdict(Decimal)
    for sale in sales:
        if sale.customer is not None and sale.customer in active:
            if start <= sale.day < end:
                now[sale.customer] += sale.amount
            elif start - (end - start) <= sale.day < start:
                before[sale.customer] += sale.amount
    covered = sum((min(before[who], now[who]) for who in active), Decimal(0))
    return sum(before.values(), Decimal(0)), sum(now.values(), Decimal(0)), covered, len(active)
