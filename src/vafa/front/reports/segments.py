"""Segments as reports use them."""

from vafa.measure.reports.queries import Choose
from vafa.warehouse.queries import Snapshot


def list_segment_choices() -> list[tuple[str, str]]:
    """The segments that a metric can be narrowed to: slug and name."""
    return []


def name_segment(slug: str) -> str:
    """A segment's name; its slug where it is gone."""
    return dict(list_segment_choices()).get(slug, slug)


def get_stamp(_slug: str) -> str:
    """What changes whenever the segment's members do."""
    return ""


def build_chooser(_snapshot: Snapshot) -> Choose | None:
    """What gives a segment's members as of a day."""
    return None
