"""DOOR: making and changing segments, building them, choosing members by hand."""

from datetime import datetime

from vafa.measure.segments.building import Built, list_in_order, rebuild, rebuild_due
from vafa.measure.segments.editing import (
    archive_segment,
    change_segment,
    check_definition,
    copy_segment,
    create_segment,
    restore_segment,
)
from vafa.measure.segments.hand import add_members, remove_members, undo_change
from vafa.measure.segments.presets import make_presets
from vafa.measure.segments.resolving import get_segment
from vafa.warehouse.queries import Snapshot, open_snapshot

__all__ = [
    "Built",
    "add_members",
    "archive_segment",
    "change_segment",
    "check_definition",
    "copy_segment",
    "create_segment",
    "make_presets",
    "rebuild_due",
    "rebuild_segments",
    "remove_members",
    "restore_segment",
    "undo_change",
]


def rebuild_segments(
    slug: str | None = None, *, now: datetime, snapshot: Snapshot | None = None
) -> list[Built]:
    """Build one segment now, after those that it is defined by; or all. Lists chosen by hand have nothing to build.

    Raises SegmentUnknown.
    """
    copy = snapshot or open_snapshot()
    wanted = None if slug is None else get_segment(slug).slug
    built = []
    for segment in list_in_order():
        found = rebuild(segment, now=now, snapshot=copy, force=wanted is None or segment.slug == wanted)
        if found is not None:
            built.append(found)
        if segment.slug == wanted:
            break
    return built
