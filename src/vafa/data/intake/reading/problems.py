"""Why a file or a cell could not be read, by name: each code with its reason and its remedy, translated when shown."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

FILE_REASONS: dict[str, tuple[Text, Text]] = {
    "missing": (_("There is no such file: %(name)s."), _("Check the path.")),
    "empty": (_("The file is empty."), _("Export it again, and see that it holds rows.")),
    "header_only": (
        _("The file has a header but no rows under it."),
        _("Export it again, and see that the chosen dates hold rows."),
    ),
    "not_a_table": (
        _("This is not a table: neither CSV, nor Excel, nor an HTML table, nor Parquet."),
        _("Export it as CSV (UTF-8) or XLSX."),
    ),
    "not_a_sheet": (
        _("This is a ZIP file, but no Excel workbook."),
        _("Unpack it first, and give the file inside."),
    ),
    "broken_sheet": (
        _("The workbook is damaged and can't be opened: %(detail)s."),
        _("Open it in your spreadsheet program, save it again as XLSX, or export CSV."),
    ),
    "password": (
        _("The workbook is protected by a password."),
        _("Open it, take the password off, save it, and give it again."),
    ),
    "no_such_sheet": (
        _("There is no sheet named %(sheet)s. There are: %(sheets)s."),
        _("Choose one of these sheets."),
    ),
    "too_large": (
        _("Unpacked, the workbook would take %(size)s MB, more than a sheet can hold."),
        _("Export it as CSV; CSV may be of any size."),
    ),
    "line_too_long": (
        _("Line %(line)s is longer than %(size)s MB: this is no table of rows."),
        _("Export it as CSV with one row a line."),
    ),
    "too_many_columns": (
        _("The table has %(count)s columns; at most %(most)s can be read."),
        _("Export only the columns that you need."),
    ),
    "unknown_encoding": (
        _("There is no character encoding named %(encoding)s."),
        _("Use utf-8, utf-16, windows-1256 or gb18030."),
    ),
    "broken_parquet": (_("The Parquet file is damaged: %(detail)s."), _("Write it again.")),
}

ROW_REASONS: dict[str, tuple[Text, Text]] = {
    "cells": (
        _("This row has %(count)s cells where the header has %(width)s."),
        _("See whether a value holds the separator, and put such values in quotation marks."),
    ),
    "cut_off": (
        _("The file ends in the middle of this row."),
        _("The file was cut off; export or copy it again."),
    ),
    "quote": (
        _("A quotation mark in this row is never closed."),
        _("Close it, or double it where it belongs to the text."),
    ),
    "encoding": (
        _("This row holds bytes that are not valid %(encoding)s text."),
        _("Save the file again as UTF-8, or name its encoding."),
    ),
}

VALUE_REASONS: dict[str, tuple[Text, Text]] = {
    "not_a_number": (_("“%(value)s” is not a number."), _("Write digits only, such as 1234.56.")),
    "percent": (_("“%(value)s” is a percentage, not an amount."), _("Give the amount itself.")),
    "scientific": (
        _("“%(value)s” was cut by a spreadsheet; its digits are lost."),
        _("Format the column as text or number with all digits, and export it again."),
    ),
    "not_whole": (_("“%(value)s” is not a whole number."), _("Write a whole number.")),
    "number_too_large": (_("“%(value)s” is too large a number."), _("Check the value.")),
    "not_a_date": (_("“%(value)s” is not a date."), _("Write dates like 2026-03-21 or 1405/01/01.")),
    "no_such_day": (_("There is no such day as “%(value)s”."), _("Check day and month.")),
    "not_a_month": (_("“%(value)s” is not a month."), _("Write months like 2026-03 or 1405/01.")),
    "date_order": (
        _("It can't be told which part of “%(value)s” is the day, the month and the year."),
        _("Choose the order of the dates for this file."),
    ),
    "date_calendar": (
        _("The year in “%(value)s” belongs to another calendar."),
        _("Choose Jalali or Hijri as the calendar of the dates."),
    ),
    "date_range": (_("“%(value)s” is outside the years that can be kept."), _("Check the year.")),
    "not_a_phone": (
        _("“%(value)s” is not a phone number."),
        _("Write it with the country code, such as +98 912 345 6789."),
    ),
    "not_an_email": (_("“%(value)s” is not an e-mail address."), _("Write it like name@example.com.")),
    "not_a_score": (
        _("“%(value)s” is neither a number nor a word for an answer that is known here."),
        _("Write the number of the scale, such as 4, or words such as “satisfied”."),
    ),
    "not_a_scale": (
        _("“%(value)s” is no scale."),
        _("Write its lowest and its highest number, such as 1-5."),
    ),
    "scale_start": (
        _("A scale of “%(value)s” may begin with 0 or with 1."),
        _("Write 0-10 or 1-10."),
    ),
    "not_a_span": (
        _("“%(value)s” is not a length of time."),
        _("Write it like 1:30:00, or 2 h 15 min."),
    ),
    "span_unit": (
        _("It can't be told whether “%(value)s” are minutes, hours or days."),
        _("Name the unit in the column's heading, such as “First reply (minutes)”, or write 1:30:00."),
    ),
    "unknown_interval": (
        _("“%(value)s” is not a known billing interval."),
        _("Write month, year, week, day, quarter or a count such as 3 months."),
    ),
}


class _Problem(Exception):
    reasons: dict[str, tuple[Text, Text]] = {}

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    @property
    def message(self) -> str:
        """Why, in the language in force now."""
        return str(self.reasons[self.code][0]) % self.params

    @property
    def remedy(self) -> str:
        """What to do about it, in the language in force now."""
        return str(self.reasons[self.code][1]) % self.params

    def __str__(self) -> str:
        return f"{self.code}: {self.params}"


class TableError(_Problem):
    """The file as a whole can't be read as a table."""

    reasons = FILE_REASONS


class ValueProblem(_Problem):
    """One cell can't be read as what its column holds."""

    reasons = VALUE_REASONS


def row_message(code: str, **params: Any) -> tuple[str, str]:
    """Reason and remedy of a bad row's code, in the language in force now."""
    message, remedy = ROW_REASONS[code]
    return str(message) % params, str(remedy) % params
