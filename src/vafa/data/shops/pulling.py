"""Asking shops for their history, page by page, and then for what has changed. A page and how far it brought us are
written in one transaction, so whatever is cut off anywhere goes on with the next page."""

import secrets
import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from vafa.data.shops.models import Shop
from vafa.data.shops.providers import get_provider, list_phases
from vafa.data.shops.taking import take_items
from vafa.data.shops.types import KeyRefused, Page, ShopBusy, ShopUnusable, Taken
from vafa.kit.outbound import NotSent

LEASE = timedelta(minutes=5)
ROUND_SECONDS = 40
# How often a loaded shop is asked what has changed, beside its webhooks.
EVERY = timedelta(minutes=10)
# Changes of the last minutes are asked for once more: clocks differ, and pages move.
OVERLAP = timedelta(minutes=5)
AFTER_FAILURE = timedelta(minutes=5)
MOST_PROBLEMS = 50


def pull(now: datetime) -> int:
    """Go on with every shop that is due; how many pages were taken."""
    began, pages = time.monotonic(), 0
    while (shop := _claim(now)) is not None:
        try:
            while time.monotonic() - began < ROUND_SECONDS and _go_on(shop, now):
                pages += 1
        finally:
            _own(shop).update(claim="", lease_until=None)
        if time.monotonic() - began >= ROUND_SECONDS:
            break
    return pages


def _list_due(now: datetime) -> QuerySet[Shop]:
    free = Q(claim="") | Q(lease_until__lt=now)
    return Shop.objects.filter(free, is_on=True, not_before__lte=now)


def _claim(now: datetime) -> Shop | None:
    """The next shop that is due, now ours. One statement decides between two workers."""
    while (key := _list_due(now).order_by("not_before").values_list("pk", flat=True).first()) is not None:
        claim = secrets.token_hex(16)
        if _list_due(now).filter(pk=key).update(claim=claim, lease_until=now + LEASE):
            return Shop.objects.select_related("by").get(pk=key)
    return None


def _own(shop: Shop) -> QuerySet[Shop]:
    """The row, if the claim is still ours."""
    return Shop.objects.filter(pk=shop.pk, claim=shop.claim)


def _go_on(shop: Shop, now: datetime) -> bool:
    """Take the next page; whether there is one after it that may be asked for at once."""
    if not shop.phase:
        _begin_round(shop, now)
    provider = get_provider(shop.provider)
    try:
        page = provider.fetch_page(shop, shop.phase, shop.cursor, shop.since)
    except ShopBusy as problem:
        _wait(shop, str(problem), now + problem.wait)
        return False
    except (NotSent, KeyRefused, ShopUnusable) as problem:
        _wait(shop, str(problem), now + AFTER_FAILURE)
        return False
    items = [provider.read_item(shop.phase, item) for item in page.items]
    with transaction.atomic():
        # Whoever has lost the claim writes nothing: another goes on from the same page.
        if not Shop.objects.select_for_update().filter(pk=shop.pk, claim=shop.claim, is_on=True).exists():
            return False
        taken = take_items(shop, items, live=shop.loaded_at is not None, by=shop.by, now=now)
        _note_page(shop, page, taken, now)
    return bool(shop.phase) and shop.not_before <= now


def _begin_round(shop: Shop, now: datetime) -> None:
    first = shop.loaded_at is None
    shop.phase, shop.cursor = list_phases(shop.provider, first_load=first)[0], ""
    shop.since, shop.round_began_at = None if first else shop.known_through, now


def _note_page(shop: Shop, page: Page, taken: Taken, now: datetime) -> None:
    """Note how far we are, what came in, and what comes next."""
    for name, count in taken.counts.items():
        shop.counts[name] = shop.counts.get(name, 0) + count
    shop.counts[shop.phase] = shop.counts.get(shop.phase, 0) + len(page.items)
    if page.total is not None and shop.loaded_at is None:
        shop.totals[shop.phase] = page.total
    shop.problems = (taken.problems + shop.problems)[:MOST_PROBLEMS]
    shop.cursor, shop.error, shop.not_before = page.cursor, "", now + page.wait
    if not page.cursor:
        _end_phase(shop, now)
    shop.save(
        update_fields=["phase", "cursor", "since", "round_began_at", "loaded_at", "known_through", "counts", "totals",
                       "problems", "error", "not_before"]
    )  # fmt: skip
    _own(shop).update(lease_until=now + LEASE)


def _end_phase(shop: Shop, now: datetime) -> None:
    phases = list_phases(shop.provider, first_load=shop.loaded_at is None)
    rest = phases[phases.index(shop.phase) + 1 :] if shop.phase in phases else ()
    if rest:
        shop.phase = rest[0]
        return
    shop.phase = ""
    shop.known_through = (shop.round_began_at or now) - OVERLAP
    shop.loaded_at = shop.loaded_at or now
    shop.not_before = now + EVERY


def _wait(shop: Shop, error: str, until: datetime) -> None:
    shop.error, shop.not_before = error[:500], until
    _own(shop).update(
        error=shop.error,
        not_before=until,
        phase=shop.phase,
        cursor=shop.cursor,
        since=shop.since,
        round_began_at=shop.round_began_at,
    )
