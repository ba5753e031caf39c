"""The value of orders, and what customers who buy bring."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from django.utils.translation import gettext as _

from vafa.lab.prices import Money
from vafa.lab.rules import ActivityRule
from vafa.lab.value import divide
from vafa.measure.metrics.asking import KnownPeriod
from vafa.measure.metrics.buyers import count_buyers
from vafa.measure.metrics.day_series import ALL, KNOWN, DayTable, Span, ask_by_period, get_series, has_rows
from vafa.measure.metrics.definitions import describe_revenue
from vafa.measure.metrics.family import Asked, Cell, Family, Told
from vafa.measure.metrics.order_money import (
    Exchange,
    LeftOut,
    Sums,
    add_left_out,
    get_exchange,
    list_exchange_cuts,
    list_left_out,
    sum_series,
    tell_money,
)
from vafa.measure.metrics.order_sql import build_orders_query, build_revenue_query, build_revenue_sql
from vafa.measure.metrics.orders_entries import list_order_entries
from vafa.measure.metrics.types import MetricEntry
from vafa.warehouse.types import Group

# Metrics over customers who bought leave sales without a customer out.
_OF_BUYERS = ("purchase_frequency", "revenue_per_customer")


@dataclass(frozen=True)
class OrderSums:
    """Orders, their buyers, and money; what stays out for want of a rate is in neither."""

    orders: int = 0
    buyers: int = 0
    money: Money = field(default_factory=Money)
    left_out: LeftOut = field(default_factory=dict)

    def __add__(self, other: "OrderSums") -> "OrderSums":
        return OrderSums(
            self.orders + other.orders,
            self.buyers + other.buyers,
            self.money + other.money,
            add_left_out(self.left_out, other.left_out),
        )


class OrdersFamily(Family):
    """Orders and revenue, from days asked for once for all periods."""

    names = frozenset(("revenue", "average_order_value", *_OF_BUYERS))

    def name(self) -> str:
        return _("Money")

    def list_entries(self) -> list[MetricEntry]:
        return list_order_entries()

    def list_kinds(self, metric: str, rule: ActivityRule) -> tuple[str, ...]:
        return ("orders",)

    def deflates(self, metric: str) -> bool:
        return metric != "purchase_frequency"

    def adds_up(self, asked: Asked) -> bool:
        if asked.metric != "revenue":
            return False
        # What is sent back of an order that nobody knows is of no location: it needs a row without one.
        nowhere = any(group is not None and not group.value for group in asked.groups)
        return nowhere or not has_rows(asked.snapshot, "returns")

    def describe(self, asked: Asked) -> list[str]:
        return (
            [] if asked.metric == "purchase_frequency" else [describe_revenue(asked.business.revenue_parts)]
        )

    def measure(self, asked: Asked) -> Mapping[Cell, OrderSums]:
        if not asked.periods:
            return {}
        exchange = get_exchange(asked)
        spans = [Span(known.start, known.end) for known in asked.periods]
        orders = ask_orders(asked, exchange, spans)
        needs_revenue = asked.metric in ("revenue", "revenue_per_customer")
        revenue = ask_revenue(asked, exchange, spans) if needs_revenue else orders
        return {
            (place, when): _sum_cell(asked, exchange, orders[when], revenue[when], group, known)
            for when, known in enumerate(asked.periods)
            for place, group in enumerate(asked.groups)
        }

    def zero(self, asked: Asked) -> OrderSums:
        return OrderSums()

    def tell(self, asked: Asked, partial: OrderSums, group: Group | None, known: KnownPeriod) -> Told:
        value, reason = _tell_value(asked, partial)
        return Told(
            None if value is None else float(value),
            reason=reason,
            n=partial.orders,
            details={"buyers": partial.buyers} if asked.metric in _OF_BUYERS else {},
            left_out=list_left_out(partial.left_out),
        )


def ask_orders(asked: Asked, exchange: Exchange, spans: list[Span]) -> list[DayTable]:
    """Orders and their value by day, for each period."""
    revenue = build_revenue_sql(asked.business.revenue_parts)
    cuts = list_exchange_cuts(asked, exchange) if asked.by == "product" else ()
    return ask_by_period(
        asked,
        f"orders {revenue}",
        lambda looked: build_orders_query(revenue, looked),
        spans,
        cuts,
        can_be_held=True,
        narrows=True,
    )


def ask_revenue(
    asked: Asked, exchange: Exchange, spans: list[Span], more_cuts: Sequence[int] = ()
) -> list[DayTable]:
    """Revenue by day, for each period."""
    own, revenue = asked.business.currency, build_revenue_sql(asked.business.revenue_parts)
    cuts = {*more_cuts, *list_exchange_cuts(asked, exchange)} if asked.by == "product" else ()
    return ask_by_period(
        asked,
        f"revenue {own} {revenue}",
        lambda looked: build_revenue_query(revenue, own, looked),
        spans,
        cuts,
        can_be_held=True,
    )


def _sum_cell(
    asked: Asked,
    exchange: Exchange,
    orders: DayTable,
    revenue: DayTable,
    group: Group | None,
    known: KnownPeriod,
) -> OrderSums:
    of_buyers = asked.metric in _OF_BUYERS
    columns = KNOWN if of_buyers else ALL
    placed = sum_series(get_series(orders, group), known.start, known.end, exchange, columns)
    brought = placed
    if revenue is not orders:
        brought = sum_series(get_series(revenue, group), known.start, known.end, exchange, columns)
    every = placed.count + sum(count for count, _amount in placed.left_out.values())
    # What has no rate is in no total of money, but a customer who buys often does so in any currency.
    counts_all = asked.metric == "purchase_frequency"
    return OrderSums(
        orders=every if counts_all else placed.count,
        buyers=count_buyers(asked, group, known) if of_buyers else 0,
        money=Money() if counts_all else brought.money,
        left_out={} if counts_all else _join_left_out(placed, brought),
    )


def _join_left_out(placed: Sums, brought: Sums) -> LeftOut:
    """How many orders, and how much revenue, have no rate."""
    return {
        currency: (placed.left_out.get(currency, (0, 0))[0], brought.left_out.get(currency, (0, 0))[1])
        for currency in {*placed.left_out, *brought.left_out}
    }


def _tell_value(asked: Asked, partial: OrderSums) -> tuple[Fraction | None, str | None]:
    if asked.metric in _OF_BUYERS and not partial.buyers:
        return None, "nobody_bought"
    if asked.metric == "purchase_frequency":
        return Fraction(partial.orders, partial.buyers), None
    if partial.left_out and not partial.orders and not partial.money.units:
        return None, "no_rate_for_currency"
    if asked.metric == "average_order_value" and not partial.orders:
        return None, "no_orders"
    amount, reason = tell_money(asked, partial.money)
    if asked.metric == "average_order_value":
        return divide(amount, partial.orders), reason
    if asked.metric == "revenue_per_customer":
        return divide(amount, partial.buyers), reason
    return amount, reason
