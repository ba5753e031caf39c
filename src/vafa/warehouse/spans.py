"""Sets of spans of days that a process has loaded, and how they are brought up to date."""

from collections.abc import Hashable, Iterable, Mapping
from typing import NamedTuple

from pyroaring import BitMap

from vafa.warehouse.day_sets import Change, Series
from vafa.warehouse.keeping import Kept

ROWS = "rows"
"""The kind of a span of whoever has any row of an order: buyers and others."""

LEAST_SPAN = 7
"""Shorter spans are quicker made than kept."""

_KINDS = {ROWS: ("buyers", "others")}


class Span(NamedTuple):
    """The key under which the set of [start, end) of a kind and value is kept."""

    kind: str
    value: int
    start: int
    end: int


class Until(NamedTuple):
    """The key under which something is kept that follows from the sets of the days before `end` alone."""

    end: int
    series: tuple[str, int]
    key: Hashable


def carry_spans(before: Kept, after: Kept, changes: Mapping[Series, Mapping[int, Change]] | None) -> None:
    """Take over what still holds of an earlier state: spans, and what follows from days before the first change.

    Where customers came, they are added to a span; where somebody went, the span is left out, and made anew when it is
    asked for: another of its days may still hold them.
    """
    if changes is None:
        return
    first = min(
        (day for (kind, _value), days in changes.items() if kind != "people" for day in days), default=None
    )
    for key, value in before.list_items():
        if isinstance(key, Until) and (first is None or key.end <= first):
            after.put(key, value)
        if isinstance(key, Span):
            found = list(_list_changes(key, changes))
            if all(change.only_adds for change in found):
                added = [change.after for change in found]
                after.put(key, BitMap.union(value, *added) if added else value)


def _list_changes(span: Span, changes: Mapping[Series, Mapping[int, Change]]) -> Iterable[Change]:
    """What has changed on days of a span."""
    for kind in _KINDS.get(span.kind, (span.kind,)):
        for day, change in changes.get((kind, span.value), {}).items():
            if span.start <= day < span.end:
                yield change


def build_start_sets(
    firsts: Iterable[tuple[int, BitMap]], joined: Iterable[tuple[int, BitMap]]
) -> dict[int, BitMap]:
    """Day (in order) -> those for whom it is the earlier of their first day and the day of joining."""
    days: dict[int, list[BitMap]] = {}
    for day, members in (*firsts, *joined):
        days.setdefault(day, []).append(members)
    seen = BitMap()
    starts = {}
    for day in sorted(days):
        new = BitMap.union(*days[day]) - seen
        if new:
            new.run_optimize()
            starts[day] = new
            seen |= new
    return starts
