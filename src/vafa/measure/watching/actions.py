"""DOOR: setting targets, watching figures, settling alerts, marking days."""

import math
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.kit.audit import record
from vafa.lab.periods import EVERY
from vafa.measure.metrics.queries import get_entry
from vafa.measure.segments.queries import find_saved
from vafa.measure.watching.checking import check_figures
from vafa.measure.watching.models import Alert, Mark, Target, Watch
from vafa.measure.watching.types import Figure, MarkUnusable, TargetUnusable

__all__ = [
    "add_mark",
    "check_figures",
    "remove_mark",
    "remove_target",
    "reopen_alert",
    "set_target",
    "settle_alert",
    "stop_watching",
    "watch_figure",
]


@transaction.atomic
def set_target(figure: Figure, value: float, *, by: Any, now: datetime) -> Target:
    """Say what a figure should be, in its unit (shares as fractions). Raises TargetUnusable and AskedWrongly."""
    _check(figure)
    entry = get_entry(figure.metric)
    if entry.good == "none":
        raise TargetUnusable(_("Of this metric neither more nor less is better, so it can have no target."))
    if not math.isfinite(value):
        raise TargetUnusable(_("This is no number."))
    if entry.unit == "share" and not -10 <= value <= 10:
        raise TargetUnusable(_("A share is meant as a percentage, such as 85."))
    target, _made = Target.objects.update_or_create(
        **vars(figure), defaults={"value": value, "set_by": _find_staff(by), "set_at": now}
    )
    record("target.set", by=by, now=now, subject=_name(figure), value=value)
    return target


@transaction.atomic
def remove_target(figure: Figure, *, by: Any, now: datetime) -> float | None:
    """Take a target away and give what it was; None if it is gone already."""
    value = Target.objects.filter(**vars(figure)).values_list("value", flat=True).first()
    if Target.objects.filter(**vars(figure)).delete()[0]:
        record("target.removed", by=by, now=now, subject=_name(figure))
    return value


@transaction.atomic
def watch_figure(figure: Figure, staff: Any, *, by_mail: bool, by: Any, now: datetime) -> Watch:
    """Tell somebody of a figure from now on; whoever watches already only changes how."""
    _check(figure)
    watch, made = Watch.objects.get_or_create(
        **vars(figure), staff=staff, defaults={"by_mail": by_mail, "since": now}
    )
    if not made and watch.by_mail != by_mail:
        watch.by_mail = by_mail
        watch.save(update_fields=["by_mail"])
    if made:
        record("figure.watched", by=by, now=now, subject=_name(figure), staff=staff.pk)
    return watch


@transaction.atomic
def stop_watching(figure: Figure, staff: Any, *, by: Any, now: datetime) -> None:
    """Tell somebody no more."""
    if Watch.objects.filter(**vars(figure), staff=staff).delete()[0]:
        record("figure.unwatched", by=by, now=now, subject=_name(figure), staff=staff.pk)


@transaction.atomic
def settle_alert(alert_id: int, *, by: Any, now: datetime) -> None:
    """Say that an alert has been seen to: it leaves the overview and stays in the list."""
    changed = Alert.objects.filter(pk=alert_id, settled_at=None).update(
        settled_at=now, settled_by=_find_staff(by)
    )
    if changed:
        record("alert.settled", by=by, now=now, subject=f"alert:{alert_id}")


@transaction.atomic
def reopen_alert(alert_id: int, *, by: Any, now: datetime) -> None:
    """Take back that an alert has been seen to: it stands on the overview again."""
    changed = Alert.objects.filter(pk=alert_id, settled_at__isnull=False).update(
        settled_at=None, settled_by=None
    )
    if changed:
        record("alert.reopened", by=by, now=now, subject=f"alert:{alert_id}")


@transaction.atomic
def add_mark(title: str, start: date, end: date, *, by: Any, now: datetime) -> Mark:
    """Mark the days [start, end) on charts. Raises MarkUnusable."""
    if not title.strip():
        raise MarkUnusable(_("Say what happened."), field="title")
    if end <= start:
        raise MarkUnusable(_("The last day is before the first."), field="last_on")
    mark = Mark.objects.create(
        title=title.strip()[:120], start_on=start, end_on=end, added_by=_find_staff(by), added_at=now
    )
    record("mark.added", by=by, now=now, subject=f"mark:{mark.pk}")
    return mark


@transaction.atomic
def remove_mark(mark_id: int, *, by: Any, now: datetime) -> Mark | None:
    """Take a mark away and give it as it was; None if it is gone already."""
    mark = Mark.objects.filter(pk=mark_id).first()
    if mark is not None:
        mark.delete()
        record("mark.removed", by=by, now=now, subject=f"mark:{mark_id}")
    return mark


def _check(figure: Figure) -> None:
    get_entry(figure.metric)
    if figure.every not in EVERY:
        raise TargetUnusable(_("There is no such length of time."))
    if figure.segment and find_saved(figure.segment) is None:
        raise TargetUnusable(_("There is no such segment."))


def _find_staff(by: Any) -> Any:
    return by if getattr(by, "pk", None) else None


def _name(figure: Figure) -> str:
    return ":".join(filter(None, ("figure", figure.metric, figure.segment, figure.every)))
