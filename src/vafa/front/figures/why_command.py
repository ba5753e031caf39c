"""`vafa why`: what makes a customer active or lost on a day."""

from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _

from vafa.front.figures.following import open_newest_snapshot
from vafa.front.figures.printing import iso, parse_day, write_rows
from vafa.kit.errors import AskedWrongly
from vafa.kit.permissions import Permission
from vafa.kit.terminal import JsonOption, answer, needs
from vafa.measure.metrics.queries import describe_rule, explain_customer, get_customer_id
from vafa.measure.metrics.types import Explanation, SourceRow


@needs(Permission.SEE_CUSTOMERS)
def why(
    customer: Annotated[str, typer.Argument(help="The source's id, our own as id:42, or the full name.")],
    on: Annotated[
        str | None, typer.Option(help="The day, as 2026-03-21: the midnight that begins it.")
    ] = None,
    rule: Annotated[str | None, typer.Option(help="subscription, purchase:90d, purchase:auto ...")] = None,
    as_json: JsonOption = False,
) -> None:
    """Tell the spell, the rule and the rows that make a customer active or lost on a day."""
    day = parse_day(on, "--on")
    if day is None:
        raise AskedWrongly(_("On which day?"), _("Give it with --on, as 2026-03-21."), code="day_missing")
    explanation = explain_customer(get_customer_id(customer), day, rule, snapshot=open_newest_snapshot())
    answer(build_document(explanation), as_json, lambda: write_explanation(explanation))


def build_document(explanation: Explanation) -> dict[str, Any]:
    """The JSON document of an explanation; ends are exclusive."""
    return {
        "customer": explanation.customer,
        "name": explanation.name,
        "keys": list(explanation.keys),
        "on": iso(explanation.on),
        "active": explanation.active,
        "verdict": explanation.verdict,
        "because": explanation.because,
        "rule": explanation.rule.text,
        "definition": describe_rule(explanation.rule),
        "spell": None
        if explanation.spell_start is None
        else {"from": iso(explanation.spell_start), "to": iso(explanation.spell_end)},
        "first_start": iso(explanation.first_start),
        "data_until": iso(explanation.data_until),
        "rows": [_build_row(row) for row in explanation.rows],
    }


def _build_row(row: SourceRow) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "row": row.row,
        "source": row.source,
        "file": row.file,
        "key": row.key,
        "day": iso(row.day),
        "until": iso(row.until),
        "what": row.what,
        "amount": row.amount,
        "currency": row.currency,
        "decisive": row.decisive,
    }


def write_explanation(explanation: Explanation) -> str:
    """The same for people."""
    who = " ".join(filter(None, [f"id:{explanation.customer}", explanation.name, *explanation.keys]))
    lines = [who, explanation.because, describe_rule(explanation.rule)]
    if explanation.spell_start is not None:
        ends = {"start": explanation.spell_start, "end": explanation.spell_end or "…"}
        lines.append(_("Spell: from %(start)s until %(end)s (not included).") % ends)
    if explanation.rows:
        header = ["", _("Day"), _("Until"), _("Source"), _("File"), _("Order"), _("What")]
        rows = [
            [
                "→" if row.decisive else "",
                iso(row.day) or "",
                iso(row.until) or "",
                row.source,
                row.file or "",
                row.key,
                row.what,
            ]
            for row in explanation.rows
        ]
        lines.append(write_rows(header, rows))
    return "\n".join(lines)
