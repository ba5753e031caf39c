"""Changes of figures in words: what happened, and how much it did."""

from django.urls import reverse
from django.utils.translation import gettext as _

from vafa.data.intake.queries import find_import
from vafa.front.overview.texts import write_value
from vafa.kit.locale.formats import (
    Style,
    format_list_of,
    format_money,
    format_number,
    format_percent_points,
    format_signed,
    isolate_auto,
)
from vafa.measure.history.types import Change, SetChange
from vafa.measure.metrics.types import MetricEntry


def describe_change(change: Change, style: Style) -> str:
    """What happened, in a few words."""
    if change.kind in ("import", "undo"):
        file = _name_file(change.ref, style)
        if change.kind == "import":
            return _("Brought in: %(file)s") % {"file": file}
        return _("Undone: %(file)s") % {"file": file}
    if change.kind == "settings":
        names = [name_setting(field) for field in change.fields]
        return _("Changed the settings: %(names)s") % {"names": format_list_of(names, style)}
    return {
        "merge": _("Merged two customers"),
        "separation": _("Separated two customers"),
        "joining": _("Joined a sale that two sources told of"),
        "parting": _("Parted a joined sale: both orders count again"),
        "erasure": _("Erased a customer's data"),
        "exclusions": _("Changed who is left out"),
        "rate": _("Changed a currency rate"),
        "costs": _("Changed margins, marketing spend or the price index"),
        "completeness": _("Changed through which day a source is complete"),
        "rows": _("Rows that came or changed without a file"),
    }[change.kind]


def _name_file(ref: str, style: Style) -> str:
    number = int(ref) if ref.isdigit() else 0
    name = _("Import %(number)s") % {"number": format_number(number, style)}
    found = find_import(number)
    return f"{name} ({isolate_auto(found.file_name)})" if found else name


def find_change_url(change: Change) -> str | None:
    """The page of what happened, where there is one."""
    if change.kind in ("import", "undo") and change.ref.isdigit():
        return reverse("import", args=[int(change.ref)])
    if change.kind in ("merge", "separation") and change.ref.isdigit():
        return reverse("customer", args=[int(change.ref)])
    if change.kind in ("joining", "parting"):
        return f"{reverse('same_sales')}?state={'joined' if change.kind == 'joining' else 'open'}"
    return None


def name_setting(field: str) -> str:
    """A setting by the words of its page."""
    return {
        "activity_rule": _("Who counts as active"),
        "calendar": _("Calendar"),
        "week_start": _("The week starts on"),
        "fiscal_first_month": _("The fiscal year starts in"),
        "zone": _("Time zone"),
        "currency": _("Currency"),
        "revenue_parts": _("What counts as revenue"),
        "counts_as": _("What counts as a customer"),
        "exclusions": _("Who is left out"),
    }.get(field, field)


def write_effect(effect: float | None, entry: MetricEntry, style: Style) -> str:
    """How much a figure moved, with its sign and unit."""
    if effect is None:
        return "–"
    if entry.unit == "share":
        return format_percent_points(effect, style, 2)
    if entry.unit == "money":
        return format_money(effect, style.currency, style, signed=True)
    if entry.unit == "customers":
        return format_signed(round(effect), style)
    return format_signed(effect, style, 2)


def write_figure(value: float | None, entry: MetricEntry, style: Style) -> str:
    """A figure; a dash where it is unknown."""
    return write_value(value, entry.unit, style) or "–"


def name_set(name: SetChange) -> str:
    """A set of customers behind a figure."""
    return {
        "start": _("At the start"),
        "end": _("At the end"),
        "kept": _("Kept"),
        "lost": _("Lost"),
        "new": _("New"),
        "reactivated": _("Reactivated"),
    }[name]
