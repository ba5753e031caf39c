"""What becomes of subscriptions that come to their end: renewed, cancelled, or not yet known."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.lab.mrr import MRR_UNIT, UNPRICED, Wide, scale_exactly
from vafa.lab.rates import Rate, build_proportion
from vafa.lab.renewals import (
    Places,
    RenewalCounts,
    Terms,
    build_renewal_rate_money,
    count_renewals,
    find_renewals,
)
from vafa.lab.rules import ActivityRule
from vafa.lab.spells import Ints
from vafa.measure.metrics.asking import KnownPeriod
from vafa.measure.metrics.book import Book, Exchange, Factors, Looked, get_book
from vafa.measure.metrics.definitions import describe_subscription_rule, get_grace, get_subscription_rule
from vafa.measure.metrics.family import Asked, Cell, Family, Fit, Told
from vafa.measure.metrics.membership import is_customer_dimension
from vafa.measure.metrics.renewals_entries import list_renewal_entries
from vafa.measure.metrics.types import AskedRule, MetricEntry
from vafa.warehouse.types import Group

KINDS = ("subscriptions",)


class RenewalsFamily(Family):
    """Rates of subscriptions, each counted for itself."""

    names = frozenset(("renewal_rate", "renewal_rate_money", "cancellation_rate"))

    def name(self) -> str:
        return _("Renewals")

    def list_entries(self) -> list[MetricEntry]:
        return list_renewal_entries()

    def list_kinds(self, metric: str, rule: ActivityRule) -> tuple[str, ...]:
        return KINDS

    def fits(self, metric: str, rule: ActivityRule) -> tuple[Fit, ...]:
        return ("subscription", "customer")

    def tell_rule(self, asked: Asked) -> AskedRule:
        return get_subscription_rule(asked.settled.rule)

    def describe(self, asked: Asked) -> list[str]:
        grace = get_grace(asked.settled.rule)
        late = ngettext(
            "A renewal begins at most %(count)s day after the end.",
            "A renewal begins at most %(count)s days after the end.",
            grace,
        )
        said = [
            describe_subscription_rule(asked.settled.rule),
            late % {"count": grace} if grace else _("A renewal begins on the day of the end at the latest."),
        ]
        if asked.metric != "cancellation_rate":
            said.append(_("A subscription without an end runs on and is never due."))
        return said

    def measure(self, asked: Asked) -> Mapping[Cell, RenewalCounts]:
        until = asked.snapshot.freshness(kinds=KINDS).data_until
        if not asked.periods or until is None:
            return {}
        book = get_book(asked.snapshot)
        terms, renewals = _get_terms(asked, book)
        exchange, looked = Exchange(asked, book.currencies), _LookedAt(asked, book)
        found: dict[Cell, RenewalCounts] = {}
        for when, known in enumerate(asked.periods):
            counts = count_renewals(
                terms,
                renewals,
                _convert(book, exchange.find(known.start)),
                (known.start, known.end),
                get_grace(asked.settled.rule),
                until.toordinal(),
                looked.at(when),
                len(asked.groups),
            )
            found |= {(place, when): one for place, one in enumerate(counts)}
        return found

    def zero(self, asked: Asked) -> RenewalCounts:
        return RenewalCounts()

    def tell(self, asked: Asked, partial: RenewalCounts, group: Group | None, known: KnownPeriod) -> Told:
        if asked.metric == "cancellation_rate":
            return _tell_cancellations(partial)
        reason = None if partial.due else "grace_not_over" if partial.unsettled else "nothing_due"
        if asked.metric == "renewal_rate":
            rate = build_proportion(partial.renewed, partial.due)
            return _tell(rate, reason, partial.due, _build_details(partial))
        money = build_renewal_rate_money(partial)
        if money is None and reason is None:
            reason = "no_subscription_prices" if partial.unpriced else "nothing_due_costs"
        details = _build_details(partial) | {
            "due_money": float(partial.due_money * MRR_UNIT),
            "renewed_money": float(partial.renewed_money * MRR_UNIT),
            "unpriced": partial.unpriced,
        }
        value = None if money is None else float(money)
        return Told(value, reason=reason, n=partial.due - partial.unpriced, details=details)


def _tell_cancellations(counts: RenewalCounts) -> Told:
    details = {"running": counts.running, "cancelled": counts.cancelled, "undecided": counts.undecided}
    reason = "grace_not_over" if counts.undecided else "no_subscription_at_the_start"
    return _tell(build_proportion(counts.cancelled, counts.running), reason, counts.running, details)


def _build_details(counts: RenewalCounts) -> dict[str, Any]:
    return {"due": counts.due, "renewed": counts.renewed, "grace_not_over": counts.unsettled}


def _tell(rate: Rate | None, reason: str | None, observed: int, details: dict[str, Any]) -> Told:
    if rate is None:
        return Told(None, reason=reason, n=observed, details=details)
    return Told(rate.value, rate.low, rate.high, n=observed, details=details)


def _get_terms(asked: Asked, book: Book) -> tuple[Terms, Places]:
    """All terms and which renewed which, kept for the next who asks."""
    grace = get_grace(asked.settled.rule)

    def build() -> tuple[Terms, Places]:
        terms = Terms(book.rows.customer_ix, book.plan, book.rows.start, book.rows.end)
        return terms, find_renewals(terms, grace)

    return asked.snapshot.cached(("renewals", grace), build)


def _convert(book: Book, factors: Factors) -> Wide:
    """Every subscription's MRR in the business's money; UNPRICED where it has no price or its currency no rate."""
    if all(factors.get(number) == 1 for number in book.currencies):
        return book.rows.mrr
    converted = np.full(len(book.rows), UNPRICED, dtype=np.int64)
    for number, factor in factors.items():
        chosen = (book.rows.currency == number) & (book.rows.mrr != UNPRICED)
        converted[chosen] = scale_exactly(book.rows.mrr[chosen], factor)
    return converted


class _LookedAt:
    """Which subscriptions are looked at in each period, by group."""

    def __init__(self, asked: Asked, book: Book) -> None:
        self._book = book
        self._owners = Looked(asked, book.owners, asked.groups)
        self._plans: Ints | None = None
        if asked.by is not None and not is_customer_dimension(asked.by):
            places = {group.value: place for place, group in enumerate(asked.groups) if group is not None}
            by_plan = np.array([places.get(plan, -1) for plan in book.plans] or [-1], dtype=np.int32)
            self._plans = by_plan[book.plan]

    def at(self, place: int) -> Ints | None:
        """Each subscription's group, -1 for one that doesn't count; None: all are of the only group."""
        owners = self._owners.at(place)
        if owners is None:
            return self._plans
        of_owners = owners[self._book.rows.customer_ix]
        return of_owners if self._plans is None else np.where(of_owners >= 0, self._plans, np.int32(-1))
