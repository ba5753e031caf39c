"""How large a workbook would become in memory, told before it is opened.

The reader lays out every cell between the first and the last of a sheet, so two cells in far corners, a file of a
kilobyte, ask for half a terabyte, and that ends the process. The texts of XLSX are looked through for the places of
their cells; binary workbooks are first tried by a process of its own with limited memory.
"""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import IO

from .problems import TableError

# A full million of rows with a hundred columns; each cell takes 32 bytes.
MOST_CELLS = 120_000_000
CELL_BYTES = 32
MOST_TRIED_BYTES = 4 << 30
SECONDS = 120
_PIECE = 4 << 20
# As all usual programs write a cell and a row; three times as fast to look for as what follows, which is anything that
# the reader takes for one.
_USUAL_COLUMN, _USUAL_NUMBER = (
    re.compile(rb'<c r="([A-Za-z]{1,4})'),
    re.compile(rb'<c r="[A-Za-z]{1,4}(\d{1,10})"'),
)
_USUAL_ROW = re.compile(rb'<row r="(\d{1,10})"')
_PLACED = re.compile(rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*["']([A-Za-z]{1,4})(\d{1,10})""")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_PLACED_ROW = re.compile(rb"""<(?:\w+:)?row\s(?:[^>]*?\s)?r\s*=\s*["'](\d{1,10})""")
_TRY = """
import resource, sys
import python_calamine as calamine
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]), int(sys.argv[2])))
try:
    book = calamine.load_workbook(sys.argv[1])
    for name in book.sheet_names:
        book.get_sheet_by_name(name)
except MemoryError:
    sys.exit(9)
except Exception:
    pass
"""


def check_extent(path: Path) -> None:
    """Raises TableError for a workbook that would take more memory than a sheet may."""
    found = path.stat()
    size = _measure(path, found.st_mtime_ns, found.st_size)
    if size > MOST_CELLS * CELL_BYTES:
        raise TableError("too_large", size=size >> 20)


@lru_cache(maxsize=64)
def _measure(path: Path, _changed: int, _size: int) -> int:
    """Bytes that the largest sheet of a workbook takes. Old XLS files can't hold more than is allowed, and of open
    documents the reader itself counts the cells."""
    if not zipfile.is_zipfile(path):
        return 0
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            size = CELL_BYTES * max((_count_cells(archive, name) for name in names), default=0)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return 0  # the reader says what is wrong with it
    is_binary = any(name.lower() == "xl/workbook.bin" for name in names)
    return max(size, _try(path)) if is_binary else size


def _try(path: Path) -> int:
    command = [sys.executable, "-c", _TRY, str(path), str(MOST_TRIED_BYTES)]
    try:
        ended = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False).returncode
    except subprocess.TimeoutExpired:
        ended = 9
    return 0 if ended == 0 else MOST_CELLS * CELL_BYTES + MOST_TRIED_BYTES


def _count_cells(archive: zipfile.ZipFile, name: str) -> int:
    """How many cells lie between the corners of a sheet; 0 for what is no sheet."""
    height = width = loose_rows = 0
    most_loose = 0
    with archive.open(name) as stream:
        for piece in _read_pieces(stream):
            # Counting words is faster than any pattern; one too many, such as <cols>, only makes for the slower look.
            cells, starts = piece.count(b"<c") + piece.count(b":c"), piece.count(b'<c r="')
            if cells == starts:
                columns, numbers = set(_USUAL_COLUMN.findall(piece)), set(_USUAL_NUMBER.findall(piece))
            else:
                placed = _PLACED.findall(piece)
                starts, cells = len(placed), len(_CELL.findall(piece))
                columns, numbers = ({one[place] for one in placed} for place in (0, 1))
            width = max([width, *map(_read_letters, columns)])
            rows = _USUAL_ROW.findall(piece)
            if len(rows) < (started := piece.count(b"<row") + piece.count(b":row")):
                rows, started = _PLACED_ROW.findall(piece), len(_ROW.findall(piece))
            height = max([height, *map(int, numbers), *map(int, rows)])
            loose_rows += started - len(rows)
            # Cells without a place follow one another.
            if cells > starts:
                most_loose = max([most_loose, *(len(_CELL.findall(row)) for row in _ROW.split(piece))])
    return (height + loose_rows) * (width + most_loose)


def _read_pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """The text in pieces that end where a row ends, or with a whole tag."""
    rest = b""
    while part := stream.read(_PIECE):
        text = rest + part
        cut = text.rfind(b"</")
        if cut <= 0 or len(text) - cut > _PIECE:
            cut = max(text.rfind(b"<"), len(text) - 1000)
        rest = text[cut:]
        yield text[:cut]
    yield rest


def _read_letters(letters: bytes) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + letter - 64
    return column
