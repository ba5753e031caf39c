"""DOOR: keeping what was found."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from vafa.data.business.queries import get_business
from vafa.kit import clock
from vafa.measure.quality.gathering import CHECKS, build_looked, get_result, list_checks
from vafa.measure.quality.models import Found
from vafa.measure.quality.same_sales import look_for_same_sales
from vafa.measure.quality.types import Result
from vafa.warehouse.queries import open_snapshot

__all__ = ["look", "look_for_same_sales"]


def look(*, now: datetime) -> bool:
    """Run all checks over the newest data and keep their counts; False where nothing has changed since the last look.

    Safe to repeat, and to be cut off: the counts of one look are written together.
    """
    business, snapshot = get_business(), open_snapshot()
    today = clock.today(business.zone)
    seen = Found.objects.order_by("seq").first()
    if seen is not None and (seen.seq, seen.seen_on) == (snapshot.seq, today):
        return False
    looked = build_looked(snapshot, business, today)
    results = [get_result(looked, check.name) for check in CHECKS]
    _keep(results, snapshot.seq, now)
    look_for_same_sales(now=now)
    return True


@transaction.atomic
def _keep(results: Iterable[Result], seq: int, now: datetime) -> None:
    warnings = {entry.name for entry in list_checks() if entry.weight == "warning"}
    today = clock.today(get_business().zone)
    Found.objects.all().delete()
    Found.objects.bulk_create(
        Found(
            name=result.name,
            count=result.count,
            total=result.total,
            is_warning=result.name in warnings,
            seq=seq,
            seen_on=today,
            seen_at=now,
        )
        for result in results
    )
