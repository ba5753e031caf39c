"""Lists chosen by hand: adding and removing members, and taking that back."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _
from pyroaring import BitMap

from vafa.data.business.queries import get_business
from vafa.kit.audit import record
from vafa.measure.segments.building import compare, write_change
from vafa.measure.segments.members import find_numbers, pack, read_member_ids, unpack
from vafa.measure.segments.models import Change, MemberSet, Segment
from vafa.measure.segments.presets import name_segment
from vafa.measure.segments.resolving import get_segment
from vafa.measure.segments.telling import tell_change
from vafa.measure.segments.types import SegmentNotAList
from vafa.warehouse.queries import Snapshot

# More at once than anybody clicks together is a file, and files are history.
MOST_BY_HAND = 100


def add_members(
    slug: str, ids: Iterable[int], *, snapshot: Snapshot, by: Any, now: datetime, cause: str = "hand"
) -> Change | None:
    """Add customers to a list; None if all are in it. By hand it is news, by a file (`import`) it is not."""
    wanted = BitMap(list(ids))
    return _change(slug, lambda known: known | find_numbers(wanted, snapshot), snapshot, by, now, cause)


def remove_members(
    slug: str, ids: Iterable[int], *, snapshot: Snapshot, by: Any, now: datetime, cause: str = "hand"
) -> Change | None:
    """Take customers off a list; None if none is on it."""
    wanted = BitMap(list(ids))
    return _change(slug, lambda known: known - find_numbers(wanted, snapshot), snapshot, by, now, cause)


def undo_change(
    slug: str,
    change_id: int,
    *,
    snapshot: Snapshot,
    by: Any,
    now: datetime,
    visible: BitMap | None = None,
) -> Change | None:
    """Take one change of a list back: who entered by it goes, who left by it is back. None if it is undone already,
    or nothing of it is left to undo. With `visible` (numbers of the snapshot) only these customers are moved."""
    change = Change.objects.filter(pk=change_id, segment__slug=slug, undone_by=None).first()
    if change is None:
        return None
    entered, left = (find_numbers(unpack(packed), snapshot) for packed in (change.entered, change.left))
    if visible is not None:
        entered, left = entered & visible, left & visible
    return _change(
        slug, lambda known: (known - entered) | left, snapshot, by, now, "undo", undo_of=change
    )  # fmt: skip


def copy_members(segment: Segment, copied: Segment, *, by: Any, now: datetime) -> None:
    """Put the members of one list into another new one. Call it in a transaction."""
    ids = read_member_ids(segment)
    if ids is not None:
        MemberSet.objects.create(segment=copied, ids=pack(ids))
        Change.objects.create(
            segment=copied, at=now, as_of=_get_today(now), cause="import", is_first=True, entered=pack(ids),
            left=pack(BitMap()), entered_count=len(ids), left_count=0, count=len(ids), is_told=True,
            by=by if getattr(by, "pk", None) else None,
        )  # fmt: skip
        Segment.objects.filter(pk=copied.pk).update(count=len(ids), built_at=now, built_as_of=_get_today(now))


def _change(
    slug: str,
    choose: Any,
    snapshot: Snapshot,
    by: Any,
    now: datetime,
    cause: str,
    undo_of: Change | None = None,
) -> Change | None:
    with transaction.atomic():
        segment = Segment.objects.select_for_update().get(pk=get_segment(slug).pk)
        if segment.kind != "list":
            raise SegmentNotAList(
                _("The members of “%(name)s” follow from its conditions.") % {"name": name_segment(segment)},
                _("Change the conditions, or make a list of your own."),
            )
        before = read_member_ids(segment)
        known = find_numbers(before or BitMap(), snapshot)
        members = choose(known) & snapshot.everyone()
        entered, left = compare(before, members, snapshot)
        if not entered and not left and before is not None:
            return None
        is_small = len(entered) + len(left) <= MOST_BY_HAND
        change = write_change(
            segment, members, snapshot, entered, left, as_of=_get_today(now), now=now, cause=cause,
            is_first=before is None, live=cause in ("hand", "undo") and is_small, by=by, undo_of=undo_of,
        )  # fmt: skip
        Segment.objects.filter(pk=segment.pk).update(
            previous_count=segment.count, count=len(members), built_at=now, built_as_of=change.as_of
        )
        record(
            "segment.members_changed", by=by, now=now, subject=f"segment:{segment.pk}", cause=cause,
            entered=len(entered), left=len(left),
        )  # fmt: skip
    tell_change(change, now=now)
    return change


def _get_today(now: datetime) -> date:
    return now.astimezone(ZoneInfo(get_business().zone)).date()
