"""Asking about subscriptions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Q

from vafa.data.customers.queries import list_counted, list_owners
from vafa.data.subscriptions.by_hand import Proposal, list_entered_renewals, propose_renewal
from vafa.data.subscriptions.changes import list_subscription_changes
from vafa.data.subscriptions.models import Subscription
from vafa.data.subscriptions.renewing import Renewal, list_renewals
from vafa.kit.keyset import Place, build_after, build_search

__all__ = [
    "Ending",
    "Proposal",
    "Renewal",
    "list_begun_since",
    "list_cancel_reasons",
    "list_customers_since",
    "list_ending",
    "list_entered_renewals",
    "list_renewals",
    "list_subscription_changes",
    "list_subscription_origins",
    "list_subscriptions_of",
    "propose_renewal",
]


def list_subscriptions_of(customers: Iterable[int]) -> list[Subscription]:
    """All subscriptions of these customers (a kept one and those merged into it), by start."""
    return list(
        Subscription.objects.filter(customer_id__in=list(customers))
        .select_related("source")
        .order_by("started_on", "id")
    )


def list_cancel_reasons(start: date | None, end: date) -> list[tuple[int, str]]:
    """The reasons with which subscriptions came that ended on the days of [start, end): the customer's id and the words
    of the source, the earliest first."""
    found = Subscription.objects.exclude(cancel_reason="").filter(ended_on__lt=end)
    if start is not None:
        found = found.filter(ended_on__gte=start)
    return list(found.order_by("ended_on", "pk").values_list("customer_id", "cancel_reason"))


def list_begun_since(customers: Iterable[int], after: int) -> dict[int, int]:
    """Which of these customers have a subscription that was told of, or told anew (such as with a later end), under a
    number of the log after this one; with the newest such number."""
    found = Subscription.objects.filter(customer_id__in=list(customers), seq__gt=after)
    return dict(found.values("customer_id").annotate(newest=Max("seq")).values_list("customer_id", "newest"))


@dataclass(frozen=True)
class Ending:
    """A subscription that ends and that nothing follows. `ended_on` is the first day without it."""

    customer_id: int
    plan: str
    ended_on: date
    row: int


def list_ending(start: date, end: date, *, owner_id: int | None = None, most: int = 5000) -> list[Ending]:
    """The subscriptions that end on the days of [start, end) and after which their customer (as merged) has no other
    one, the soonest first; the first `most` that end are looked at. With `owner_id` only those of that member of
    staff's customers."""
    found = Subscription.objects.filter(ended_on__gte=start, ended_on__lt=end)
    rows = [
        Ending(kept or own, plan, ended_on, pk)
        for pk, own, kept, plan, ended_on in found.order_by("ended_on", "pk").values_list(
            "pk", "customer_id", "customer__kept_id", "plan", "ended_on"
        )[:most]
        if ended_on is not None
    ]
    owners = list_owners({row.customer_id for row in rows})
    counted = list_counted(owners)
    rows = [
        row
        for row in rows
        if row.customer_id in counted and (owner_id is None or owners[row.customer_id] == owner_id)
    ]
    latest = _find_latest({row.customer_id for row in rows})
    return [row for row in rows if row.ended_on == latest[row.customer_id]]


def _find_latest(customers: set[int]) -> dict[int, date]:
    """The last end of all subscriptions of each customer, as merged; `date.max` where one runs on."""
    latest: dict[int, date] = {}
    ids = sorted(customers)
    for begin in range(0, len(ids), 500):
        some = ids[begin : begin + 500]
        found = Subscription.objects.filter(Q(customer__in=some) | Q(customer__kept__in=some))
        for own, kept, ended_on in found.values_list("customer_id", "customer__kept_id", "ended_on"):
            customer = kept or own
            latest[customer] = max(latest.get(customer, date.min), ended_on or date.max)
    return latest


def list_subscriptions_after(
    customers: Iterable[int], place: Place | None, count: int, *, rank: int, text: str = ""
) -> list[Subscription]:
    """The next subscriptions of a story (see `kit.keyset`), by their start."""
    after = build_after(place, rank, day="started_on", at=None) & build_search(
        text, ("plan", "cancel_reason")
    )
    found = Subscription.objects.filter(after, customer_id__in=list(customers)).select_related("source")
    return list(found.order_by("-started_on", "-pk")[:count])


def list_subscription_origins(rows: Iterable[int]) -> dict[int, tuple[str, str, int | None]]:
    """The key, the source and the import (None: not by a file) of each of these subscriptions, by row."""
    found = Subscription.objects.filter(pk__in=list(rows))
    return {
        pk: (key, source, import_id)
        for pk, key, source, import_id in found.values_list("pk", "key", "source__name", "import_id")
    }


def list_customers_since(day: date) -> set[int]:
    """The ids under which customers had a subscription on this day or later, or came for one."""
    lasted = Q(ended_on=None) | Q(ended_on__gte=day) | Q(started_on__gte=day) | Q(last_visit_on__gte=day)
    return set(
        Subscription.objects.filter(lasted).order_by().values_list("customer_id", flat=True).distinct()
    )
