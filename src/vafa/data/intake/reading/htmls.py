"""Tables in HTML, which many programs write and call .xls."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree, html

from .encodings import decide_encoding
from .problems import TableError
from .rows import Block, Head
from .sheets import HEAD_ROWS

MOST_BYTES = 256 << 20
MOST_SPAN = 1_000


class HtmlSource:
    """The largest table of an HTML page; a row's line is its number in that table."""

    def __init__(self, path: Path, encoding: str | None) -> None:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise TableError("too_large", size=size >> 20)
        data = path.read_bytes()
        with path.open("rb") as stream:
            decided = decide_encoding(stream, encoding)
        self.encoding = decided.name
        text = data[decided.mark_bytes :].decode(decided.name, errors="replace")
        self._rows = _largest_table(text)
        if not self._rows:
            raise TableError("not_a_table")

    def head(self) -> Head:
        """The first rows of the table."""
        rows = self._rows[:HEAD_ROWS]
        return Head(list(range(1, len(rows) + 1)), rows, len(self._rows) <= HEAD_ROWS)

    def blocks(self, after_line: int, width: int, size: int) -> Iterator[Block]:
        """The rows after one of them."""
        for start in range(after_line, len(self._rows), size):
            part = self._rows[start : start + size]
            yield Block(
                range(start + 1, start + 1 + len(part)), part, [], (start + len(part)) / len(self._rows)
            )

    def close(self) -> None:
        """Let go of the rows."""
        self._rows = []


def _largest_table(text: str) -> list[list[str]]:
    parser = html.HTMLParser(huge_tree=False, no_network=True, remove_comments=True, encoding="utf-8")
    try:
        # Bytes, because lxml refuses a str that names its own encoding.
        root = html.document_fromstring(text.encode("utf-8", errors="replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise TableError("not_a_table") from error
    by_table: dict[html.HtmlElement, list[html.HtmlElement]] = {}
    for row in root.iter("tr"):
        table = next(row.iterancestors("table"), None)
        if table is not None:
            by_table.setdefault(table, []).append(row)
    most = max(by_table.values(), key=len, default=[])
    return _read_rows(most)


def _read_rows(elements: list[html.HtmlElement]) -> list[list[str]]:
    """Texts of the rows' cells; a cell that spans columns or rows stands in its first place, blanks in the others."""
    rows: list[list[str]] = []
    spans: dict[int, int] = {}
    for element in elements:
        row: list[str] = []
        for cell in element.iterchildren("td", "th"):
            while spans.get(len(row), 0) > 0:
                spans[len(row)] -= 1
                row.append("")
            start, wide = len(row), _span(cell, "colspan")
            row.append(" ".join("".join(cell.itertext()).split()))
            row.extend([""] * (wide - 1))
            tall = _span(cell, "rowspan")
            if tall > 1:
                spans.update(dict.fromkeys(range(start, start + wide), tall - 1))
        while spans.get(len(row), 0) > 0:
            spans[len(row)] -= 1
            row.append("")
        rows.append(row)
    return rows


def _span(cell: html.HtmlElement, name: str) -> int:
    text = cell.get(name, "1").strip()
    return max(1, min(MOST_SPAN, int(text))) if text.isdigit() and len(text) < 6 else 1
