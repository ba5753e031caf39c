"""The looks of a table's first rows: which delimiter, which row is the header, where totals begin."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from .names.known import is_known_name
from .text import fold_digits, fold_label, trim

BLANKS = "blanks"
TITLES_AT_MOST = 20
_DELIMITERS = (",", ";", "\t", "|", "،", "؛")
_VALUE = re.compile(
    r"[-+(]?[$€£¥￥]?\s?\d[\d,.\s٬٫:/\-TZ]*%?\)?|\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}.*|[^@\s]+@[^@\s]+\.[^@\s]+|(?:true|false)",
    re.IGNORECASE,
)
_RUN_OR_QUOTED = re.compile(r'"[^"]*"|[^\s"]+')

TOTAL_WORDS = frozenset(
    [
        "total",
        "totals",
        "sum",
        "grand total",
        "subtotal",
        "sub total",
        "sum total",
        "overall total",
        "totale",
        "summe",
    ]
    + [
        fold_label(word)
        for word in ("جمع", "جمع کل", "مجموع", "المجموع", "الإجمالي", "الاجمالي", "إجمالي", "المجموع الكلي")
    ]
    + ["合计", "总计", "小计", "总和", "合計", "總計"]
)


@dataclass(frozen=True)
class Delimiter:
    """What separates the cells (`blanks` for runs of blanks), and whether that is certain."""

    char: str
    sure: bool


@dataclass(frozen=True)
class Header:
    """Where the header stands among the first rows (None: there is none), how wide the table is, and how sure."""

    index: int | None
    width: int
    sure: bool


def split_blanks(line: str) -> str:
    """A line separated by runs of blanks, with each run made one blank (quoted text is left alone)."""
    if '"' in line:
        return " ".join(_RUN_OR_QUOTED.findall(line))
    return " ".join(line.split())


def parse_lines(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """The rows of some lines, as the csv module reads them."""
    if delimiter == BLANKS:
        return list(csv.reader(map(split_blanks, lines), delimiter=" "))
    return list(csv.reader(lines, delimiter=delimiter))


def decide_delimiter(lines: Sequence[str]) -> Delimiter:
    """The delimiter under which the first lines fall most evenly into most columns; one column is a table too."""
    scored: list[tuple[float, str]] = []
    for char in _DELIMITERS:
        rows = [row for row in parse_lines(lines, char) if any(map(str.strip, row))]
        widths = Counter(len(row) for row in rows if len(row) > 1)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        scored.append((count / len(rows) + min(width, 40) / 1000 + (0.2 if _known_in(rows) else 0), char))
    scored.sort(reverse=True)
    if scored and scored[0][0] >= 0.5:
        return Delimiter(scored[0][1], len(scored) == 1 or scored[0][0] - scored[1][0] > 0.05)
    blanks = [split_blanks(line).split(" ") for line in lines if line.strip()]
    widths = Counter(map(len, blanks))
    if widths:
        width, count = widths.most_common(1)[0]
        if width > 1 and len(blanks) > 1 and count / len(blanks) >= 0.8:
            return Delimiter(BLANKS, True)
    return Delimiter(scored[0][1] if scored else ",", not scored)


def _known_in(rows: list[list[str]]) -> bool:
    return any(sum(map(is_known_name, row)) >= 2 for row in rows[:TITLES_AT_MOST])


def looks_like_value(cell: str) -> bool:
    """Whether a cell is a number, a date, an e-mail address or true/false, so nobody's column name."""
    return _VALUE.fullmatch(fold_digits(trim(cell))) is not None


def find_header(rows: Sequence[Sequence[str]]) -> Header:
    """The first row that is as wide as those below it and holds names, not values. Rows are whole and trimmed."""
    filled = [sum(1 for cell in row if cell) for row in rows]
    usual = median([count for count in filled if count] or [0])
    for index, row in enumerate(rows[: TITLES_AT_MOST + 1]):
        if not filled[index]:
            continue
        below = [count for count in filled[index + 1 :] if count]
        wide = median(below) if below else usual
        known = sum(map(is_known_name, row))
        if filled[index] < max(1, wide * 0.6) and known < 2:
            continue
        names = [cell for cell in row if cell]
        values = sum(map(looks_like_value, names))
        if known < 2 and (values > len(names) * 0.3 or any(len(name) > 200 for name in names)):
            if index == 0 or filled[index] >= wide:
                return Header(None, max(map(len, rows)), False)
            continue
        plain = len(names) > 1 and values == 0 and len(set(names)) == len(names)
        return Header(index, len(row), known >= 1 or plain)
    first = next((i for i, count in enumerate(filled) if count), 0)
    return Header(first, len(rows[first]) if rows else 0, False)


def name_columns(cells: Sequence[str]) -> tuple[str, ...]:
    """Unique column names: blanks become `column 3`, repeated names `name (2)`."""
    names: list[str] = []
    seen: set[str] = set()
    for place, cell in enumerate(cells, start=1):
        base = " ".join(cell.split()) or f"column {place}"
        name, times = base, 1
        while name in seen:
            times += 1
            name = f"{base} ({times})"
        seen.add(name)
        names.append(name)
    return tuple(names)


def is_total(row: Sequence[str], width: int) -> bool:
    """Whether a row is a sum under the table: such a word first, then only numbers, and cells left blank."""
    filled = [cell for cell in row if cell]
    if not filled or (len(filled) == width and width > 2):
        return False
    first, *others = filled
    word, colon, rest = first.partition(":")
    if fold_label(word) not in TOTAL_WORDS:
        return False
    return all(_is_amount(cell) for cell in others + ([trim(rest)] if colon and trim(rest) else []))


def _is_amount(cell: str) -> bool:
    return (
        re.search(r"\d", fold_digits(cell)) is not None and re.search(r"\d[-/]\d", fold_digits(cell)) is None
    )
