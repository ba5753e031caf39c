"""Telling the log who entered and left: one by one where it is news, else in one row a change.

At most 500 happenings are written in a transaction, together with how far the telling has come, so that it goes on
where it was cut off and nobody is told twice.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from vafa.data.business.queries import get_business
from vafa.data.customers.queries import list_counted
from vafa.data.log.actions import add_happening, add_happenings
from vafa.measure.segments.members import list_ids, unpack
from vafa.measure.segments.models import Change

AT_ONCE = 500


def tell_changes(now: datetime) -> None:
    """Tell what has not been told, as after a death in the middle; one query where there is nothing."""
    for change in Change.objects.filter(is_told=False).order_by("pk"):
        tell_change(change, now=now)


def tell_change(change: Change, *, now: datetime) -> None:
    """Tell of one change, from where the telling has come."""
    at = build_moment(change.as_of)
    if not change.live:
        _tell_whole(change, at, now)
        return
    entered, left = list_ids(unpack(change.entered)).tolist(), list_ids(unpack(change.left)).tolist()
    news = [("entered_segment", pk) for pk in entered] + [("left_segment", pk) for pk in left]
    while _tell_some(change.pk, news, at, now):
        pass


def _tell_whole(change: Change, at: datetime, now: datetime) -> None:
    with transaction.atomic():
        if not Change.objects.filter(pk=change.pk, is_told=False).update(is_told=True):
            return
        for kind, count in (("entered_segment", change.entered_count), ("left_segment", change.left_count)):
            if count:
                add_happening(
                    kind, at=at, now=now, live=False, segment=change.segment_id, change=change.pk, count=count
                )


def _tell_some(change_id: int, news: list[tuple[str, int]], at: datetime, now: datetime) -> bool:
    """Tell the next few; whether there is more."""
    with transaction.atomic():
        change = Change.objects.select_for_update().get(pk=change_id)
        if change.is_told:
            return False
        some = news[change.told : change.told + AT_ONCE]
        # Who has been erased or left out since, or was merged away, is nobody to act on.
        counted = list_counted([pk for _kind, pk in some])
        for kind in ("entered_segment", "left_segment"):
            subjects = [pk for own, pk in some if own == kind and pk in counted]
            add_happenings(
                kind, subjects, at=at, now=now, live=True, segment=change.segment_id, change=change.pk
            )
        change.told += len(some)
        change.is_told = change.told >= len(news)
        change.save(update_fields=["told", "is_told"])
        return not change.is_told


def build_moment(day: date) -> datetime:
    """The midnight that begins a day in the business's zone."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(get_business().zone))
