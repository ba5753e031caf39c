"""What the tests of this part share: writing a file, and reading a table whole."""

from __future__ import annotations

from pathlib import Path

from vafa.data.intake.reading.tables import BadRow, Table, open_table


def write(folder: Path, text: str, encoding: str = "utf-8", name: str = "file.csv") -> Path:
    """A file with exactly this text."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def read_all(table: Table, size: int = 10_000) -> tuple[list[int], list[tuple[str, ...]], list[BadRow]]:
    """Line numbers, rows and bad rows of a whole table."""
    lines: list[int] = []
    rows: list[tuple[str, ...]] = []
    bad: list[BadRow] = []
    for batch in table.batches(size):
        assert all(len(column) == len(batch.lines) for column in batch.columns)
        lines += batch.lines
        rows += list(zip(*batch.columns, strict=True))
        bad += batch.bad
    return lines, rows, bad


def read_file(
    path: Path, size: int = 10_000, **options: str
) -> tuple[Table, list[int], list[tuple[str, ...]], list[BadRow]]:
    """The table of a file, read whole."""
    with open_table(path, **options) as table:
        return table, *read_all(table, size)
