"""The door of this part: `open_table(path)` gives any table file as batches of clean columns."""

from __future__ import annotations

import gc
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .cells import Cleaner, clean_cell
from .csvs import CsvSource
from .encodings import ESCAPED, decide_encoding
from .layout import BLANKS, decide_delimiter, find_header, name_columns
from .problems import TableError
from .rows import BadRow, Head, Kind, Source

MOST_COLUMNS = 16_384

__all__ = ["BadRow", "Batch", "Found", "Table", "TableError", "open_table"]

_JUNK = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"BZh",
         b"7z\xbc\xaf", b"Rar!", b"\x7fELF", b"SQLite format 3", b"MZ")  # fmt: skip


@dataclass(frozen=True)
class Found:
    """What was found out about the file; `delimiter` is one character or `blanks`, `sure` False asks for a look."""

    kind: Kind
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    sheets: tuple[str, ...]
    titles_above: int
    headerless: bool
    sure: bool


@dataclass(frozen=True)
class Batch:
    """Clean rows as columns of texts, the line of each row, the bad rows met meanwhile, and the share read (0..1)."""

    lines: list[int]
    columns: list[list[str]]
    bad: list[BadRow]
    progress: float


class Table:
    """An open table. `batches` may be called again and starts anew."""

    def __init__(
        self, source: Source, columns: tuple[str, ...], header_line: int, found: Found, skip: int
    ) -> None:
        self.columns = columns
        self.header_line = header_line
        self.found = found
        self.dropped_totals = 0
        self._source = source
        self._skip = skip

    def batches(self, size: int = 10_000) -> Iterator[Batch]:
        """The rows in file order, at most `size` a batch. `dropped_totals` is right once they are all read."""
        cleaner = Cleaner(len(self.columns))
        blocks = self._source.blocks(self._skip, len(self.columns), size)
        while True:
            with _not_collecting():
                block = next(blocks, None)
                if block is None:
                    return
                lines, columns, bad = cleaner.clean(block)
            self.dropped_totals = cleaner.dropped_totals
            if len(lines) <= size:
                if lines or bad:
                    yield Batch(lines, columns, bad, block.progress)
                continue
            for start in range(0, len(lines), size):
                part = slice(start, start + size)
                cut = [column[part] for column in columns]
                yield Batch(lines[part], cut, bad if start == 0 else [], block.progress)

    def sample(self, count: int = 500) -> list[list[str]]:
        """The first rows as columns, for guessing and for a preview."""
        columns: list[list[str]] = [[] for _ in self.columns]
        for batch in self.batches(min(count, 2_000)):
            for column, more in zip(columns, batch.columns, strict=True):
                column.extend(more[: count - len(column)])
            if len(columns[0]) >= count:
                break
        return columns

    def close(self) -> None:
        """Let go of the file."""
        self._source.close()

    def __enter__(self) -> Table:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def _not_collecting() -> Iterator[None]:
    """No garbage collection while a block is made: its hundred thousand new cells hold no cycles, and looking
    for them doubles the time."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def open_table(
    path: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    name: str | None = None,
) -> Table:
    """Open a CSV, Excel, HTML or Parquet file, whatever its name says, and find its header.

    `encoding`, `delimiter` (a character, `tab` or `blanks`) and `sheet` overrule what is found; `name` is the
    name to speak of. Raises TableError, its code one of `problems.FILE_REASONS`.
    """
    name = name or path.name
    if not path.is_file():
        raise TableError("missing", name=name)
    if path.stat().st_size == 0:
        raise TableError("empty", name=name)
    with path.open("rb") as stream:
        start = stream.read(4096)
    kind = _decide_kind(path, start)
    if kind == "csv":
        return _open_csv(path, encoding, delimiter)
    return _open_typed(path, kind, sheet, encoding)


def _decide_kind(path: Path, start: bytes) -> Kind:
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _decide_zip(path)
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "xls"
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(_JUNK):
        raise TableError("not_a_table")
    bare = start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if bare.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<head", b"<style", b"<div")):
        return "html"
    if bare.startswith(b"<"):
        if b"<html" in bare or b"<table" in bare:
            return "html"
        raise TableError("not_a_table")
    return "csv"


def _decide_zip(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise TableError("broken_sheet", detail=str(error)) from error
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return "xlsx"
    if "content.xml" in names and "mimetype" in names:
        return "ods"
    raise TableError("not_a_sheet")


def _open_csv(path: Path, encoding: str | None, delimiter: str | None) -> Table:
    with path.open("rb") as stream:
        decided = decide_encoding(stream, encoding)
    source = CsvSource(path, decided.name, decided.mark_bytes, ",")
    lines, _ = source.head_lines()
    _check_text("".join(lines))
    told = _separator_line(lines[0])
    chosen = {"tab": "\t", "\\t": "\t", " ": BLANKS}.get(delimiter, delimiter) if delimiter else told
    sure = decided.sure
    if chosen:
        source.delimiter = chosen
    else:
        guessed = decide_delimiter(lines[1:] if told else lines)
        source.delimiter, sure = guessed.char, sure and guessed.sure
        _check_prose(lines, source.delimiter)
    head = source.head()
    if told:
        head = Head(head.lines[1:], head.rows[1:], head.whole)
    return _build(source, head, Found("csv", decided.name, source.delimiter, None, (), 0, False, sure))


def _open_typed(path: Path, kind: Kind, sheet: str | None, encoding: str | None) -> Table:
    if kind == "parquet":
        from .parquets import ParquetSource

        parquet = ParquetSource(path)
        found = Found(kind, None, None, None, (), 0, False, True)
        return _checked(Table(parquet, name_columns(parquet.names), 1, found, 1))
    if kind == "html":
        from .htmls import HtmlSource

        html = HtmlSource(path, encoding)
        return _build(html, html.head(), Found(kind, html.encoding, None, None, (), 0, False, True))
    from .sheets import SheetSource

    book = SheetSource(path, sheet)
    return _build(book, book.head(), Found(kind, None, None, book.sheet, book.sheets, 0, False, True))


def _build(source: Source, head: Head, found: Found) -> Table:
    rows = [[clean_cell(cell) for cell in row] for row in head.rows]
    if not any(any(row) for row in rows):
        raise TableError("empty")
    header = find_header(rows)
    first = next(place for place, row in enumerate(rows) if any(row))
    at = header.index if header.index is not None else first
    names = list(rows[at]) if header.index is not None else [""] * header.width
    after = rows[at + 1 :]
    names += [""] * _blank_cells_beyond(len(names), after)
    if header.index is not None and head.whole and not any(any(row) for row in after):
        raise TableError("header_only")
    line = head.lines[at]
    skip = (
        line - 1 if header.index is None else (head.lines[at + 1] - 1 if at + 1 < len(head.lines) else line)
    )
    titles = 0 if header.index is None else sum(1 for row in rows[:at] if any(row))
    found = Found(
        found.kind, found.encoding, found.delimiter, found.sheet, found.sheets, titles,
        header.index is None, found.sure and header.sure,
    )  # fmt: skip
    return _checked(Table(source, name_columns(names), 0 if header.index is None else line, found, skip))


def _checked(table: Table) -> Table:
    if len(table.columns) > MOST_COLUMNS:
        raise TableError("too_many_columns", count=len(table.columns), most=MOST_COLUMNS)
    return table


def _blank_cells_beyond(width: int, rows: Sequence[Sequence[str]]) -> int:
    """How many blank cells every row has beyond the header: a separator after the last cell of each line."""
    filled = [row for row in rows if any(row)]
    extra = min((len(row) - width for row in filled), default=0)
    if extra > 0 and not any(cell for row in filled for cell in row[width : width + extra]):
        return extra
    return 0


def _separator_line(line: str) -> str | None:
    """The delimiter of a first line `sep=;`, which spreadsheets write and read."""
    bare = line.strip('\r\n\ufeff"')
    return bare[4] if len(bare) == 5 and bare.lower().startswith("sep=") else None


def _check_text(text: str) -> None:
    """Raises TableError for what is no text: control characters or undecodable bytes all over, or JSON."""
    if not text.strip("\ufeff \t\r\n\x00\x1a"):
        raise TableError("empty")
    controls = sum(1 for char in text if char < " " and char not in "\t\r\n\x0b\x0c")
    undecodable = len(ESCAPED.findall(text)) > len(text) * 0.25
    if controls > max(2, len(text) * 0.02) or undecodable or text.lstrip()[:1] in ("{", "["):
        raise TableError("not_a_table")


def _check_prose(lines: list[str], delimiter: str) -> None:
    """Raises TableError for running text: no even columns, and many words a line."""
    if delimiter != ",":
        return
    filled = [line for line in lines if line.strip()]
    widths = [line.count(",") for line in filled]
    words = sorted(len(line.split()) for line in filled)[len(filled) // 2]
    if widths.count(0) > len(filled) / 2 and words > 7:
        raise TableError("not_a_table")
