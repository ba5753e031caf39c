"""`vafa cohorts`: who came again, cohort by cohort."""

from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _

from vafa.front.figures.following import open_newest_snapshot
from vafa.front.figures.printing import write_csv, write_rows
from vafa.kit.errors import AskedWrongly
from vafa.kit.permissions import Permission
from vafa.kit.terminal import JsonOption, answer, needs
from vafa.measure.metrics.queries import (
    Shards,
    build_cohort_document,
    get_cohorts,
    get_cohorts_in_shards,
)
from vafa.measure.metrics.types import CohortTable
from vafa.measure.segments.queries import get_segment_members


@needs(Permission.SEE_FIGURES)
def cohorts(
    every: Annotated[str, typer.Option(help="day, week, month, quarter, half or year.")] = "month",
    calendar: Annotated[str | None, typer.Option(help="gregorian, jalali or hijri.")] = None,
    week_start: Annotated[str | None, typer.Option(help="sat, sun or mon.")] = None,
    count: Annotated[str, typer.Option(help="all: any row; purchases: purchases only.")] = "all",
    segment: Annotated[str | None, typer.Option(help="Only of those who are in this segment now.")] = None,
    shards: Annotated[
        int, typer.Option(min=1, max=64, help="Cut by customer, each share in a process of its own.")
    ] = 1,
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print rows as CSV.")] = False,
) -> None:
    """Tell, of those who first came in one period, how many came again in each period after."""
    if as_json and as_csv:
        raise AskedWrongly(_("Choose --json or --csv, not both."))
    copy = open_newest_snapshot()
    asked: dict[str, Any] = {
        "every": every,
        "calendar": calendar,
        "week_start": week_start,
        "count": count,
        "visible": None if segment is None else get_segment_members(segment, copy),
    }
    if shards > 1:
        with Shards(shards) as running:
            table = get_cohorts_in_shards(running, snapshot=copy, **asked)
    else:
        table = get_cohorts(snapshot=copy, **asked)
    if as_csv:
        _write_csv(table)
        return
    answer(build_cohort_document(table), as_json, lambda: write_cohorts(table))


def _write_csv(table: CohortTable) -> None:
    rows = [
        {"start": row.start.isoformat(), "size": row.size, "after": after, "kept": kept}
        for row in table.cohorts
        for after, kept in enumerate(row.kept)
    ]
    write_csv(("start", "size", "after", "kept"), rows)


def write_cohorts(table: CohortTable) -> str:
    """The cohorts as a triangle; a star marks what isn't over."""
    if not table.cohorts:
        return _("There are no data yet.")
    width = max(len(row.kept) for row in table.cohorts)
    header = [_("First came"), _("Customers"), *(str(after) for after in range(width))]
    lines = []
    for row in table.cohorts:
        last = max(after for after, kept in enumerate(row.kept) if kept is not None)
        cells = [
            "" if kept is None else f"{kept}*" if row.partial and after == last else str(kept)
            for after, kept in enumerate(row.kept)
        ]
        lines.append([row.start.isoformat(), str(row.size), *cells, *[""] * (width - len(cells))])
    note = _("Data up to %(day)s (not included); * not over yet.") % {"day": table.data_until}
    return f"{write_rows(header, lines)}\n{note}"
