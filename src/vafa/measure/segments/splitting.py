"""A metric split by saved segments: groups that overlap, each of those who were in it when a period began."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from pyroaring import BitMap

from vafa.measure.metrics.queries import get_metric
from vafa.measure.metrics.types import MetricRow, MetricTable
from vafa.measure.segments.reading import list_segments
from vafa.measure.segments.resolving import build_chosen
from vafa.measure.segments.types import SavedSegment
from vafa.warehouse.queries import Snapshot

DIMENSION = "segment"
"""What a split by segments is called where fields are named; its groups go by the segments' names."""

Choose = Callable[[date], BitMap]


def get_metric_by_segment(
    name: str,
    *,
    snapshot: Snapshot,
    rule: str | None = None,
    chosen: Choose | None = None,
    groups_limit: int | None = None,
    **asked: Any,
) -> MetricTable:
    """The metric's table with the saved segments as its groups, the largest first. `asked` is as `get_metric` has it.

    Raises AskedWrongly as `get_metric` does.
    """
    segments = sorted(list_usable(), key=lambda segment: (-(segment.count or 0), segment.id))
    shown = segments if groups_limit is None else segments[:groups_limit]
    # Without a segment the table tells its periods and what it rests on.
    table = get_metric(name, snapshot=snapshot, rule=rule, chosen=chosen, **asked)
    rows: dict[date, list[MetricRow]] = {row.start: [] for row in table.rows}
    for segment in shown:
        own = meet(build_chosen(segment.slug, snapshot, rule), chosen)
        for row in get_metric(name, snapshot=snapshot, rule=rule, chosen=own, **asked).rows:
            rows[row.start].append(replace(row, group=segment.name))
    return replace(
        table,
        by=DIMENSION,
        rows=tuple(row for start in rows for row in rows[start]),
        adds_up=False,
        groups_left_out=len(segments) - len(shown),
        reason=table.reason if segments else table.reason or "no_segment_built",
    )


def list_usable() -> list[SavedSegment]:
    """The segments by which figures can be narrowed or split: all that aren't archived and have been built."""
    return [segment for segment in list_segments() if segment.count is not None]


def find_by_name(name: str) -> SavedSegment | None:
    """The segment of a name, as groups of a split are called."""
    return next((segment for segment in list_segments() if segment.name == name), None)


def meet(first: Choose, second: Choose | None) -> Choose:
    """Those of the one who are also of the other, as of a day."""
    return first if second is None else lambda day: first(day) & second(day)
