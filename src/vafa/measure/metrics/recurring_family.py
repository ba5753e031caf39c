"""Money that comes back every month: MRR, what moved it, and how much of it stays."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.lab.mrr import MRR_UNIT
from vafa.lab.revenue import (
    RevenueMovement,
    build_gross_revenue_churn,
    build_grr,
    build_net_revenue_churn,
    build_nrr,
)
from vafa.lab.rules import ActivityRule
from vafa.measure.metrics.asking import KnownPeriod
from vafa.measure.metrics.book import get_book
from vafa.measure.metrics.definitions import describe_subscription_rule, get_subscription_rule
from vafa.measure.metrics.family import Asked, Cell, Family, Fit, Told
from vafa.measure.metrics.real_terms import NO_INDEX, NO_INDEX_THEN
from vafa.measure.metrics.recurring_entries import list_recurring_entries
from vafa.measure.metrics.recurring_moves import STATES, Recurring, measure_recurring
from vafa.measure.metrics.types import AskedRule, LeftOutMoney, MetricEntry
from vafa.warehouse.types import Group

MOVES = {
    "mrr_new": "new",
    "mrr_expansion": "expansion",
    "mrr_contraction": "contraction",
    "mrr_churned": "churned",
    "mrr_reactivated": "reactivated",
}
RATES = {
    "gross_revenue_churn": build_gross_revenue_churn,
    "net_revenue_churn": build_net_revenue_churn,
    "grr": build_grr,
    "nrr": build_nrr,
}


class RecurringFamily(Family):
    """MRR at a period's ends and what happened to it in between."""

    names = frozenset((*STATES, *MOVES, *RATES))

    def name(self) -> str:
        return _("Recurring revenue")

    def list_entries(self) -> list[MetricEntry]:
        return list_recurring_entries()

    def list_kinds(self, metric: str, rule: ActivityRule) -> tuple[str, ...]:
        return ("subscriptions",)

    def fits(self, metric: str, rule: ActivityRule) -> tuple[Fit, ...]:
        return ("subscription", "customer")

    def deflates(self, metric: str) -> bool:
        return True

    def adds_up(self, asked: Asked) -> bool:
        # A subscription has one plan; what moved may move from one plan to another.
        return asked.metric in STATES

    def tell_rule(self, asked: Asked) -> AskedRule:
        return get_subscription_rule(asked.settled.rule)

    def describe(self, asked: Asked) -> list[str]:
        said = [describe_subscription_rule(asked.settled.rule)]
        book = get_book(asked.snapshot)
        if len(book.currencies) > 1:
            said.append(_("Each boundary is converted at the rate of its own day."))
        unknown = book.count_unpriced(asked.whose.visible)
        if unknown:
            told = ngettext(
                "%(count)s subscription is in no sum of money, for its price or how often it is paid is not known.",
                "%(count)s subscriptions are in no sum of money, for their prices or how often they are paid are "
                "not known.",
                unknown,
            )
            said.append(told % {"count": unknown})
        return said

    def measure(self, asked: Asked) -> Mapping[Cell, Recurring]:
        return {} if asked.lacks_index else measure_recurring(asked)

    def zero(self, asked: Asked) -> Recurring:
        return Recurring()

    def tell(self, asked: Asked, partial: Recurring, group: Group | None, known: KnownPeriod) -> Told:
        movement = partial.movement
        count = movement.end_accounts if asked.metric in STATES else movement.start_accounts
        left_out = tuple(
            LeftOutMoney(code, _round(money), customers, "subscriptions")
            for code, (customers, money) in sorted(partial.left_out.items())
        )
        if reason := _find_index_gap(asked, known):
            return Told(None, reason=reason, n=count)
        value = _find_value(asked.metric, movement)
        reason = _find_gap(asked.metric, partial) if not value else None
        return Told(
            None if value is None or reason is not None else float(value),
            reason=reason,
            n=count,
            first_seen=known.completeness.first_seen,
            moved=partial.moved,
            details=_build_details(asked.metric, movement),
            left_out=left_out,
        )


def _find_value(metric: str, movement: RevenueMovement) -> Fraction | None:
    if metric in STATES:
        return movement.end * MRR_UNIT * (12 if metric == "arr" else 1)
    if metric in MOVES:
        return Fraction(getattr(movement, MOVES[metric])) * MRR_UNIT
    return RATES[metric](movement)


def _find_index_gap(asked: Asked, known: KnownPeriod) -> str | None:
    """Why there are no real terms; a boundary is told by the index of the day before it."""
    if asked.lacks_index:
        return NO_INDEX
    if asked.real is None:
        return None
    boundaries = (known.end,) if asked.metric in STATES else (known.start, known.end)
    index = asked.real.index
    return NO_INDEX_THEN if any(index.find_factor(day - 1) is None for day in boundaries) else None


def _find_gap(metric: str, partial: Recurring) -> str | None:
    """Why a value that is nothing, or that can't be divided, isn't known."""
    movement = partial.movement
    if not (movement.start or movement.end):
        if partial.left_out:
            return "no_rate_for_subscriptions"
        if movement.unpriced:
            return "no_subscription_prices"
    if metric in RATES and not movement.start:
        return "no_revenue_at_the_start"
    return None


def _build_details(metric: str, movement: RevenueMovement) -> dict[str, Any]:
    """What stands behind a value; of a state only the end, for the start is told at the rates of another day."""
    heads: dict[str, Any] = {
        "start_customers": movement.start_accounts,
        "end_customers": movement.end_accounts,
        "churned_customers": movement.churned_accounts,
        "unpriced_subscriptions": movement.unpriced,
    }
    names = ("start", *MOVES.values(), "end")
    if metric in STATES:
        heads = {name: heads[name] for name in ("end_customers", "unpriced_subscriptions")}
        names = ("end",)
    return {f"{name}_money": float(getattr(movement, name) * MRR_UNIT) for name in names} | heads


def _round(money: int) -> Any:
    """MRR_UNITs in money, to the hundredth."""
    return (Decimal(money) * MRR_UNIT.numerator / MRR_UNIT.denominator).quantize(Decimal("0.01"))
