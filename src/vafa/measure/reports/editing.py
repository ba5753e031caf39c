"""Making and changing dashboards."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.kit.audit import record
from vafa.measure.metrics.queries import list_metric_names
from vafa.measure.reports.models import Dashboard, DashboardItem
from vafa.measure.reports.types import (
    CHARTS,
    LENGTHS,
    MOST_ITEMS,
    MOST_PERIODS,
    Item,
    ItemUnusable,
    TooManyItems,
)

KEEP_DELETED = timedelta(days=30)


@transaction.atomic
def create_dashboard(
    name: str, *, is_shared: bool, items: Iterable[Item] = (), by: Any, now: datetime
) -> Dashboard:
    """A new dashboard with these items. Raises ItemUnusable and TooManyItems."""
    dashboard = Dashboard.objects.create(
        name=name, owner=by, is_shared=is_shared, created_at=now, changed_at=now
    )
    for item in items:
        _add(dashboard, item)
    record("dashboard.created", by=by, now=now, subject=_name(dashboard))
    return dashboard


@transaction.atomic
def change_dashboard(dashboard: Dashboard, *, name: str, is_shared: bool, by: Any, now: datetime) -> None:
    """Rename a dashboard, and say whether all staff see it."""
    dashboard.name, dashboard.is_shared = name, is_shared
    dashboard.changed_at = now
    dashboard.save(update_fields=["name", "is_shared", "changed_at"])
    record("dashboard.changed", by=by, now=now, subject=_name(dashboard))


@transaction.atomic
def duplicate_dashboard(dashboard: Dashboard, name: str, *, by: Any, now: datetime) -> Dashboard:
    """A copy of one's own, seen by nobody else; without the schedules and links."""
    copy = Dashboard.objects.create(name=name, owner=by, is_shared=False, created_at=now, changed_at=now)
    for row in dashboard.items.all():
        row.pk = None
        row.dashboard = copy
        row.save(force_insert=True)
    record("dashboard.created", by=by, now=now, subject=_name(copy))
    return copy


@transaction.atomic
def delete_dashboard(dashboard: Dashboard, *, by: Any, now: datetime) -> None:
    """Put a dashboard away: its reports stop and its links close. It can be taken back for a month."""
    Dashboard.objects.filter(pk=dashboard.pk, deleted_at=None).update(deleted_at=now)
    record("dashboard.deleted", by=by, now=now, subject=_name(dashboard))


@transaction.atomic
def restore_dashboard(dashboard: Dashboard, *, by: Any, now: datetime) -> None:
    """Take a deleted dashboard back. Reports that were due meanwhile are not made up for."""
    Dashboard.objects.filter(pk=dashboard.pk).update(deleted_at=None)
    dashboard.schedules.update(starts_at=now)
    record("dashboard.restored", by=by, now=now, subject=_name(dashboard))


def remove_deleted(now: datetime) -> None:
    """Remove for good what was deleted a month ago."""
    Dashboard.objects.filter(deleted_at__lt=now - KEEP_DELETED).delete()


@transaction.atomic
def add_item(dashboard: Dashboard, item: Item, *, by: Any, now: datetime) -> DashboardItem:
    """Put an item at the end. Raises ItemUnusable and TooManyItems."""
    row = _add(dashboard, item)
    _note_change(dashboard, by, now)
    return row


@transaction.atomic
def change_item(row: DashboardItem, item: Item, *, by: Any, now: datetime) -> None:
    """Let an item show something else. Raises ItemUnusable."""
    _check(item)
    for field, value in vars(item).items():
        setattr(row, field, value)
    row.save()
    _note_change(row.dashboard, by, now)


@transaction.atomic
def remove_item(row: DashboardItem, *, by: Any, now: datetime) -> None:
    """Take an item away."""
    row.delete()
    _note_change(row.dashboard, by, now)


@transaction.atomic
def move_item(row: DashboardItem, step: int, *, by: Any, now: datetime) -> None:
    """Move an item so many places down (up if negative), as far as there are places."""
    # Rows are renumbered as a whole, so that two who move at once leave an order and not a hole.
    dashboard = Dashboard.objects.select_for_update().get(pk=row.dashboard_id)
    rows = [one for one in dashboard.items.all() if one.pk != row.pk]
    before = [one.pk for one in dashboard.items.all()]
    place = min(max(before.index(row.pk) + step, 0), len(rows))
    rows.insert(place, row)
    for position, one in enumerate(rows, start=1):
        DashboardItem.objects.filter(pk=one.pk).update(position=position)
    _note_change(dashboard, by, now)


def _add(dashboard: Dashboard, item: Item) -> DashboardItem:
    _check(item)
    # On PostgreSQL two who add at once would take the same place.
    Dashboard.objects.select_for_update().get(pk=dashboard.pk)
    last = dashboard.items.last()
    if dashboard.items.count() >= MOST_ITEMS:
        raise TooManyItems(
            _("A dashboard holds at most %(most)s metrics.") % {"most": MOST_ITEMS},
            _("Remove one first, or make another dashboard."),
        )
    position = 1 if last is None else last.position + 1
    return DashboardItem.objects.create(dashboard=dashboard, position=position, **vars(item))


def _check(item: Item) -> None:
    if item.metric not in list_metric_names():
        raise ItemUnusable(_("There is no metric named “%(name)s”.") % {"name": item.metric})
    fits = item.chart in CHARTS and item.every in LENGTHS and 1 <= item.periods <= MOST_PERIODS
    if not fits:
        raise ItemUnusable(_("This is no way to show a metric."))


def _note_change(dashboard: Dashboard, by: Any, now: datetime) -> None:
    Dashboard.objects.filter(pk=dashboard.pk).update(changed_at=now)
    record("dashboard.changed", by=by, now=now, subject=_name(dashboard))


def _name(dashboard: Dashboard) -> str:
    return f"dashboard:{dashboard.pk}"
