"""What every kind of file is read into: blocks of raw rows, bad rows, and their line numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from .problems import row_message

Kind = Literal["csv", "xlsx", "xls", "ods", "html", "parquet"]


@dataclass(frozen=True)
class BadRow:
    """A row that can't be read: its first line, its cells as far as known, and a code of `problems.ROW_REASONS`."""

    line: int
    cells: list[str]
    code: str
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """Why, in the language in force now."""
        return row_message(self.code, **self.params)[0]

    @property
    def remedy(self) -> str:
        """What to do about it, in the language in force now."""
        return row_message(self.code, **self.params)[1]


@dataclass
class Block:
    """Some rows in file order with their line numbers; widths are not checked yet. `progress` is 0..1."""

    lines: Sequence[int]
    rows: list[list[str]]
    bad: list[BadRow]
    progress: float


@dataclass(frozen=True)
class Head:
    """The first rows of a file, for finding the header; `whole` says that there are no further ones."""

    lines: list[int]
    rows: list[list[str]]
    whole: bool


class Source(Protocol):
    """One kind of file. `blocks` may be called again and starts anew each time."""

    def head(self) -> Head: ...

    def blocks(self, after_line: int, width: int, size: int) -> Iterator[Block]: ...

    def close(self) -> None: ...
