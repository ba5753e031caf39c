"""Saved segments as values: lists of them, their members' stays, and the history of who came and went."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from pyroaring import BitMap

from vafa.measure.segments.coding import read_definition
from vafa.measure.segments.members import list_ids, read_member_ids, unpack
from vafa.measure.segments.models import Change, Segment
from vafa.measure.segments.presets import describe_segment, name_segment
from vafa.measure.segments.resolving import get_members, get_segment
from vafa.measure.segments.types import Definition, Kind, SavedSegment
from vafa.warehouse.queries import Snapshot


@dataclass(frozen=True)
class ChangeRow:
    """One change of who is in a segment. `by` is a member of staff's name, "" for the program itself."""

    id: int
    at: datetime
    as_of: date
    cause: str
    is_first: bool
    live: bool
    entered: int
    left: int
    count: int
    by: str
    is_undone: bool


@dataclass(frozen=True)
class Stay:
    """When a customer entered a segment, and left it again (None: still in)."""

    customer: int
    entered_at: datetime
    entered_as_of: date
    left_at: datetime | None = None


def list_segments(*, archived: bool = False) -> list[SavedSegment]:
    """The saved segments in the order they were made, ready ones first; or the archived ones."""
    rows = Segment.objects.exclude(archived_at=None) if archived else Segment.objects.filter(archived_at=None)
    saved = [build_saved(segment) for segment in rows]
    return sorted(saved, key=lambda segment: (segment.kind != "preset", segment.id))


def find_saved(slug: str) -> SavedSegment | None:
    """One saved segment; None if there is none of that slug."""
    found = Segment.objects.filter(slug=slug).first()
    return None if found is None else build_saved(found)


def get_segment_name(slug: str) -> str:
    """What a segment is called. Raises SegmentUnknown."""
    return name_segment(get_segment(slug))


def build_saved(segment: Segment) -> SavedSegment:
    """A segment as lists show it."""
    return SavedSegment(
        id=segment.pk,
        slug=segment.slug,
        name=name_segment(segment),
        description=describe_segment(segment),
        colour=segment.colour,
        kind=cast("Kind", segment.kind),
        preset=segment.preset,
        archived=segment.archived_at is not None,
        count=0 if segment.count is None and segment.kind == "list" else segment.count,
        previous_count=segment.previous_count,
        as_of=segment.built_as_of,
        built_at=segment.built_at,
        error=segment.error,
        error_at=segment.error_at,
        is_waiting=segment.kind != "list" and segment.count is None and not segment.error,
    )


def get_definition(slug: str) -> Definition | None:
    """What makes somebody a member; None for a list chosen by hand. Raises SegmentUnknown, DefinitionUnusable."""
    document = get_segment(slug).definition
    return None if document is None else read_definition(document)


def get_segment_members(slug_or_id: str | int, snapshot: Snapshot) -> BitMap:
    """Who is in a segment since its last good build, as this state of the data sees them.

    Raises SegmentUnknown, and SegmentNotBuilt for one that has no members yet. The set is shared: don't change it.
    """
    return get_members(get_segment(slug_or_id), snapshot)


def list_changes(slug: str, limit: int = 200) -> list[ChangeRow]:
    """The changes of who is in a segment, the newest first."""
    rows = (
        Change.objects.filter(segment=get_segment(slug))
        .defer("entered", "left")
        .select_related("by", "undone_by")[:limit]
    )
    return [
        ChangeRow(
            id=row.pk,
            at=row.at,
            as_of=row.as_of,
            cause=row.cause,
            is_first=row.is_first,
            live=row.live,
            entered=row.entered_count,
            left=row.left_count,
            count=row.count,
            by=str(row.by) if row.by else "",
            is_undone=hasattr(row, "undone_by"),
        )
        for row in rows
    ]


def find_moved(slug: str, change_id: int, direction: str, snapshot: Snapshot) -> BitMap:
    """Who entered, or left, by one change, as this state of the data sees them. Raises SegmentUnknown."""
    change = Change.objects.filter(segment=get_segment(slug), pk=change_id).first()
    if change is None:
        return BitMap()
    ids = list_ids(unpack(change.entered if direction == "entered" else change.left))
    return snapshot.ix_set(ids) if len(ids) else BitMap()


def list_entries(slug: str, customers: Iterable[int]) -> dict[int, Stay]:
    """Since when each of these customers is in a segment; who isn't is left out."""
    segment = get_segment(slug)
    members = read_member_ids(segment) or BitMap()
    wanted = BitMap(list(customers)) & members
    found: dict[int, Stay] = {}
    for change in Change.objects.filter(segment=segment).order_by("-pk").iterator(chunk_size=20):
        if not wanted:
            break
        here = wanted & unpack(change.entered)
        found |= {pk: Stay(pk, change.at, change.as_of) for pk in here}
        wanted -= here
    return found


def list_stays(slug: str, customer: int) -> list[Stay]:
    """All stays of one customer in a segment, the earliest first."""
    stays: list[Stay] = []
    for change in Change.objects.filter(segment=get_segment(slug)).order_by("pk").iterator(chunk_size=20):
        if customer in unpack(change.left) and stays and stays[-1].left_at is None:
            stays[-1] = Stay(customer, stays[-1].entered_at, stays[-1].entered_as_of, change.at)
        if customer in unpack(change.entered):
            stays.append(Stay(customer, change.at, change.as_of))
    return stays


def list_segments_of(customer: int) -> list[SavedSegment]:
    """The segments that a customer is in since their last good builds."""
    rows = Segment.objects.filter(archived_at=None).select_related("member_set")
    return [
        build_saved(segment)
        for segment in rows
        if hasattr(segment, "member_set") and customer in unpack(segment.member_set.ids)
    ]
