"""Judging watched figures: each period once, when it is complete and first known."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from vafa.data.business.queries import get_business
from vafa.kit.errors import VafaError
from vafa.kit.permissions import Permission, may
from vafa.measure.metrics.queries import get_owner_id
from vafa.measure.watching.figures import get_standing
from vafa.measure.watching.models import Alert, Judged, Watch
from vafa.measure.watching.rules import may_raise
from vafa.measure.watching.types import Figure, Standing
from vafa.warehouse.queries import Snapshot, open_snapshot

logger = logging.getLogger(__name__)

Tell = Callable[[Alert, Any], None]


def check_figures(*, now: datetime, tell: Tell, snapshot: Snapshot | None = None) -> list[Alert]:
    """Judge the last complete period of each watched figure, and give the alerts that were raised.

    `tell(alert, staff)` is called inside the transaction that raises the alert, for whoever wants mail.
    """
    copy = snapshot or open_snapshot()
    raised: list[Alert] = []
    for figure, watches in _list_watched().items():
        try:
            standing = get_standing(figure, copy)
        except VafaError as problem:
            logger.warning("%s can't be judged: %s", figure, problem)
            continue
        if standing.row is None or _is_judged(figure, standing):
            continue
        raised += _judge(standing, watches, now, tell)
    return raised


def _list_watched() -> dict[Figure, list[Watch]]:
    """The watches by figure, without those of staff who may not see the whole business's figures any more."""
    found: dict[Figure, list[Watch]] = {}
    business = get_business()
    for watch in Watch.objects.select_related("staff").filter(staff__is_active=True).order_by("since"):
        if not may(watch.staff, Permission.SEE_FIGURES) or get_owner_id(watch.staff, business) is not None:
            continue
        found.setdefault(Figure(watch.metric, watch.segment, watch.every), []).append(watch)
    return found


def _is_judged(figure: Figure, standing: Standing) -> bool:
    assert standing.row is not None
    return Judged.objects.filter(**vars(figure), start_on=standing.row.start).exists()


@transaction.atomic
def _judge(standing: Standing, watches: list[Watch], now: datetime, tell: Tell) -> list[Alert]:
    row = standing.row
    assert row is not None
    value = row.value
    figure = vars(standing.figure)
    _row, first = Judged.objects.get_or_create(**figure, start_on=row.start, defaults={"judged_at": now})
    zone = ZoneInfo(get_business().zone)
    since = watches[0].since.astimezone(zone).date()
    if value is None or not first or not may_raise(row.start, row.end, since, now.astimezone(zone).date()):
        return []
    alerts = [
        Alert.objects.create(
            **figure,
            start_on=row.start,
            end_on=row.end,
            kind=verdict.kind,
            side=verdict.side,
            good=verdict.good,
            value=value,
            low=standing.expected.low if standing.expected else None,
            high=standing.expected.high if standing.expected else None,
            target=standing.target,
            raised_at=now,
        )
        for verdict in standing.verdicts
    ]
    for alert in alerts:
        for watch in watches:
            if watch.by_mail:
                tell(alert, watch.staff)
    return alerts
