"""What the person said on the mapping page -> options of the import."""

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import date

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from vafa.data.consent.types import Channel, Purpose
from vafa.data.intake.queries import (
    ANSWER_DIRECTIONS,
    ANSWER_METHODS,
    ANSWER_QUESTIONS,
    ANSWER_SCALES,
)
from vafa.data.intake.types import FIELDS, WHOLE_TERM, ImportOptions, Plan
from vafa.front.date_field import parse_day
from vafa.front.intake.labels import DATE_ORDER_NAMES, INTERVALS
from vafa.kit.locale.formats import is_known_currency
from vafa.lab.calendars import CalendarName

LONGEST_SOURCE = 60
LONGEST_PERMISSION_SOURCE = 200
LONGEST_WORDING = 2000
_SCALES = tuple(f"{low}-{high}" for low, high in ANSWER_SCALES)
_METHODS = tuple(way for ways in ANSWER_METHODS.values() for way in ways)


@dataclass
class Asked:
    """The options, and what of the answers can't be used, by the name of its field."""

    options: ImportOptions
    errors: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)


def read_answers(sent: QueryDict, before: ImportOptions, calendar: CalendarName) -> Asked:
    """The options that a sent form asks for."""
    asked = Asked(before)
    options = replace(
        before,
        source=sent.get("source", "").strip()[:LONGEST_SOURCE] or "main",
        mapping=_read_mapping(sent, before),
        encoding=sent.get("encoding") or None,
        delimiter=sent.get("delimiter") or None,
        sheet=sent.get("sheet") or None,
        dates=_read_choice(sent, "dates", tuple(DATE_ORDER_NAMES)),
        unit=_read_unit(sent, asked),
        interval=_read_choice(sent, "interval", (*INTERVALS, WHOLE_TERM)),
        last_day_included=sent.get("last_day") == "included",
        complete_through=_read_day(sent, asked, calendar, "complete_through"),
        keep_other=False,
        kept_columns=tuple(sent.getlist("keep")),
        statuses=_read_statuses(sent),
        question=_read_choice(sent, "question", ANSWER_QUESTIONS),
        scale=_read_choice(sent, "scale", _SCALES),
        direction=_read_choice(sent, "direction", ANSWER_DIRECTIONS),
        method=_read_choice(sent, "method", _METHODS),
        permission_source=sent.get("permission_source", "").strip()[:LONGEST_PERMISSION_SOURCE],
        permission_wording=sent.get("permission_wording", "").strip()[:LONGEST_WORDING],
        permission_on=_read_day(sent, asked, calendar, "permission_on"),
        permission_channels=_read_choices(sent, "permission_channel", tuple(Channel)),
        permission_purposes=_read_choices(sent, "permission_purpose", tuple(Purpose)),
    )
    if "names_are_ids" in sent and options.mapping and "name" in options.mapping:
        options = replace(options, mapping={**options.mapping, "customer": options.mapping["name"]})
    asked.options = options
    return asked


def forget_columns(options: ImportOptions) -> ImportOptions:
    """The options without what they say of columns: the file is now read otherwise and has others."""
    return replace(options, mapping=None, kept_columns=(), statuses={})


def print_columns(plan: Plan) -> str:
    """A short mark of a file's columns, by which a sent form tells whether it speaks of the same ones."""
    return hashlib.sha256(json.dumps(plan.columns).encode()).hexdigest()[:16]


def _read_mapping(sent: QueryDict, before: ImportOptions) -> dict[str, str]:
    pairs = {name: sent.get(f"map.{name}", "") for name in FIELDS[before.kind]}
    return {name: column for name, column in pairs.items() if column}


def _read_choice(sent: QueryDict, name: str, allowed: tuple[str, ...]) -> str | None:
    value = sent.get(name) or None
    return value if value in allowed else None


def _read_unit(sent: QueryDict, asked: Asked) -> str | None:
    unit = sent.get("unit", "").strip().upper()
    if not unit:
        return None
    if not is_known_currency(unit):
        asked.errors["unit"] = _("Write a currency's three letters, such as USD.")
        asked.typed["unit"] = unit
        return None
    return unit


def _read_choices(sent: QueryDict, name: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value for value in allowed if value in sent.getlist(name))


def _read_day(sent: QueryDict, asked: Asked, calendar: CalendarName, name: str) -> date | None:
    text = sent.get(name, "").strip()
    if not text:
        return None
    try:
        return parse_day(text, calendar)
    except ValidationError as error:
        asked.errors[name] = " ".join(error.messages)
        asked.typed[name] = text
        return None


def _read_statuses(sent: QueryDict) -> dict[str, bool]:
    values = sent.getlist("status_value")
    return {value: sent.get(f"status.{place}") == "counts" for place, value in enumerate(values)}
