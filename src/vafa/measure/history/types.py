"""What may cross this room's door: what a figure was, and why it moved."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

ChangeKind = Literal[
    "import", "undo", "merge", "separation", "joining", "parting", "erasure", "exclusions", "settings", "rate",
    "costs", "completeness", "rows",
]  # fmt: skip
SetChange = Literal["start", "end", "kept", "lost", "new", "reactivated"]
SET_CHANGES: tuple[SetChange, ...] = ("kept", "lost", "new", "reactivated", "start", "end")


@dataclass(frozen=True, order=True)
class Key:
    """A figure: a metric of a period [start, end)."""

    metric: str
    start: date
    end: date


@dataclass(frozen=True)
class Change:
    """Something that happened between two looks. `ref` is the import's number or the audit entry's subject.

    `fields` are the settings that changed. "rows" stands for rows that came or went without a file.
    """

    kind: ChangeKind
    ref: str
    at: datetime | None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class PartTold:
    """What one change did alone to a figure."""

    change: Change
    effect: float


@dataclass(frozen=True)
class StepTold:
    """How a figure moved from one look to the next, and by what.

    `parts` and `together` add up to the difference. `changes` are all that happened, those that can't be told apart
    included. `moved` is how many customers came into or left each set, where that is known.
    """

    state: int
    seen_at: datetime
    before: float | None
    after: float | None
    changes: tuple[Change, ...]
    parts: tuple[PartTold, ...]
    together: float | None
    moved: dict[SetChange, tuple[int, int]]


@dataclass(frozen=True)
class Story:
    """Why a figure is not what it was: its value at the first look told of and at the newest, and the steps between."""

    key: Key
    since: datetime
    was: float | None
    now: float | None
    steps: tuple[StepTold, ...]

    @property
    def difference(self) -> float | None:
        """How it moved altogether."""
        return None if self.was is None or self.now is None else self.now - self.was


@dataclass(frozen=True)
class Was:
    """What a figure was before its newest value, that value, and at which look it was first seen."""

    value: float | None
    now: float | None
    moved_at: datetime
