"""A metric split by sets of customers: by saved segments, each of those who were in it when a period began, and by the
fields that are held as sets (who looks after a customer, tags, the month of birth)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import get_language
from pyroaring import BitMap

from vafa.data.business.queries import get_business, get_style
from vafa.data.staff.queries import list_staff
from vafa.kit.locale.months import list_month_names
from vafa.measure.metrics.queries import get_metric
from vafa.measure.metrics.types import MetricRow, MetricTable
from vafa.measure.segments.fields import list_values
from vafa.measure.segments.reading import list_segments
from vafa.measure.segments.resolving import Resolver, build_chosen
from vafa.measure.segments.types import (
    Definition,
    FieldCondition,
    Group,
    PredictionUnknown,
    SavedSegment,
    SegmentUnknown,
)
from vafa.warehouse.queries import Snapshot
from vafa.warehouse.types import Query

DIMENSION = "segment"
"""What a split by segments is called where fields are named; its groups go by the segments' names."""

HELD_FIELDS = ("owner", "tag", "birthday_month")
SET_DIMENSIONS = (DIMENSION, *HELD_FIELDS)
"""What figures can be split by as sets, whatever facts they are made of. A customer may bear several tags."""

Choose = Callable[[date], BitMap]


@dataclass(frozen=True)
class SetGroup:
    """A group by its name ("" for those of whom the field isn't known), and who is in it as of a day."""

    name: str
    choose: Choose


def get_metric_by_segment(
    name: str,
    *,
    snapshot: Snapshot,
    by: str = DIMENSION,
    rule: str | None = None,
    chosen: Choose | None = None,
    groups_limit: int | None = None,
    **asked: Any,
) -> MetricTable:
    """The metric's table with the saved segments (or the values of a held field) as its groups, the largest first.
    `asked` is as `get_metric` has it.

    Raises AskedWrongly as `get_metric` does.
    """
    groups = list_set_groups(by, snapshot, rule)
    shown = groups if groups_limit is None else groups[:groups_limit]
    # Without a group the table tells its periods and what it rests on.
    table = get_metric(name, snapshot=snapshot, rule=rule, chosen=chosen, **asked)
    rows: dict[date, list[MetricRow]] = {row.start: [] for row in table.rows}
    untold = 0
    for group in shown:
        own = meet(group.choose, chosen)
        try:
            told = get_metric(name, snapshot=snapshot, rule=rule, chosen=own, **asked).rows
        except PredictionUnknown:
            # Who was in it then was not predicted then; the other groups are told all the same.
            untold += 1
            continue
        for row in told:
            rows[row.start].append(replace(row, group=group.name))
    return replace(
        table,
        by=by,
        rows=tuple(row for start in rows for row in rows[start]),
        # Whose month of birth or owner isn't known is in a group too.
        adds_up=by not in (DIMENSION, "tag"),
        groups_left_out=len(groups) - len(shown) + untold,
        reason=table.reason if groups else table.reason or "no_segment_built",
    )


def list_set_groups(by: str, snapshot: Snapshot, rule: str | None = None) -> list[SetGroup]:
    """The groups of a split by sets, the largest first (months in order)."""
    if by == DIMENSION:
        segments = sorted(list_usable(), key=lambda segment: (-(segment.count or 0), segment.id))
        return [SetGroup(one.name, build_chosen(one.slug, snapshot, rule)) for one in segments]
    resolver = Resolver(snapshot, rule=rule)
    today = snapshot.freshness().data_until or date.max
    found = [_build_held(resolver, by, name, value) for name, value in _list_held(by, snapshot)]
    if by == "owner" or by == "tag":
        found.sort(key=lambda group: (-len(group.choose(today)), group.name))
    unknown = _build_held(resolver, by, "", None)
    return [*found, unknown] if by != "tag" and unknown.choose(today) else found


def find_set_group(by: str, name: str, snapshot: Snapshot, rule: str | None = None) -> Choose:
    """Who is in a group of a split by sets, by its name. Raises SegmentUnknown."""
    if by == DIMENSION:
        segment = find_by_name(name)
        return build_chosen(segment.slug if segment else name, snapshot, rule)
    if name == "":
        return _build_held(Resolver(snapshot, rule=rule), by, "", None).choose
    value = dict(_list_held(by, snapshot)).get(name)
    if value is None:
        raise SegmentUnknown(name)
    return _build_held(Resolver(snapshot, rule=rule), by, name, value).choose


def list_set_dimensions(snapshot: Snapshot) -> list[str]:
    """By which sets there is something to split: segments that have been built, fields that any customer has."""
    sql = "SELECT count(owner_id), count_if(length(tags) > 2), count(born_no) FROM customers"
    counts = snapshot.cached(("split_held",), lambda: snapshot.run(Query(sql)))[0]
    held = [name for name, count in zip(HELD_FIELDS, counts, strict=True) if count]
    return [*([DIMENSION] if list_usable() else []), *held]


def _list_held(by: str, snapshot: Snapshot) -> Sequence[tuple[str, str]]:
    """The names and the values of a held field's groups."""
    if by == "tag":
        return [(tag, tag) for tag in list_values(snapshot, "tag")]
    if by == "birthday_month":
        business = get_business()
        style = get_style(get_language() or business.language, business)
        names = list_month_names(style.calendar, style.language)
        return [(name, str(place)) for place, name in enumerate(names, start=1)]
    sql = "SELECT DISTINCT owner_id FROM customers WHERE owner_id IS NOT NULL ORDER BY 1"
    owners = {int(owner) for (owner,) in snapshot.run(Query(sql))}
    named = [(str(staff), staff.pk) for staff in list_staff() if staff.pk in owners]
    twice = {name for place, (name, _pk) in enumerate(named) if name in dict(named[:place])}
    return [(f"{name} ({pk})" if name in twice else name, str(pk)) for name, pk in named]


def _build_held(resolver: Resolver, by: str, name: str, value: str | None) -> SetGroup:
    condition = FieldCondition(by, "unknown") if value is None else FieldCondition(by, "is", (value,))
    definition = Definition(Group("all", (condition,)))
    key = ("split_held", by, value)
    return SetGroup(name, lambda day: resolver.evaluate(definition, day, key))


def list_usable() -> list[SavedSegment]:
    """The segments by which figures can be narrowed or split: all that aren't archived and have been built."""
    return [segment for segment in list_segments() if segment.count is not None]


def find_by_name(name: str) -> SavedSegment | None:
    """The segment of a name, as groups of a split are called."""
    return next((segment for segment in list_segments() if segment.name == name), None)


def meet(first: Choose, second: Choose | None) -> Choose:
    """Those of the one who are also of the other, as of a day."""
    return first if second is None else lambda day: first(day) & second(day)
