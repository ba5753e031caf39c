"""`vafa metric`: any metric for any period, calendar, rule and group."""

from typing import Annotated

import typer
from django.utils.translation import gettext as _

from vafa.kit.errors import AskedWrongly
from vafa.kit.permissions import Permission
from vafa.kit.terminal import JsonOption, answer, needs
from vafa.measure.metrics.asked_metric import build_table, measure, settle_question
from vafa.measure.metrics.dictionary import list_entries
from vafa.measure.metrics.documents import COLUMNS, build_document, list_documents
from vafa.measure.metrics.family import Options
from vafa.measure.metrics.following import open_newest_snapshot
from vafa.measure.metrics.printing import (
    build_metric_table,
    build_metric_text,
    parse_day,
    write_csv,
    write_rows,
)
from vafa.measure.metrics.sharding import Shards, measure_in_shards


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
    by: Annotated[str | None, typer.Option(help="Split by a field, such as location.")] = None,
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
    question = settle_question(
        name,
        start=parse_day(first, "--from"),
        end=parse_day(after, "--to"),
        every=every,
        calendar=calendar,
        week_start=week_start,
        by=by,
        rule=rule,
        denominator=denominator,
        options=Options(
            real=real or real_base is not None,
            real_base=parse_day(real_base, "--real-base"),
            first_periods=first_periods,
            survival_months=survival_months,
        ),
        entity=entity,
        groups_limit=None if as_json or as_csv else 50,
        snapshot=open_newest_snapshot(),
    )
    if shards > 1:
        with Shards(shards) as running:
            table = build_table(question, measure_in_shards(question, running))
    else:
        table = build_table(question, measure(question))
    document = build_document(table)
    if as_csv:
        write_csv(COLUMNS, document["rows"])
        return
    answer(document, as_json, lambda: build_metric_text(table) + "\n" + build_metric_table(table))


def _write_list() -> str:
    rows = [[entry.name, entry.title, entry.unit, entry.formula] for entry in list_entries()]
    return write_rows([_("Name"), _("Title"), _("Unit"), _("Formula")], rows)
