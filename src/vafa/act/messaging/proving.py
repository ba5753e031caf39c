"""What the proof of messages needs to know of them: who was dealt into which arm, and what the messages cost."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from django.db import models
from django.db.models import Sum

from vafa.act.messaging.models import Exposure, Sending
from vafa.act.messaging.universal import find_period
from vafa.data.consent.types import Purpose

_FIELDS = ("customer_id", "arm", "at", "score")
_AT_ONCE = 20_000


def iterate_exposures(trial_key: str) -> Iterator[tuple[int, str, datetime, float | None]]:
    """(customer's id, arm, moment, frozen chance of leaving) of all who were dealt, in the order in which they were."""
    rows = Exposure.objects.filter(trial_key=trial_key).order_by("pk").values_list(*_FIELDS)
    yield from rows.iterator(_AT_ONCE)


def list_trial_keys_of(customer_ids: Iterable[int]) -> list[str]:
    """The trials in which these customers are."""
    keys = Exposure.objects.filter(customer__in=list(customer_ids)).order_by("trial_key")
    return list(keys.values_list("trial_key", flat=True).distinct())


def sum_spent(trial_key: str) -> Decimal | None:
    """What the messages of a trial cost so far, of a period of the universal holdout all that were no service; None
    where nobody told of any cost."""
    spent: Decimal | None = _list_paid(trial_key).aggregate(spent=Sum("cost"))["spent"]
    return spent


def _list_paid(trial_key: str) -> models.QuerySet[Sending]:
    period = find_period(trial_key)
    if period is None or period.began_at is None:
        return Sending.objects.filter(message__trial=trial_key)
    end = period.ended_at or period.ends_at
    own = Sending.objects.filter(handed_at__gte=period.began_at, handed_at__lt=end)
    return own.exclude(message__purpose=Purpose.SERVICE)
