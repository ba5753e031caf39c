"""What the mapping page shows: each field with its column, what is open, and how the rows will be read."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from vafa.data.business.queries import RIAL_UNITS
from vafa.data.consent.types import Channel, Purpose
from vafa.data.intake.types import CONSENT_FIELDS, DATE_FIELDS, FIELDS, MONEY_FIELDS, WHOLE_TERM, Plan
from vafa.front.choices import list_currency_choices
from vafa.front.date_field import write_day
from vafa.front.intake.asked import Asked
from vafa.front.intake.cells import format_interval_words
from vafa.front.intake.labels import (
    DATE_ORDER_NAMES,
    DELIMITER_NAMES,
    ENCODING_NAMES,
    FIELD_NAMES,
    INTERVALS,
    SYSTEM_NAMES,
)
from vafa.front.privacy.words import CHANNEL_NAMES, PURPOSE_NAMES
from vafa.kit.locale.formats import Style, format_list_of, format_number, get_currency_name
from vafa.lab.calendars import CalendarName

# From here on a guess is as good as told; a column known by its contents alone is worth a look.
SURE = 0.8
_CODECS = {"cp1256": "windows-1256", "cp1252": "windows-1252", "gbk": "gb18030", "utf-8-sig": "utf-8"}


def build_field_rows(plan: Plan) -> dict[str, list[dict[str, Any]]]:
    """Every field of the kind: `main` are those with a column and those that are needed, `more` the rest."""
    needed = {name for fields in plan.missing for name in fields[:1]}
    required = {name for fields in plan.missing for name in fields[:3]}
    rows: dict[str, list[dict[str, Any]]] = {"main": [], "more": []}
    for name in FIELDS[plan.options.kind]:
        column = plan.mapping.get(name, "")
        sureness = plan.sureness.get(name)
        row = {
            "name": name,
            "label": FIELD_NAMES[name],
            "column": column,
            "is_guess": bool(column) and sureness is not None and sureness < SURE,
            "is_missing": name in needed,
            "suggested": "" if column else plan.suggested.get(name, ""),
            "is_consent": name in CONSENT_FIELDS,
        }
        shown = column or name in required or row["suggested"]
        rows["main" if shown else "more"].append(row)
    return rows


_OPEN_POINTS = {
    "date_order": gettext_lazy("Say how the dates of “%(column)s” are written."),
    "unit": gettext_lazy("Say in which unit “%(column)s” is."),
    "question": gettext_lazy("Say what “%(column)s” asks."),
    "scale": gettext_lazy("Say on which scale “%(column)s” is."),
    "direction": gettext_lazy("Say which end of “%(column)s” is good."),
}


def build_open_points(plan: Plan, style: Style) -> list[str]:
    """What has to be settled before the import can start, as sentences."""
    points = []
    for fields in plan.missing:
        names = [str(FIELD_NAMES[name]) for name in fields]
        text = (
            _("Choose the column for: %(field)s.")
            if len(names) == 1
            else _("Choose a column for one of: %(field)s.")
        )
        points.append(text % {"field": format_list_of(names, style)})
    asked = (str(_OPEN_POINTS[question.code]) % {"column": question.column} for question in plan.questions)
    return [*points, *asked]


def build_date_question(plan: Plan) -> dict[str, Any] | None:
    """The order of the dates: asked where it can't be told, otherwise shown, to be changed."""
    names = [name for name in plan.mapping if name in DATE_FIELDS]
    if not names:
        return None
    open_ones = [question for question in plan.questions if question.code == "date_order"]
    decided = {plan.date_orders[name] for name in names} - {"iso"}
    choices = open_ones[0].choices if open_ones else tuple(DATE_ORDER_NAMES)
    return {
        "open": bool(open_ones),
        "example": open_ones[0].example if open_ones else "",
        "column": open_ones[0].column if open_ones else "",
        "choices": [(code, DATE_ORDER_NAMES[code]) for code in choices],
        "value": plan.options.dates or "",
        "found": "" if open_ones else format_orders(decided or {"iso"}),
    }


def format_orders(orders: set[str]) -> str:
    """The names of orders of dates, for a sentence."""
    return ", ".join(str(DATE_ORDER_NAMES[order]) for order in sorted(orders))


def build_unit_question(plan: Plan, asked: Asked, currency: str, style: Style) -> dict[str, Any] | None:
    """The unit of amounts that have no currency of their own."""
    if not MONEY_FIELDS & set(plan.mapping) or "currency" in plan.mapping:
        return None
    question = next((question for question in plan.questions if question.code == "unit"), None)
    units = list(RIAL_UNITS) if currency in RIAL_UNITS or question else []
    return {
        "open": question is not None,
        "example": question.example if question else "",
        "column": question.column if question else "",
        "hint": get_currency_name(question.choices[0], style.language) if question else "",
        "short": [(unit, get_currency_name(unit, style.language)) for unit in units],
        "choices": list_currency_choices(style.language),
        "value": asked.typed.get("unit") or plan.options.unit or "",
        "found": get_currency_name(plan.unit, style.language) if plan.unit else "",
        "error": asked.errors.get("unit", ""),
    }


def build_interval_question(plan: Plan, style: Style) -> dict[str, Any] | None:
    """How often prices are paid, where no column says it."""
    if plan.options.kind != "subscriptions" or "amount" not in plan.mapping or "interval" in plan.mapping:
        return None
    if plan.interval and not plan.options.interval:
        named = {"interval": format_interval_words(plan.interval, style)}
        usual = _("As the column's name says: %(interval)s") % named
    else:
        usual = _("Once for the whole term, unless the column's name says otherwise")
    choices = [(code, format_interval_words(code, style)) for code in INTERVALS]
    choices.append((WHOLE_TERM, _("Once for the whole term")))
    return {"value": plan.options.interval or "", "usual": usual, "choices": choices}


def build_permission_question(plan: Plan, asked: Asked, calendar: CalendarName) -> dict[str, Any] | None:
    """Where the permission in a file of customers came from, in which words, and for what."""
    options = plan.options
    if options.kind != "customers":
        return None
    on = options.permission_on
    return {
        "source": options.permission_source,
        "wording": options.permission_wording,
        "on": asked.typed.get("permission_on") or (write_day(on, calendar) if on else ""),
        "purposes": [
            (purpose.value, PURPOSE_NAMES[purpose], purpose in options.permission_purposes)
            for purpose in Purpose
            if purpose is not Purpose.SERVICE
        ],
        "channels": [
            (channel.value, CHANNEL_NAMES[channel], channel in options.permission_channels)
            for channel in Channel
        ],
    }


def build_reading_choices(plan: Plan) -> dict[str, Any]:
    """Encoding, delimiter and sheet: what was found, and what else there is."""
    found = plan.found
    encoding = _CODECS.get(found["encoding"] or "", found["encoding"] or "")
    delimiter = {"\t": "tab"}.get(found["delimiter"] or "", found["delimiter"] or "")
    return {
        "sure": found["sure"],
        "is_text": found["kind"] == "csv",
        "encoding": encoding,
        "encodings": _with(ENCODING_NAMES, encoding) if found["encoding"] else [],
        "delimiter": delimiter,
        "delimiters": _with(DELIMITER_NAMES, delimiter) if found["delimiter"] else [],
        "sheet": found["sheet"] or "",
        "sheets": found["sheets"] if len(found["sheets"]) > 1 else [],
        "titles_above": found["titles_above"],
    }


def _with(names: dict[str, Any], value: str) -> list[tuple[str, Any]]:
    return list(names.items()) + ([] if value in names else [(value, value)])


def build_statuses(plan: Plan, style: Style) -> list[dict[str, Any]]:
    """Each status with its count and whether its rows count as sales."""
    return [
        {
            "value": value,
            "count": ngettext("%(count)s row", "%(count)s rows", count)
            % {"count": format_number(count, style)},
            "counts": plan.statuses[value],
        }
        for value, count in plan.status_counts.items()
    ]


def build_notes(plan: Plan, style: Style) -> list[dict[str, str]]:
    """What the person should know before starting."""
    notes = []
    if plan.system:
        text = _("Recognised as an export of %(system)s.") % {
            "system": SYSTEM_NAMES.get(plan.system, plan.system)
        }
        notes.append({"tone": "success", "text": text})
    if plan.card_columns:
        text = _("Card numbers are never stored: %(columns)s stays out. The rows go in without it.")
        names = format_list_of(list(plan.card_columns), style)
        notes.append({"tone": "warning", "text": text % {"columns": names}})
    if plan.found["titles_above"]:
        text = ngettext(
            "%(count)s line above the header is passed over.",
            "%(count)s lines above the header are passed over.",
            plan.found["titles_above"],
        )
        notes.append(
            {"tone": "info", "text": text % {"count": format_number(plan.found["titles_above"], style)}}
        )
    return notes


def is_name_only(plan: Plan) -> bool:
    """Whether names are all that tells whose a row is."""
    has_name = bool({"name", "given_name", "family_name"} & set(plan.mapping))
    return has_name and not {"customer", "email", "phone"} & set(plan.mapping)
