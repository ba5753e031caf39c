"""`vafa metric`: any metric for any period, calendar, rule and group."""

from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _

from vafa.front.figures.following import open_newest_snapshot
from vafa.front.figures.printing import (
    build_metric_table,
    build_metric_text,
    parse_day,
    write_csv,
    write_rows,
)
from vafa.kit.errors import AskedWrongly
from vafa.kit.permissions import Permission
from vafa.kit.terminal import JsonOption, answer, needs
from vafa.measure.metrics.queries import (
    DOCUMENT_COLUMNS,
    Options,
    Shards,
    Whose,
    build_document,
    build_table,
    list_documents,
    list_entries,
    measure,
    measure_in_shards,
    settle_question,
)
from vafa.measure.metrics.types import MetricTable
from vafa.measure.segments.queries import SET_DIMENSIONS, build_chosen, get_metric_by_segment


@needs(Permission.SEE_FIGURES)
def metric(
    name: Annotated[
        str | None, typer.Argument(help="The metric, such as crr. --list names them all.")
    ] = None,
    first: Annotated[str | None, typer.Option("--from", help="First day, as 2026-03-21.")] = None,
    after: Annotated[str | None, typer.Option("--to", help="The first day after.")] = None,
    every: Annotated[str | None, typer.Option(help="day, week, month, quarter, half, year or 30d.")] = None,
    calendar: Annotated[str | None, typer.Option(help="gregorian, jalali or hijri.")] = None,
    week_start: Annotated[str | None, typer.Option(help="sat, sun or mon.")] = None,
    by: Annotated[str | None, typer.Option(help="Split by a field, such as location, or by segment.")] = None,
    segment: Annotated[
        str | None, typer.Option(help="Only of those who were in this segment when each period began.")
    ] = None,
    rule: Annotated[str | None, typer.Option(help="subscription, purchase:90d, purchase:auto ...")] = None,
    denominator: Annotated[str, typer.Option(help="Of churn_rate: start, average or ever.")] = "start",
    entity: Annotated[
        str | None, typer.Option(help="What counts as one: customer or company; without it the setting.")
    ] = None,
    real: Annotated[bool, typer.Option("--real", help="Money in real terms, by the price index.")] = False,
    real_base: Annotated[
        str | None, typer.Option("--real-base", help="A day of the month whose money real terms are in.")
    ] = None,
    first_periods: Annotated[
        int, typer.Option(min=1, max=120, help="Of early_churn_rate: how many first periods.")
    ] = 1,
    survival_months: Annotated[
        int, typer.Option(min=1, max=1200, help="Of survival and tenure: after how many months.")
    ] = 12,
    shards: Annotated[
        int, typer.Option(min=1, max=64, help="Cut by customer, each share in a process of its own.")
    ] = 1,
    as_list: Annotated[bool, typer.Option("--list", help="List all metrics.")] = False,
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print rows as CSV.")] = False,
) -> None:
    """Tell a metric; without dates of the last complete month."""
    if as_json and as_csv:
        raise AskedWrongly(_("Choose --json or --csv, not both."))
    if as_list:
        answer({"metrics": list_documents()}, as_json, _write_list)
        return
    if name is None:
        raise AskedWrongly(
            _("Which metric?"), _("Give its name; --list names them all."), code="metric_missing"
        )
    asked = {
        "start": parse_day(first, "--from"),
        "end": parse_day(after, "--to"),
        "every": every,
        "calendar": calendar,
        "week_start": week_start,
        "rule": rule,
        "denominator": denominator,
        "options": Options(
            real=real or real_base is not None,
            real_base=parse_day(real_base, "--real-base"),
            first_periods=first_periods,
            survival_months=survival_months,
        ),
        "entity": entity,
        "groups_limit": None if as_json or as_csv else 50,
        "snapshot": open_newest_snapshot(),
    }
    table = _ask(name, by, segment, shards, asked)
    document = build_document(table)
    if as_csv:
        write_csv(DOCUMENT_COLUMNS, document["rows"])
        return
    answer(document, as_json, lambda: build_metric_text(table) + "\n" + build_metric_table(table))


def _ask(name: str, by: str | None, segment: str | None, shards: int, asked: dict[str, Any]) -> MetricTable:
    """The table, of everybody or of a segment, whole or in shards."""
    chosen = None if segment is None else build_chosen(segment, asked["snapshot"], asked["rule"])
    if by in SET_DIMENSIONS:
        return get_metric_by_segment(name, by=by, chosen=chosen, **asked)
    question = settle_question(name, by=by, whose=Whose(chosen=chosen), **asked)
    if shards == 1:
        return build_table(question, measure(question))
    with Shards(shards) as running:
        return build_table(question, measure_in_shards(question, running))


def _write_list() -> str:
    rows = [[entry.name, entry.title, entry.unit, entry.formula] for entry in list_entries()]
    return write_rows([_("Name"), _("Title"), _("Unit"), _("Formula")], rows)
