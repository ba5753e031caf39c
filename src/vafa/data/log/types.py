"""Values that cross the log's doors."""

from dataclasses import dataclass, field
from typing import Any

# The source of whatever people enter on a page; pages say it in their language.
BY_HAND = "by-hand"


@dataclass(frozen=True)
class FactTable:
    """How one room keeps its facts: the table, and the columns that a source tells, in order.

    Every such table has besides them: id, source_id, key (unique in its source), import_id, seq.
    `moments`, `days`, `flags` and `documents` name the columns that databases give back in forms of their own.
    """

    name: str
    table: str
    columns: tuple[str, ...]
    moments: frozenset[str] = frozenset()
    days: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset({"custom"})


@dataclass
class Recorded:
    """What became of some rows: how many were new, changed or the same, the changed rows as they were before, and
    which of the same rows this very import had written (it was interrupted, and goes on)."""

    new: int = 0
    changed: int = 0
    same: int = 0
    own: list[int] = field(default_factory=list)
    before: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
