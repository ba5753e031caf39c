"""The one writer of CSV and XLSX: a text that a spreadsheet would run as a formula is written so that it stays text."""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any

# A signed number, or a phone in international form, begins like a formula and is none.
_HARMLESS = re.compile(r"[+-]?\d[\d .,()-]*")
# The wide forms too: programs set to East Asian languages take them for the narrow ones.
_STARTS = "=+@\t\r\n\uff1d\uff0b\uff0d\uff20-"
# Where the list separator of the machine is no comma, a cell may begin in the middle of a text of ours.
_INNER = re.compile(r"([;\u061b\t])([\s\"]*)(?=[=+@\uff1d\uff0b\uff0d\uff20-])")


def guard(value: Any) -> Any:
    """The value as it may stand in a sheet: texts that begin like a formula, or of which a program that parts cells by
    semicolons or tabs would make one, get an apostrophe in front of it."""
    if not isinstance(value, str) or _HARMLESS.fullmatch(value):
        return value
    if value and value[0] in _STARTS:
        value = "'" + value
    return _INNER.sub(r"\1\2'", value)


class CsvSheet:
    """A CSV file in UTF-8 with its mark in front, as every spreadsheet program opens it rightly."""

    def __init__(self, target: Path | IO[bytes], columns: Sequence[str]) -> None:
        self._file = (
            target.open("w", encoding="utf-8-sig", newline="")
            if isinstance(target, Path)
            else TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
        )
        self._writer = csv.writer(self._file)
        self._writer.writerow([guard(column) for column in columns])

    def add(self, row: Iterable[Any]) -> None:
        """Write one row; None is an empty cell, dates are ISO."""
        self._writer.writerow(["" if cell is None else guard(_plain(cell)) for cell in row])

    def close(self) -> None:
        """Finish the file."""
        self._file.flush()
        self._file.close()


@dataclass(frozen=True)
class Sheet:
    """One sheet of a book."""

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]


def write_xlsx(
    target: Path | IO[bytes], title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """One sheet with a header row; numbers stay numbers, dates are ISO texts, and no text becomes a formula."""
    write_book(target, [Sheet(title, columns, rows)])


def write_book(target: Path | IO[bytes], sheets: Iterable[Sheet]) -> None:
    """Sheets one after another, each as `write_xlsx` writes it. Their titles must differ."""
    import xlsxwriter

    book = xlsxwriter.Workbook(
        target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold = book.add_format({"bold": True})
    for one in sheets:
        sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", " ", one.title)[:31])
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(one.columns):
            sheet.write_string(0, place, column, bold)
        for line, row in enumerate(one.rows, start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
                    sheet.write_number(line, place, float(cell))
                elif cell is not None:
                    sheet.write_string(line, place, str(_plain(cell)))
    book.close()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
