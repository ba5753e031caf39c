"""Sentences about imports, in the language and the digits of whoever reads them."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.front.intake.answer_words import tell_answers
from vafa.front.intake.cells import format_interval_words
from vafa.front.intake.labels import DATE_ORDER_NAMES, FIELD_NAMES
from vafa.front.intake.lines import Line
from vafa.kit.locale.formats import (
    Style,
    format_day,
    format_list_of,
    format_money,
    format_number,
    get_currency_name,
    isolate_auto,
)


def build_summary_lines(
    kind: str, summary: dict[str, Any], style: Style, *, for_command: bool = False
) -> list[Line]:
    """What an import found and decided. `for_command` names the options by which it is said otherwise."""
    return [
        *_tell_span(summary, style, for_command=for_command),
        *_tell_money(summary, style),
        *_tell_counts(kind, summary, style),
        *tell_answers(summary, style),
        *_tell_reading(kind, summary, style, for_command=for_command),
        *_tell_ends(kind, summary, for_command=for_command),
        *_tell_columns(summary, style, for_command=for_command),
    ]


def _tell_span(summary: dict[str, Any], style: Style, *, for_command: bool) -> list[Line]:
    lines = []
    if summary.get("first_day"):
        days = {name: summary[f"{name}_day"] for name in ("first", "last")}
        if not for_command:
            days = {name: format_day(date.fromisoformat(day), style) for name, day in days.items()}
        lines.append(Line(_("Days: %(first)s to %(last)s.") % days))
    if added := summary.get("customers_added"):
        text = ngettext("%(count)s customer was new.", "%(count)s customers were new.", added)
        lines.append(Line(text % {"count": format_number(added, style)}))
    return lines


def _tell_money(summary: dict[str, Any], style: Style) -> list[Line]:
    amounts = summary.get("amounts") or {}
    sums = [format_money(amount, currency, style) for currency, amount in sorted(amounts.items())]
    lines = [Line(_("Sum of the amounts: %(sums)s.") % {"sums": format_list_of(sums, style)})] if sums else []
    if named := summary.get("currency_named"):
        text = _("All amounts are in %(currency)s, so this is the currency of the business from now on.")
        lines.append(Line(text % {"currency": get_currency_name(named, style.language)}))
    if missing := summary.get("without_rate"):
        names = [get_currency_name(currency, style.language) for currency in missing]
        text = _(
            "No rate is known for %(currencies)s: these amounts stay out of money totals until one is set."
        )
        lines.append(Line(text % {"currencies": format_list_of(names, style)}, "warning"))
    return lines


def _tell_counts(kind: str, summary: dict[str, Any], style: Style) -> list[Line]:
    lines = []
    for name, build, tone in _COUNTS:
        if count := summary.get(name):
            lines.append(Line(build(count) % {"count": format_number(count, style)}, tone))
    if kind == "orders" and (statuses := summary.get("statuses")):
        counted = summary.get("status_counts", {})
        for meaning, text in (
            (True, _("Counts as a sale: %(statuses)s.")),
            (False, _("Does not count: %(statuses)s.")),
        ):
            values = [
                f"{isolate_auto(value)} ({format_number(counted.get(value, 0), style)})"
                for value, counts in statuses.items()
                if counts is meaning
            ]
            if values:
                lines.append(Line(text % {"statuses": format_list_of(values, style)}))
    return lines


_COUNTS: tuple[tuple[str, Callable[[int], str], str], ...] = (
    (
        "exact_repeats",
        lambda count: ngettext(
            "%(count)s row repeats an earlier row in every cell; it is kept.",
            "%(count)s rows repeat an earlier row in every cell; they are kept.",
            count,
        ),
        "",
    ),
    (
        "anonymous",
        lambda count: ngettext(
            "%(count)s sale has no customer and counts in sales only.",
            "%(count)s sales have no customer and count in sales only.",
            count,
        ),
        "",
    ),
    (
        "name_only",
        lambda count: ngettext(
            "%(count)s of them has a name and nothing else: a name alone is never taken for a person.",
            "%(count)s of them have a name and nothing else: a name alone is never taken for a person.",
            count,
        ),
        "warning",
    ),
    (
        "not_counted",
        lambda count: ngettext(
            "%(count)s row has a status that does not count (failed, unpaid, cancelled).",
            "%(count)s rows have a status that does not count (failed, unpaid, cancelled).",
            count,
        ),
        "",
    ),
    (
        "not_positive",
        lambda count: ngettext(
            "%(count)s row has a zero or negative quantity or amount; it is kept, and is no purchase.",
            "%(count)s rows have a zero or negative quantity or amount; they are kept, and are no purchases.",
            count,
        ),
        "",
    ),
    (
        "dropped_totals",
        lambda count: ngettext(
            "%(count)s row of totals was left out.", "%(count)s rows of totals were left out.", count
        ),
        "",
    ),
)


def _tell_reading(kind: str, summary: dict[str, Any], style: Style, *, for_command: bool) -> list[Line]:
    lines = []
    orders = sorted({order for order in summary.get("dates", {}).values() if order != "iso"})
    if orders:
        names = format_list_of([str(DATE_ORDER_NAMES[order]) for order in orders], style)
        text = (
            _("Dates were read as: %(orders)s (%(option)s).")
            if for_command
            else _("Dates were read as: %(orders)s.")
        )
        lines.append(Line(text % {"orders": names, "option": "--dates"}))
    if (unit := summary.get("unit")) and kind not in (
        "prices",
        "customers",
        "interactions",
        "surveys",
        "tickets",
    ):
        text = (
            _("Amounts without a currency were read as %(unit)s (%(option)s).")
            if for_command
            else _("Amounts without a currency were read as %(unit)s.")
        )
        lines.append(Line(text % {"unit": get_currency_name(unit, style.language), "option": "--unit"}))
    if interval := summary.get("interval"):
        text = (
            _("Prices without an interval were read as paid %(interval)s (%(option)s).")
            if for_command
            else _("Prices without an interval were read as paid %(interval)s.")
        )
        named = format_interval_words(interval, style)
        lines.append(Line(text % {"interval": named, "option": "--interval"}))
    return lines


def _tell_ends(kind: str, summary: dict[str, Any], *, for_command: bool) -> list[Line]:
    """How the ends of subscriptions, or of the days of a spend, were read."""
    of_spend = kind == "spend"
    if summary.get("last_day_included"):
        text = (
            _("The end of a spend was read as its last day.")
            if of_spend
            else _("The end of a subscription was read as its last day.")
        )
        return [Line(text)]
    if "ended_at" not in summary.get("mapping", {}):
        return []
    if of_spend:
        text = (
            _("The end of a spend was read as the first day without it (%(option)s).")
            if for_command
            else _("The end of a spend was read as the first day without it.")
        )
    else:
        text = (
            _("The end of a subscription was read as the first day without it (%(option)s).")
            if for_command
            else _("The end of a subscription was read as the first day without it.")
        )
    return [Line(text % {"option": "--last-day-included"})]


def _tell_columns(summary: dict[str, Any], style: Style, *, for_command: bool) -> list[Line]:
    lines = []
    if mapping := summary.get("mapping"):
        pairs = [f"{FIELD_NAMES[name]} = {isolate_auto(column)}" for name, column in mapping.items()]
        lines.append(Line(_("Columns read: %(columns)s.") % {"columns": format_list_of(pairs, style)}))
    texts = (
        ("kept_columns", _("Kept as own fields: %(columns)s."), ""),
        ("card_columns", _("Never stored, for they hold card numbers: %(columns)s."), "warning"),
        (
            "left_out_columns",
            _("Left out: %(columns)s (%(option)s keeps them).")
            if for_command
            else _("Left out: %(columns)s."),
            "",
        ),
    )
    for name, text, tone in texts:
        if columns := summary.get(name):
            names = format_list_of([isolate_auto(column) for column in columns], style)
            lines.append(Line(text % {"columns": names, "option": "--keep-other"}, tone))
    return lines


def build_undone_lines(undone: dict[str, Any], style: Style) -> list[Line]:
    """What undoing an import did, and what it left alone."""
    facts, customers = undone["facts"], undone["customers"]
    counted: tuple[tuple[int, Callable[[int], str], str], ...] = (
        (
            facts["removed"],
            lambda n: ngettext("%(count)s row was taken away.", "%(count)s rows were taken away.", n),
            "",
        ),
        (
            facts["restored"],
            lambda n: ngettext(
                "%(count)s row was put back as it had been.",
                "%(count)s rows were put back as they had been.",
                n,
            ),
            "",
        ),
        (
            customers["removed"],
            lambda n: ngettext(
                "%(count)s customer was taken away.", "%(count)s customers were taken away.", n
            ),
            "",
        ),
        (
            customers["restored"],
            lambda n: ngettext(
                "%(count)s customer was put back as before.",
                "%(count)s customers were put back as before.",
                n,
            ),
            "",
        ),
        (
            customers.get("kept", 0),
            lambda n: ngettext(
                "%(count)s customer stays, for other imports speak of them.",
                "%(count)s customers stay, for other imports speak of them.",
                n,
            ),
            "",
        ),
        (
            len(facts["left"]) + len(customers["left"]),
            lambda n: ngettext(
                "%(count)s row has been changed by a later import and was left alone.",
                "%(count)s rows have been changed by later imports and were left alone.",
                n,
            ),
            "warning",
        ),
    )
    lines = [
        Line(build(count) % {"count": format_number(count, style)}, tone)
        for count, build, tone in counted
        if count
    ]
    return lines or [Line(_("There was nothing to take away."))]
