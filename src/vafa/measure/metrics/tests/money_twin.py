"""The slow twin of money: every figure from the records, row by row, in plain Python."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from vafa.data.business.models import CurrencyRate
from vafa.data.costs.models import Margin, MarketingSpend, PriceMonth
from vafa.data.customers.models import Customer
from vafa.data.orders.models import OrderLine, ReturnLine
from vafa.lab.currencies import naive_convert
from vafa.lab.prices import PriceMonth as MonthValue
from vafa.lab.prices import naive_deflate
from vafa.lab.value import (
    ReturnCounts,
    Spend,
    divide,
    naive_historical_clv,
    naive_purchase_frequency,
    naive_return_counts,
    naive_revenue_per_customer,
    naive_spend,
)
from vafa.warehouse.tests.world import find_naive_cancelled, find_naive_roots, list_naive_purchases

FIXED = {
    "IRT": Decimal(1),
    "": Decimal(1),
    "IRR": Decimal("0.1"),
    "IRHR": Decimal(100),
    "IRHT": Decimal(1000),
}
Told = Fraction | None


class Unpriced(Exception):
    """A day that the index does not tell of."""


@dataclass(frozen=True)
class Move:
    """A change of revenue."""

    customer: int | None
    day: int
    amount: Fraction
    currency: str
    location: str


class Twin:
    """A business in toman, read from the records once; `seen` (None: everybody) and `real` as they are asked."""

    def __init__(self, seen: set[int] | None = None, *, real: bool = False) -> None:
        self.seen, self.real = seen, real
        self.roots = find_naive_roots()
        self.cancelled = find_naive_cancelled()
        self.steps: dict[str, list[tuple[int, Decimal]]] = {}
        for rate in CurrencyRate.objects.all():
            self.steps.setdefault(rate.currency, []).append((rate.valid_from.toordinal(), rate.rate))
        self.months = [
            MonthValue(row.started_on.toordinal(), row.ended_on.toordinal(), Fraction(row.value))
            for row in PriceMonth.objects.all()
        ]
        self.margins = [
            (row.valid_from.toordinal() if row.valid_from else 0, row.share) for row in Margin.objects.all()
        ]
        self.lines = [
            line for line in OrderLine.objects.all() if line.counts and self.is_seen(line.customer_id)
        ]
        self.customers = {
            customer.pk: customer
            for customer in Customer.objects.all()
            if self.roots.get(customer.pk) == customer.pk and self.is_seen(customer.pk)
        }

    def is_seen(self, customer: int | None) -> bool:
        """Whether a row of theirs counts."""
        if customer is None:
            return self.seen is None
        return customer in self.roots and (self.seen is None or self.roots[customer] in self.seen)

    def bring(self, amount: Fraction, currency: str, day: int) -> Fraction | None:
        """An amount in toman, in real terms where asked; None without a rate."""
        rate = naive_convert(Decimal(1), currency, day, FIXED, self.steps)
        if rate is None or not self.real:
            return None if rate is None else amount * rate
        real = naive_deflate(amount * rate, day, self.months)
        if real is None:
            raise Unpriced
        return real

    def list_moves(self) -> list[Move]:
        """What makes revenue."""
        moves = []
        for line in self.lines:
            if (line.source_id, line.order_key) in self.cancelled:
                continue
            value = line.amount - (line.discount or 0)
            owner = self.roots.get(line.customer_id) if line.customer_id else None
            place = line.location.name if line.location else ""
            moves.append(Move(owner, line.day.toordinal(), Fraction(value), line.currency, place))
        for row in ReturnLine.objects.all():
            owner = self._find_owner(row)
            if not self.is_seen(owner) or not row.amount:
                continue
            if row.order_key and (row.source_id, row.order_key) in self.cancelled:
                continue
            amount = -abs(Fraction(row.amount))
            place = self._find_place(row)
            moves.append(
                Move(self.roots[owner] if owner else None, row.day.toordinal(), amount, row.currency, place)
            )
        return moves

    def _find_owner(self, row: ReturnLine) -> int | None:
        if row.customer_id is not None or not row.order_key:
            return row.customer_id
        owners = {
            self.roots[line.customer_id]
            for line in OrderLine.objects.filter(order_key=row.order_key)
            if line.customer_id in self.roots
        }
        return owners.pop() if len(owners) == 1 else None

    def _find_place(self, row: ReturnLine) -> str:
        """The returns of the tests name no product: the order's one place, if it has but one."""
        lines = OrderLine.objects.filter(order_key=row.order_key) if row.order_key else []
        places = {line.location.name if line.location else "" for line in lines}
        return places.pop() if len(places) == 1 else ""

    def sum_moves(self, moves: Iterable[Move], start: int, end: int) -> Fraction:
        """The sum of those of [start, end) that have a rate."""
        told = [self.bring(move.amount, move.currency, move.day) for move in moves if start <= move.day < end]
        return sum((amount for amount in told if amount is not None), Fraction(0))

    def list_orders(self) -> list[tuple[int | None, int, dict[str, Fraction]]]:
        """(customer, day, value by currency) of each order that was not taken back whole."""
        orders: dict[Any, list[OrderLine]] = {}
        for line in self.lines:
            orders.setdefault((line.source_id, line.order_key, line.customer_id), []).append(line)
        found = []
        for (source, key, owner), lines in orders.items():
            for currency in sorted({line.currency for line in lines}):
                own = [line for line in lines if line.currency == currency]
                days = [line.day.toordinal() for line in own if line.quantity > 0 and line.amount > 0]
                if not days or (source, key) in self.cancelled:
                    continue
                value = sum((Fraction(line.amount - (line.discount or 0)) for line in own), Fraction(0))
                found.append((self.roots[owner] if owner else None, min(days), {currency: value}))
        return found

    def list_buyers(self, start: int, end: int) -> set[int]:
        """Whoever bought on a day of [start, end)."""
        bought = list_naive_purchases()
        return {who for who, day, _line in bought if start <= day.toordinal() < end and self.is_seen(who)}

    # The figures

    def revenue(self, start: int, end: int, location: str | None = None) -> Told:
        moves = [move for move in self.list_moves() if location is None or move.location == location]
        return self.sum_moves(moves, start, end)

    def has_told(self, start: int, end: int) -> bool:
        """Whether the period is without revenue, or has some that has a rate."""
        moves = [move for move in self.list_moves() if start <= move.day < end]
        return not moves or any(
            self.bring(move.amount, move.currency, move.day) is not None for move in moves
        )

    def average_order_value(self, start: int, end: int) -> Told:
        amounts = []
        for _who, day, values in self.list_orders():
            for currency, value in values.items():
                if start <= day < end and (told := self.bring(value, currency, day)) is not None:
                    amounts.append(told)
        return divide(sum(amounts, Fraction(0)), len(amounts))

    def purchase_frequency(self, start: int, end: int) -> Told:
        orders = [(who, day) for who, day, _values in self.list_orders() if who is not None]
        bought = [(who, day.toordinal()) for who, day, _line in list_naive_purchases() if self.is_seen(who)]
        return naive_purchase_frequency(orders, bought, start, end)

    def revenue_per_customer(self, start: int, end: int) -> Told:
        told = [
            (move.customer, move.day, self.bring(move.amount, move.currency, move.day) or Fraction(0))
            for move in self.list_moves()
            if start <= move.day < end
        ]
        return naive_revenue_per_customer(told, self.list_buyers(start, end), start, end)

    def first_starts(self) -> dict[int, int]:
        """Each customer's first-ever start under a rule of purchases."""
        firsts = {pk: row.joined_on.toordinal() for pk, row in self.customers.items() if row.joined_on}
        for who, day, _line in list_naive_purchases():
            if who in self.customers:
                firsts[who] = min(day.toordinal(), firsts.get(who, 10**9))
        return firsts

    def historical_clv(self, start: int, end: int) -> Told:
        told = [
            (move.customer, move.day, self.bring(move.amount, move.currency, move.day) or Fraction(0))
            for move in self.list_moves()
            if move.customer is not None and move.day < end
        ]
        return naive_historical_clv(told, self.margins, self.first_starts(), end)

    def spend(self, start: int, end: int) -> Fraction:
        total = Fraction(0)
        for row in MarketingSpend.objects.all():
            length = (row.ended_on - row.started_on).days
            for number in range(length):
                day = row.started_on.toordinal() + number
                if start <= day < end:
                    part = Spend(Fraction(row.amount) / length, day, day + 1)
                    told = self.bring(naive_spend([part], day, day + 1), row.currency, day)
                    total += told or 0
        return total

    def cac(self, start: int, end: int) -> Told:
        return divide(
            self.spend(start, end), sum(start <= first < end for first in self.first_starts().values())
        )

    def retention(self, active: set[int], start: int, end: int) -> tuple[Fraction, Fraction, Fraction]:
        """Revenue before and in the period, and what of the former is covered, of these customers."""
        before, now, covered = Fraction(0), Fraction(0), Fraction(0)
        moves = self.list_moves()
        for who in active:
            own = [move for move in moves if move.customer == who]
            earlier = self.sum_moves(own, 2 * start - end, start)
            later = self.sum_moves(own, start, end)
            before, now, covered = before + earlier, now + later, covered + min(earlier, later)
        return before, now, covered

    def returns(self, start: int, end: int) -> ReturnCounts:
        """What was sold and sent back, of everybody."""
        sold = [
            (line.order_key, line.day.toordinal(), int(line.quantity))
            for line in self.lines
            if line.quantity > 0 and line.amount > 0
        ]
        sent: list[tuple[str, int, int | None]] = [
            (row.order_key, row.day.toordinal(), None if row.quantity is None else int(abs(row.quantity)))
            for row in ReturnLine.objects.all()
        ]
        sent += [
            (line.order_key, line.day.toordinal(), int(-line.quantity))
            for line in self.lines
            if line.quantity < 0 and line.amount < 0
        ]
        return naive_return_counts(sold, sent, start, end)
