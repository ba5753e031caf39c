"""A day as people of this business write it: in their calendar and with their digits."""

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from vafa.kit.locale.digits import to_latin_digits
from vafa.lab.calendars import CalendarName, build_date, get_month_length, split_date
from vafa.lab.errors import CalendarDateInvalid, CalendarRangeExceeded

_WRITTEN = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_WRITTEN_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
# Years from which on a number is surely a Gregorian year, whatever the calendar of the page.
_GREGORIAN_FROM = 1700
_EXAMPLES: dict[CalendarName, tuple[int, int, int]] = {
    "gregorian": (2026, 3, 21),
    "jalali": (1405, 1, 1),
    "hijri": (1447, 10, 2),
}


class DayField(forms.CharField):
    """A day, year first, in one calendar. A Gregorian year is understood in the others too."""

    def __init__(self, *, calendar: CalendarName = "gregorian", **kwargs: Any) -> None:
        self.calendar = calendar
        super().__init__(max_length=20, **kwargs)
        example = "{}/{:02}/{:02}".format(*_EXAMPLES[calendar])
        self.widget.attrs |= {
            "dir": "ltr",
            "placeholder": example,
            "autocomplete": "off",
            "inputmode": "numeric",
        }

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return parse_day(text, self.calendar) if text else None

    def prepare_value(self, value: Any) -> Any:
        return write_day(value, self.calendar) if isinstance(value, date) else value


class MonthField(forms.CharField):
    """A month, year first, in one calendar: the days [start, end). A Gregorian year is understood in the others too."""

    def __init__(self, *, calendar: CalendarName = "gregorian", **kwargs: Any) -> None:
        self.calendar = calendar
        super().__init__(max_length=20, **kwargs)
        self.widget.attrs |= {
            "dir": "ltr",
            "placeholder": _write_month_example(calendar),
            "autocomplete": "off",
            "inputmode": "numeric",
        }

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return parse_month(text, self.calendar) if text else None


def parse_month(text: str, calendar: CalendarName) -> tuple[date, date]:
    """The days [start, end) of the month that was written. Raises ValidationError with an example."""
    match = _WRITTEN_MONTH.fullmatch(to_latin_digits(text).strip())
    if match:
        year, month = (int(part) for part in match.groups())
        meant: CalendarName = "gregorian" if year >= _GREGORIAN_FROM else calendar
        try:
            start = build_date(year, month, 1, meant)
            return start, start + timedelta(days=get_month_length(year, month, meant))
        except (CalendarDateInvalid, CalendarRangeExceeded, ValueError):
            pass
    raise ValidationError(
        _("Not a month. Write year and month, such as %(example)s.")
        % {"example": _write_month_example(calendar)},
        code="not_a_month",
    )


def _write_month_example(calendar: CalendarName) -> str:
    return "{}/{:02}".format(*_EXAMPLES[calendar])


def parse_day(text: str, calendar: CalendarName) -> date:
    """The day that was written. Raises ValidationError with an example."""
    match = _WRITTEN.fullmatch(to_latin_digits(text).strip())
    if match:
        year, month, day = (int(part) for part in match.groups())
        try:
            return build_date(year, month, day, "gregorian" if year >= _GREGORIAN_FROM else calendar)
        except (CalendarDateInvalid, CalendarRangeExceeded, ValueError):
            pass
    example = "{}/{:02}/{:02}".format(*_EXAMPLES[calendar])
    raise ValidationError(
        _("Not a day. Write year, month and day, such as %(example)s.") % {"example": example},
        code="not_a_day",
    )


def write_day(day: date, calendar: CalendarName) -> str:
    """A day as it stands in its field."""
    try:
        parts = split_date(day, calendar)
    except CalendarRangeExceeded:
        return day.isoformat()
    return f"{parts.year}/{parts.month:02}/{parts.day:02}"
