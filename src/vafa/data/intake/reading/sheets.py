"""Excel workbooks, new and old, and ODS: typed cells -> texts that the parsers of this part read exactly."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path

import python_calamine as calamine

from .extents import check_extent
from .problems import TableError
from .rows import Block, Head

HEAD_ROWS = 120
MOST_UNPACKED_BYTES = 2 << 30

# The name of the stream that holds a workbook locked by a password, as an OLE directory writes it.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class SheetSource:
    """One sheet of a workbook: the named one, else the first visible one that holds a table."""

    def __init__(self, path: Path, sheet: str | None) -> None:
        _check_size(path)
        check_extent(path)
        try:
            self._book = calamine.load_workbook(str(path))
            self.sheets = tuple(self._book.sheet_names)
            self.sheet = self._choose(sheet)
            self._sheet = self._book.get_sheet_by_name(self.sheet)
        except calamine.PasswordError as error:
            raise TableError("password") from error
        except (calamine.CalamineError, ValueError, OSError, struct.error) as error:
            if _is_locked(path):
                raise TableError("password") from error
            raise TableError("broken_sheet", detail=str(error)[:200]) from error
        self.height = max(1, self._sheet.total_height)

    def _choose(self, wanted: str | None) -> str:
        if wanted is not None:
            if wanted not in self.sheets:
                raise TableError("no_such_sheet", sheet=wanted, sheets=", ".join(self.sheets))
            return wanted
        if not self.sheets:
            raise TableError("empty")
        visible = [
            sheet.name
            for sheet in self._book.sheets_metadata
            if sheet.visible == calamine.SheetVisibleEnum.Visible
            and sheet.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        for name in visible:
            if self._book.get_sheet_by_name(name).height > 1:
                return name
        return (visible or list(self.sheets))[0]

    def head(self) -> Head:
        """The first rows of the sheet."""
        rows = [_texts(row) for row in islice(self._rows(), HEAD_ROWS)]
        return Head(list(range(1, len(rows) + 1)), rows, self.height <= HEAD_ROWS)

    def blocks(self, after_line: int, width: int, size: int) -> Iterator[Block]:
        """The rows after a sheet row, with their row numbers as the program shows them."""
        rows = islice(self._rows(), after_line, None)
        line = after_line
        while part := [_texts(row) for row in islice(rows, size)]:
            yield Block(
                range(line + 1, line + 1 + len(part)), part, [], min(1.0, (line + len(part)) / self.height)
            )
            line += len(part)

    def close(self) -> None:
        """Let go of the file."""
        self._book.close()

    def _rows(self) -> Iterator[Sequence[object]]:
        if self._sheet.height:
            yield from self._sheet.iter_rows()


def _check_size(path: Path) -> None:
    """Refuse a workbook that unpacks to more than a sheet can hold: such a file is made to fill the memory."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        total = sum(info.file_size for info in archive.infolist())
    if total > MOST_UNPACKED_BYTES:
        raise TableError("too_large", size=total >> 20)


def _is_locked(path: Path) -> bool:
    with path.open("rb") as stream:
        start = stream.read(1 << 20)
    return start.startswith(b"\xd0\xcf\x11\xe0") and (
        _ENCRYPTED in start or _ENCRYPTED in path.read_bytes()[-(1 << 20) :]
    )


def _texts(row: Sequence[object]) -> list[str]:
    return [cell if type(cell) is str else write_cell(cell) for cell in row]


def write_cell(value: object) -> str:
    """A typed cell as exact text: ISO dates, numbers with the 15 digits that a spreadsheet keeps, TRUE/FALSE."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _write_float(value)
    if isinstance(value, datetime):
        return _write_moment(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value)


def _write_float(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    text = format(value, ".15g")
    return format(Decimal(text), "f") if "e" in text else text


def _write_moment(value: datetime) -> str:
    """Spreadsheets keep moments as fractions of a day, so a second comes back a few microseconds off."""
    value = (value + timedelta(milliseconds=500)).replace(microsecond=0) if value.microsecond else value
    return value.isoformat(" ")
