"""Metrics, cohorts and the dictionary as JSON documents: what the commands print and the API answers."""

from datetime import date
from typing import Any

from vafa.measure.metrics.dictionary import list_entries
from vafa.measure.metrics.types import CohortTable, MetricRow, MetricTable

COLUMNS = (
    "from", "to", "group", "value", "low", "high", "start", "end", "new", "kept", "lost", "reactivated", "complete",
    "joined_and_left", "moved", "first_seen", "reason", "article_value", "article_customers", "n", "details",
)  # fmt: skip


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


def build_cohort_document(table: CohortTable) -> dict[str, Any]:
    """The JSON document of the cohorts; `data_until` is exclusive."""
    return {
        "every": table.every,
        "calendar": table.calendar,
        "count": table.count,
        "data_until": None if table.data_until is None else table.data_until.isoformat(),
        "reason": table.reason,
        "cohorts": [
            {"start": row.start.isoformat(), "size": row.size, "kept": list(row.kept), "partial": row.partial}
            for row in table.cohorts
        ],
    }
