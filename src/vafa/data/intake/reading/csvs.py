"""CSV and its kin as a stream of blocks: memory stays bounded, line numbers stay right under quoted newlines."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Protocol

from .encodings import ESCAPED, MARKING, undecodable
from .layout import BLANKS, parse_lines, split_blanks
from .problems import TableError
from .rows import BadRow, Block, Head

MOST_LINE_BYTES = 64 << 20
MOST_RECORD_CHARS = 16 << 20
BLOCK_CHARS = 1 << 20
HEAD_CHARS = 1 << 17
HEAD_LINES = 120

# A last line that no file holds: it comes back alone if every quotation mark before it was closed.
_END = "\x00\x00end of these lines\x00\x00"

# The csv module's own limit (131,072 characters) is global; records are bounded here instead.
csv.field_size_limit(4 * MOST_LINE_BYTES)

_Reader = Callable[[Iterable[str]], "_CsvReader"]


class _CsvReader(Protocol):
    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...


class _Guarded(io.RawIOBase):
    """The file's bytes, counted for the progress, with a bound on the length of a line."""

    def __init__(self, path: Path, skip: int) -> None:
        self._file = path.open("rb", buffering=0)
        self._file.seek(skip)
        self.size = max(1, path.stat().st_size)
        self.done = skip
        self._since_break = 0
        self._breaks = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        count = self._file.readinto(view) or 0
        data = bytes(view[:count])
        place = max(data.rfind(b"\n"), data.rfind(b"\r"))
        self._since_break = count - place - 1 if place >= 0 else self._since_break + count
        self._breaks += place >= 0
        if self._since_break > MOST_LINE_BYTES:
            raise TableError("line_too_long", line=self._breaks + 1, size=MOST_LINE_BYTES >> 20)
        self.done += count
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


class CsvSource:
    """A delimited text file, its encoding and delimiter settled."""

    def __init__(self, path: Path, encoding: str, mark_bytes: int, delimiter: str) -> None:
        self.path = path
        self.encoding = encoding
        self.mark_bytes = mark_bytes
        self.delimiter = delimiter
        self._open: list[io.TextIOWrapper] = []

    def text(self) -> tuple[io.TextIOWrapper, _Guarded]:
        """The file as text from its beginning, split at any usual line end, undecodable bytes marked."""
        raw = _Guarded(self.path, self.mark_bytes)
        buffered = io.BufferedReader(raw, 1 << 18)
        wrapper = io.TextIOWrapper(buffered, encoding=self.encoding, errors=MARKING, newline="")
        self._open.append(wrapper)
        return wrapper, raw

    def head_lines(self) -> tuple[list[str], bool]:
        """The first physical lines, and whether they are all."""
        wrapper, _ = self.text()
        try:
            lines: list[str] = []
            chars = 0
            for line in wrapper:
                lines.append(line)
                chars += len(line)
                if len(lines) >= HEAD_LINES or chars >= HEAD_CHARS:
                    return lines, next(wrapper, None) is None
            return lines, True
        finally:
            self._close(wrapper)

    def head(self) -> Head:
        """The first rows; one that the head cuts in the middle is left out."""
        lines, whole = self.head_lines()
        reader = self._reader()([*lines, _END])
        numbers: list[int] = []
        rows: list[list[str]] = []
        previous = 0
        for row in reader:
            if reader.line_num > len(lines):
                break
            numbers.append(previous + 1)
            rows.append(row)
            previous = reader.line_num
        return Head(numbers, rows, whole)

    def blocks(self, after_line: int, width: int, size: int) -> Iterator[Block]:
        """Blocks of the rows that begin after a line. Rows with undecodable bytes and unclosed quotes are bad."""
        wrapper, raw = self.text()
        errors_before = undecodable.count
        parser = _BlockParser(self._reader(), width, self.delimiter)
        try:
            for _ in islice(wrapper, after_line):
                pass
            base, carry = after_line, list[str]()
            hint = 64 * size
            while True:
                fresh = wrapper.readlines(min(BLOCK_CHARS, hint))
                hint = sum(map(len, fresh)) * size // (len(fresh) + 1) or hint
                # Only a file's last line lacks its line end.
                final = not fresh or not fresh[-1].endswith(("\n", "\r"))
                lines = carry + fresh
                if not lines:
                    return
                block, used = parser.parse(lines, base, final)
                if undecodable.count != errors_before:
                    _set_aside_undecodable(block, self.encoding)
                block.progress = min(1.0, raw.done / raw.size)
                yield block
                if final:
                    return
                base, carry = base + used, lines[used:]
        finally:
            self._close(wrapper)

    def close(self) -> None:
        """Close whatever is still open."""
        for wrapper in list(self._open):
            self._close(wrapper)

    def _close(self, wrapper: io.TextIOWrapper) -> None:
        wrapper.close()
        if wrapper in self._open:
            self._open.remove(wrapper)

    def _reader(self) -> _Reader:
        if self.delimiter == BLANKS:
            return lambda lines: csv.reader(map(split_blanks, lines), delimiter=" ")
        return lambda lines: csv.reader(lines, delimiter=self.delimiter)


class _BlockParser:
    """Lines -> rows, falling back from one fast call to care where quotation marks span lines."""

    def __init__(self, reader: _Reader, width: int, delimiter: str) -> None:
        self.reader = reader
        self.width = width
        self.delimiter = delimiter

    def parse(self, lines: list[str], base: int, final: bool) -> tuple[Block, int]:
        """The rows, and how many lines they used; the rest begins a row that needs further lines."""
        rows = list(self.reader(chain(lines, (_END,))))
        if len(rows) == len(lines) + 1:
            rows.pop()
            block = Block(range(base + 1, base + 1 + len(rows)), rows, [], 0.0)
            self._check_cut(block, lines, final)
            return block, len(lines)
        return self._parse_carefully(lines, base, final)

    def _parse_carefully(self, lines: list[str], base: int, final: bool) -> tuple[Block, int]:
        numbers: list[int] = []
        block = Block(numbers, [], [], 0.0)
        start = 0
        while start < len(lines):
            reader = self.reader(chain(islice(lines, start, None), (_END,)))
            previous, again = start, False
            for row in reader:
                end = start + reader.line_num
                if end > len(lines):
                    break
                if end - previous > 1 and self._swallowed(row, lines[previous:end]):
                    again = True
                    break
                numbers.append(base + previous + 1)
                block.rows.append(row)
                previous = end
            if previous >= len(lines):
                break
            tail = lines[previous:]
            if not again and not final and sum(map(len, tail)) <= MOST_RECORD_CHARS:
                return block, previous
            stray = again or not final or self._are_rows(tail[1:])
            code = "quote" if stray else "cut_off"
            shown = lines[previous] if stray else "".join(tail)
            block.bad.append(BadRow(base + previous + 1, self._split(shown[:20_000]), code))
            if not stray:
                return block, len(lines)
            start = previous + 1
        self._check_cut(block, lines, final)
        return block, len(lines)

    def _check_cut(self, block: Block, lines: list[str], final: bool) -> None:
        """A last line without its line end and with too few cells was cut off."""
        if not final or not block.rows or lines[-1].endswith(("\n", "\r")):
            return
        last = block.rows[-1]
        if 0 < len(last) < self.width and self.width > 1 and block.lines[-1:]:
            if len(last) == 1 and not last[0].strip("\x1a\x00 "):
                block.rows[-1] = []
                return
            block.bad.append(BadRow(block.lines[-1], last, "cut_off"))
            block.rows[-1] = []

    def _swallowed(self, row: list[str], lines: list[str]) -> bool:
        """Whether a row of several lines is a stray quotation mark and the rows up to the next one."""
        return (len(row) != self.width or not self._is_well_quoted(lines)) and self._are_rows(lines[1:])

    def _is_well_quoted(self, lines: list[str]) -> bool:
        try:
            return bool(list(csv.reader(lines, delimiter=self.delimiter, strict=True)))
        except csv.Error:
            return False

    def _are_rows(self, lines: list[str]) -> bool:
        """Whether most lines stand as rows of their own, so that a stray quotation mark swallowed them."""
        right = sum(1 for line in lines if len(self._split(line)) == self.width)
        return bool(lines) and right * 2 > len(lines)

    def _split(self, line: str) -> list[str]:
        rows = parse_lines([line], self.delimiter)
        return [cell.rstrip("\r\n") for cell in rows[0]] if rows else []


def _set_aside_undecodable(block: Block, encoding: str) -> None:
    for place, row in enumerate(block.rows):
        if ESCAPED.search("".join(row)):
            cells = [ESCAPED.sub("\ufffd", cell) for cell in row]
            block.bad.append(BadRow(block.lines[place], cells, "encoding", {"encoding": encoding}))
            block.rows[place] = []
