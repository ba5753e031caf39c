"""`vafa metric`: any metric for any period, calendar, rule and group."""

from datetime import date
from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _

from vafa.kit.errors import AskedWrongly
from vafa.kit.permissions import Permission
from vafa.kit.terminal import JsonOption, answer, needs
from vafa.measure.metrics.asked_metric import build_table, measure, settle_question
from vafa.measure.metrics.dictionary import list_entries
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
from vafa.measure.metrics.types import MetricRow, MetricTable

COLUMNS = (
    "from", "to", "group", "value", "low", "high", "start", "end", "new", "kept", "lost", "reactivated", "complete",
    "joined_and_left", "moved", "first_seen", "reason", "article_value", "article_customers", "n", "details",
)  # fmt: skip


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


def list_documents() -> list[dict[str, Any]]:
    """The dictionary as JSON."""
    return [
        {
            "name": entry.name,
            "title": entry.title,
            "unit": entry.unit,
            "good": entry.good,
            "entity": entry.entity,
            "meaning": entry.meaning,
            "formula": entry.formula,
            "source": entry.source,
            "synonyms": list(entry.synonyms),
        }
        for entry in list_entries()
    ]


def _write_list() -> str:
    rows = [[entry.name, entry.title, entry.unit, entry.formula] for entry in list_entries()]
    return write_rows([_("Name"), _("Title"), _("Unit"), _("Formula")], rows)


def build_document(table: MetricTable) -> dict[str, Any]:
    """The JSON document of a metric; `to` and `data_until` are exclusive."""
    return {
        "metric": table.metric,
        "definition": table.definition,
        "rule": table.rule.text,
        "rule_learned": build_rule_document(table),
        "denominator": table.denominator,
        "entity": table.entity,
        "calendar": table.calendar,
        "zone": table.zone,
        "data_until": iso(table.data_until),
        "every": table.every,
        "by": table.by,
        "adds_up": table.adds_up,
        "groups_left_out": table.groups_left_out,
        "currency": table.currency,
        "real": build_real_document(table),
        "left_out": [
            {"currency": row.currency, "amount": row.amount, "orders": row.orders} for row in table.left_out
        ],
        "reason": table.reason,
        "rows": [build_row_document(row) for row in table.rows],
    }


def build_real_document(table: MetricTable) -> dict[str, Any] | None:
    """In whose money real values are; None where they are nominal. `base_to` and `until` are exclusive."""
    real = table.real
    if real is None:
        return None
    return {
        "base_from": iso(real.base_start),
        "base_to": iso(real.base_end),
        "source": real.source,
        "index_from": iso(real.first),
        "index_until": iso(real.until),
    }


def build_rule_document(table: MetricTable) -> dict[str, Any] | None:
    """From what a window was learned; None where the rule itself says its days."""
    rule = table.rule
    if not rule.automatic:
        return None
    return {"learned": rule.learned, "gaps": rule.gaps, "covered_share": rule.covered_share}


def build_row_document(row: MetricRow) -> dict[str, Any]:
    """One row of the JSON document."""
    counts = row.counts
    names = ("start", "end", "new", "kept", "lost", "reactivated", "joined_and_left")
    numbers = {name: None if counts is None else getattr(counts, name) for name in names}
    values = {
        "from": iso(row.start),
        "to": iso(row.end),
        "group": row.group,
        "value": row.value,
        "low": row.low,
        "high": row.high,
        "complete": row.complete,
        "moved": row.moved,
        "first_seen": row.first_seen,
        "reason": row.reason,
        "article_value": row.article_value,
        "article_customers": row.article_customers,
        "n": row.n,
        "details": dict(row.details),
        **numbers,
    }
    return {name: values[name] for name in COLUMNS}


def iso(day: date | None) -> str | None:
    """A day as 2026-03-21."""
    return None if day is None else day.isoformat()
