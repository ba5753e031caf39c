"""What the timetable does with segments."""

from datetime import datetime

from vafa.measure.segments.building import rebuild_due
from vafa.measure.segments.presets import make_presets
from vafa.measure.segments.telling import tell_changes
from vafa.warehouse.queries import has_copy


def rebuild(now: datetime) -> None:
    """Make the presets where they are missing, build what is due, and tell what has not been told."""
    if not has_copy():
        return
    make_presets(now=now)
    rebuild_due(now)
    tell_changes(now)
