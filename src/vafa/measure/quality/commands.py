"""`vafa quality`: what looks wrong in the data."""

from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _

from vafa.data.business.queries import get_business
from vafa.kit import clock
from vafa.kit.permissions import Permission
from vafa.kit.terminal import JsonOption, answer, needs, say
from vafa.measure.quality.gathering import build_looked, get_check, list_checks, list_findings, list_results
from vafa.measure.quality.looked import Looked
from vafa.measure.quality.notes import explain_note
from vafa.measure.quality.types import CheckEntry, Finding, Result
from vafa.warehouse.actions import refresh
from vafa.warehouse.queries import open_snapshot

_ROWS = 50


@needs(Permission.SEE_CUSTOMERS)
def quality(
    check: Annotated[
        str, typer.Argument(help="A check of which to show the rows; without one, all counts.")
    ] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000, help="How many rows to show.")] = _ROWS,
    as_json: JsonOption = False,
) -> None:
    """Look for what may be wrong in the data: doubles, gaps, amounts far out, and more."""
    refresh(now=clock.now(), say=say)
    business = get_business()
    looked = build_looked(open_snapshot(), business, clock.today(business.zone))
    if check:
        _answer_check(looked, check, limit, as_json)
        return
    results = {result.name: result for result in list_results(looked)}
    pairs = [(entry, results[entry.name]) for entry in list_checks()]
    document = {"checks": [build_document(entry, result) for entry, result in pairs]}
    answer(document, as_json, lambda: _write(pairs))


def _answer_check(looked: Looked, name: str, limit: int, as_json: bool) -> None:
    entry = get_check(name)
    result = next(found for found in list_results(looked) if found.name == name)
    findings = list_findings(looked, name, limit=limit)
    document = build_document(entry, result) | {
        "rows": [
            {column: _plain(column, finding.cells.get(column)) for column in entry.columns}
            for finding in findings
        ]
    }
    answer(document, as_json, lambda: _write_rows(entry, findings))


def build_document(entry: CheckEntry, result: Result) -> dict[str, Any]:
    """A check and what it found, as JSON."""
    return {
        "name": entry.name,
        "title": entry.title,
        "weight": entry.weight,
        "counts": entry.counts,
        "count": result.count,
        "total": result.total,
        "share": result.share,
        "reason": result.reason,
        "effect": entry.effect,
        "remedy": entry.remedy,
    }


def _plain(column: str, value: Any) -> Any:
    return explain_note(value) if column == "note" and value else value


def _write(pairs: list[tuple[CheckEntry, Result]]) -> str:
    lines = []
    for entry, result in pairs:
        if result.count is None:
            continue
        mark = "!" if result.count and entry.weight == "warning" else " "
        of = _("%(count)s of %(total)s") % {"count": result.count, "total": result.total}
        lines.append(f"{mark} {entry.title} ({entry.name}): {of}")
    return "\n".join(lines) or _("There are no data yet.")


def _write_rows(entry: CheckEntry, findings: list[Finding]) -> str:
    lines = [entry.title, entry.meaning, ""]
    for finding in findings:
        cells = {name: _plain(name, finding.cells.get(name)) for name in entry.columns}
        lines.append("  ".join(f"{name}={value}" for name, value in cells.items() if value not in (None, "")))
    return "\n".join(lines)


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("quality")(quality)
