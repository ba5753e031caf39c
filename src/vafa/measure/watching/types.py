"""What crosses this room's doors."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from vafa.kit.errors import AskedWrongly
from vafa.lab.expected import Expectation
from vafa.measure.metrics.types import MetricRow

Kind = Literal["range", "target"]
Side = Literal["above", "below"]


@dataclass(frozen=True, order=True)
class Figure:
    """A metric, a segment's short name ("" for everybody) and a length of period."""

    metric: str
    segment: str
    every: str


@dataclass(frozen=True)
class Verdict:
    """That a value is out of its range or misses its target; `good` is None where neither side is good."""

    kind: Kind
    side: Side
    good: bool | None


@dataclass(frozen=True)
class Standing:
    """How a figure stands: its last complete period, what was expected of it, and its target.

    `expected` is None where too little of the past is known, `target` where none is set. `row` is None without data.
    """

    figure: Figure
    row: MetricRow | None
    expected: Expectation | None
    target: float | None
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True)
class Marked:
    """A mark as charts show it, half-open. `pk` is None for an occasion of the calendar."""

    title: str
    start: date
    end: date
    pk: int | None


class TargetUnusable(AskedWrongly):
    """The target can't be: the metric is unknown, or the value isn't one of its unit."""

    code = "target_unusable"


class MarkUnusable(AskedWrongly):
    """The mark can't be: it ends before it begins, or says nothing."""

    code = "mark_unusable"
