"""The segment that a page's figures are of."""

from vafa.front.overview.figures import ChosenSegment
from vafa.measure.segments.queries import build_chosen, get_segment_name
from vafa.warehouse.queries import Snapshot


def find_chosen(slug: str, snapshot: Snapshot, rule: str | None) -> ChosenSegment:
    """The segment of a slug, ready to be asked for its members as of any day. Raises SegmentUnknown."""
    choose = build_chosen(slug, snapshot, rule)
    return ChosenSegment(slug, get_segment_name(slug), choose)
