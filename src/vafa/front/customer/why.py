"""Why a customer is active or not on a day: the rule, the spell, and the rows of the sources behind it."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from vafa.front.overview.texts import name_group, write_sentence
from vafa.kit.locale.formats import Style, format_day, format_money, format_number
from vafa.measure.metrics.queries import describe_rule
from vafa.measure.metrics.types import Explanation, SourceRow

MOST_ROWS = 100
MOST_OPEN = 8


@dataclass(frozen=True)
class WhyRow:
    """One row of a source, ready to print."""

    kind: str
    day: str
    what: str
    amount: str
    source: str
    key: str
    file: str
    decisive: bool


@dataclass(frozen=True)
class Why:
    """An explanation, ready to print; `others` are folded away, `more` says that the oldest rows aren't shown."""

    on: str
    because: str
    rule: str
    spell: str | None
    rows: list[WhyRow]
    others: list[WhyRow]
    more: str | None


def build_why(explained: Explanation, style: Style) -> Why:
    """The explanation in words; of many rows the decisive and the newest are shown."""
    ordered = sorted(explained.rows, key=lambda row: (row.decisive, row.day, row.row), reverse=True)
    hidden = max(0, explained.row_count - MOST_ROWS)
    rows = [_write_row(row, style) for row in ordered[:MOST_ROWS]]
    return Why(
        on=format_day(explained.on, style),
        because=explained.because,
        rule=write_sentence(describe_rule(explained.rule), style),
        spell=_describe_spell(explained, style),
        rows=rows[:MOST_OPEN],
        others=rows[MOST_OPEN:],
        more=_("And %(count)s older rows.") % {"count": format_number(hidden, style)} if hidden else None,
    )


def _describe_spell(explained: Explanation, style: Style) -> str | None:
    """The spell's days. Its start is a day of a fact, its end the first midnight without activity."""
    if explained.spell_start is None:
        return None
    start = format_day(explained.spell_start, style)
    if explained.spell_end is None:
        return _("From %(start)s, running on") % {"start": start}
    return _("From %(start)s; the last active midnight is that of %(end)s") % {
        "start": start,
        "end": format_day(explained.spell_end - timedelta(days=1), style),
    }


def _write_row(row: SourceRow, style: Style) -> WhyRow:
    kind = _("Order line") if row.kind == "order_line" else _("Subscription")
    day = format_day(row.day, style)
    if row.kind == "subscription":
        end = _("running on") if row.until is None else format_day(row.until - timedelta(days=1), style)
        day = _("%(start)s to %(end)s") % {"start": day, "end": end}
    return WhyRow(
        kind=kind,
        day=day,
        what=name_group(row.what),
        amount="" if row.amount is None else format_money(row.amount, row.currency or style.currency, style),
        source=row.source,
        key=row.key,
        file=row.file or "",
        decisive=row.decisive,
    )
