"""DOOR: asking what looks wrong in the data. Reads only."""

from vafa.measure.quality.gathering import (
    build_looked,
    get_check,
    get_result,
    list_all_findings,
    list_checks,
    list_findings,
    list_results,
)
from vafa.measure.quality.looked import Looked
from vafa.measure.quality.models import Found
from vafa.measure.quality.notes import explain_note
from vafa.measure.quality.types import Summary

__all__ = [
    "Looked",
    "build_looked",
    "explain_note",
    "find_summary",
    "get_check",
    "get_result",
    "list_all_findings",
    "list_checks",
    "list_findings",
    "list_results",
]


def find_summary() -> Summary | None:
    """How many checks found something worth a look in all the data, by the newest look; None before the first."""
    found = list(Found.objects.all())
    if not found:
        return None
    warnings = sum(1 for row in found if row.is_warning and row.count)
    return Summary(warnings, max(row.seen_at for row in found))
