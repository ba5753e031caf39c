"""Segments as reports name them."""

from vafa.measure.segments.queries import find_saved, list_segments


def list_segment_choices() -> list[tuple[str, str]]:
    """The segments that a metric can be narrowed to: slug and name."""
    return [(segment.slug, segment.name) for segment in list_segments()]


def name_segment(slug: str) -> str:
    """A segment's name; its slug where it is gone."""
    found = find_saved(slug)
    return slug if found is None else found.name
