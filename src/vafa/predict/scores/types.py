"""What crosses this room's doors: what is current, a customer's past, and what came of predictions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from vafa.predict.models.types import Question, Verdict

NO_BAND = -1
LOW, RAISED, HIGH = 0, 1, 2
BANDS = (LOW, RAISED, HIGH)
BAND_NAMES = ("low", "raised", "high")
"""The bands of risk by their number, as addresses and the API name them."""


@dataclass(frozen=True)
class Standing:
    """What may be told now: the question, as of which day, and how much. `issue_id` None: nothing."""

    question: Question
    as_of: date | None
    verdict: Verdict
    issue_id: int | None
    issued_at: datetime | None
    looked_at: datetime


@dataclass(frozen=True)
class Issued:
    """What became of issuing: the issue, whether it is new, and whether its changes of band are told one by one."""

    issue_id: int
    is_new: bool
    live: bool


@dataclass(frozen=True)
class Point:
    """What was told of a customer as of a day. `chance` is None where only bands could be told, `band` None where not
    even that; `left` None until it is known."""

    question: Question
    as_of: date
    chance: float | None
    band: int | None
    active: bool
    left: bool | None


@dataclass(frozen=True)
class Moved:
    """A change of band that was told: as of which day, from which band to which."""

    as_of: date
    before: int
    after: int


@dataclass(frozen=True)
class Risen:
    """A customer whose band rose: as of which day, from which band to which."""

    customer_id: int
    as_of: date
    before: int
    after: int


@dataclass(frozen=True)
class Tally:
    """Predicted beside happened, of some customers: how many, how many left, how many should have by their chances
    (None where none were told)."""

    n: int
    left: int
    expected: float | None


@dataclass(frozen=True)
class Bin:
    """Customers with chances of [low, high]: how many, the mean chance, and how many of them left."""

    low: float
    high: float
    told: float
    n: int
    left: int


@dataclass(frozen=True)
class Judged:
    """What came of one issue. `bands` by the band's number; `auc`, `brier` and the baselines' are of everyone scored,
    the rest of those who were active then, whose risk was shown. None is unknown."""

    issue_id: int
    question: Question
    as_of: date
    ends_on: date
    level: str
    judged_at: datetime
    whole: Tally
    bands: Mapping[int, Tally]
    curve: tuple[Bin, ...]
    slope: float | None
    auc: float | None
    brier: float | None
    recency_auc: float | None
    baseline_auc: float | None
    baseline_brier: float | None


@dataclass(frozen=True)
class Waiting:
    """An issue that can't be judged yet: it can once everything before `ends_on` is known."""

    question: Question
    as_of: date
    ends_on: date
    n: int


Document = dict[str, Any]
