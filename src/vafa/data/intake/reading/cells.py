"""Raw rows -> clean columns: trimmed, NaN made blank, leading apostrophes off, totals and odd rows set aside."""

from __future__ import annotations

from collections.abc import Sequence

from .layout import TOTAL_WORDS, is_total
from .rows import BadRow, Block
from .text import INVISIBLE, drop_marks, trim

_NOTHING = frozenset(
    [
        "NaN",
        "nan",
        "NAN",
        "None",
        "NaT",
        "<NA>",
        "null",
        "NULL",
        "\\N",
        "#N/A",
        "#NULL!",
        "#REF!",
        "#DIV/0!",
        "#VALUE!",
        "(null)",
    ]
)
_MARKS = frozenset(INVISIBLE)


def clean_cell(cell: str) -> str:
    """The cell without blanks and invisible marks at its ends or an apostrophe before it; "" for NaN and None."""
    cell = trim(drop_marks(cell))
    if cell in _NOTHING:
        return ""
    if cell.startswith("'") and len(cell) > 1 and (cell[1:2].isdigit() or cell[1:2] in "+-=@"):
        return trim(cell[1:])
    return cell


def clean_column(column: Sequence[str]) -> tuple[list[str], bool]:
    """Each cell clean, and whether a total's word may be among them. Whole-column tests come first: they cost a
    tenth of looking at every cell (and the hashes that they compute serve the parsers' caches afterwards)."""
    cells = list(map(str.strip, column))
    joined = "\n".join(cells)
    if joined.isascii() and "\x00" not in joined:
        odd = "\n'" in joined or joined.startswith("'")
    else:
        odd = not _MARKS.isdisjoint(joined) or "\n'" in joined or joined.startswith("'")
    special = not _SPECIAL.isdisjoint(cells)
    if odd or special:
        return list(map(clean_cell, cells)), True
    return cells, False


class Cleaner:
    """Turns the blocks of one table into columns, counting what it drops."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.dropped_totals = 0

    def clean(self, block: Block) -> tuple[list[int], list[list[str]], list[BadRow]]:
        """Line numbers and clean columns of the good rows, and the bad rows."""
        lines, rows = self._keep_whole(block)
        if not rows:
            return [], [[] for _ in range(self.width)], block.bad
        cleaned = [clean_column(column) for column in zip(*rows, strict=True)]
        columns = [column for column, _ in cleaned]
        drop = self._find_totals_and_blanks(columns, any(special for _, special in cleaned))
        if drop:
            lines = [line for place, line in enumerate(lines) if place not in drop]
            columns = [[cell for place, cell in enumerate(column) if place not in drop] for column in columns]
        return lines, columns, block.bad

    def _keep_whole(self, block: Block) -> tuple[list[int], list[list[str]]]:
        if set(map(len, block.rows)) <= {self.width}:
            return list(block.lines), block.rows
        lines: list[int] = []
        rows: list[list[str]] = []
        for line, row in zip(block.lines, block.rows, strict=True):
            if len(row) == self.width:
                lines.append(line)
                rows.append(row)
            elif any(map(clean_cell, row)):
                self._set_aside(block, line, row)
        return lines, rows

    def _set_aside(self, block: Block, line: int, row: list[str]) -> None:
        cells = [clean_cell(cell) for cell in row]
        if len(row) < self.width and is_total(cells, self.width):
            self.dropped_totals += 1
            return
        block.bad.append(BadRow(line, cells, "cells", {"count": len(row), "width": self.width}))

    def _find_totals_and_blanks(self, columns: list[list[str]], special: bool) -> set[int]:
        drop: set[int] = set()
        if special and self.width > 1:
            for column in columns:
                for place, cell in enumerate(column):
                    if cell in _TOTALS and is_total([other[place] for other in columns], self.width):
                        drop.add(place)
        self.dropped_totals += len(drop)
        if "" in columns[0]:
            for place, cell in enumerate(columns[0]):
                if not cell and not any(column[place] for column in columns):
                    drop.add(place)
        return drop


def _spellings() -> frozenset[str]:
    """Every usual spelling of the totals' words, so that one hash look-up tells; letters as people type them."""
    typed = {
        "جمع کل",
        "جمع كل",
        "المجموع",
        "الإجمالي",
        "الاجمالي",
        "إجمالي",
        "المجموع الكلي",
        "الاجمالى",
        "الإجمالى",
        "جمع‌کل",
    }
    words = {
        form for word in TOTAL_WORDS | typed for form in (word, word.capitalize(), word.title(), word.upper())
    }
    return frozenset(words | {word + colon for word in words for colon in (":", " :", "：")})


_TOTALS = _spellings()
_SPECIAL = _TOTALS | _NOTHING
