"""What a figure rests on, as every page says it: whose days, up to when, whether the period is over, and what is left
out."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from vafa.front.overview.texts import write_formula
from vafa.kit.locale.formats import Style, format_day
from vafa.measure.metrics.queries import describe_left_out
from vafa.measure.metrics.types import MetricRow, MetricTable


def describe_known(table: MetricTable, row: MetricRow | None, style: Style) -> list[str]:
    """The sentences of a metric's table; `row` is the period shown (None: several, of which none is spoken)."""
    if table.data_until is None:
        return []
    lines = [describe_days(table.zone, table.data_until, style)]
    if row is not None:
        lines.append(_("This period is complete.") if row.complete else _("This period is not complete."))
    return lines + [describe_left_out(left, style) for left in table.left_out]


def describe_days(zone: str, data_until: date, style: Style) -> str:
    """Whose days these are, and the last one that is known."""
    last = format_day(data_until - timedelta(days=1), style)
    return _("Days are those of %(zone)s; data up to %(day)s.") % {"zone": write_formula(zone), "day": last}
