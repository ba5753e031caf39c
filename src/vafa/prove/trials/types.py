"""What crosses this room's doors: a trial as it was declared, what became of its customers, and where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from vafa.lab.trial_effects import Effect
from vafa.lab.trial_pooling import UNKNOWN, Range

Basis = Literal["orders", "contracts"]
"""What keeping a customer means: another order within the days, or a contract still running after them."""

Verdict = Literal["nobody", "mismatch", "running", "ahead", "behind", "works", "harms", "unproven"]
"""`ahead` and `behind` before the end (safe at every look), `works`, `harms` and `unproven` at it."""

Choice = Literal["keep", "change", "stop", "again"]
"""What people decided: go on with it, change it, stop it, try it again."""

Kind = Literal["gifts", "vouchers", "staff", "other"]
"""What a trial costs beside its messages: gifts, discounts that were redeemed, hours of staff, and the rest."""

KINDS: tuple[Kind, ...] = ("gifts", "vouchers", "staff", "other")

CHOICES: tuple[Choice, ...] = ("keep", "change", "stop", "again")


class TrialUnknown(LookupError):
    """There is no trial with that key."""


@dataclass(frozen=True)
class Trial:
    """A trial as it was declared before its start. `planned` is how many customers it was meant for (0: not said), and
    `is_open` whether customers still come in. `cut_on` is the day on which people ended it before its planned end:
    nothing after it counts, and it has no planned result, since the end may have been chosen by the looks."""

    key: str
    name: str
    origin: str
    shares: Mapping[str, float]
    horizon_days: int
    planned: int
    started_at: datetime
    is_open: bool = False
    cut_on: date | None = None

    @property
    def is_universal(self) -> bool:
        """Whether it is about all that is sent together, and not about one thing."""
        return self.origin.startswith("universal:")

    @property
    def series(self) -> str:
        """What repeated runs have in common: the campaign or the automation, without the number of the run."""
        return ":".join(self.origin.split(":")[:2])


@dataclass(frozen=True)
class Exposures:
    """Who was dealt into which arm, in the order in which it happened. `days` are business-local ordinals; `scores` the
    chances of leaving frozen then, NaN where none was known."""

    ids: npt.NDArray[np.int64]
    arms: npt.NDArray[np.str_]
    days: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.ids)

    def choose(self, rows: npt.NDArray[Any]) -> "Exposures":
        """Some of the rows, by a mask or by their places."""
        return Exposures(self.ids[rows], self.arms[rows], self.days[rows], self.scores[rows])

    def count(self) -> dict[str, int]:
        """How many there are in each arm."""
        names, counts = np.unique(self.arms, return_counts=True)
        return dict(zip(names.tolist(), counts.tolist(), strict=True))


@dataclass(frozen=True)
class Tally:
    """Sums over the customers of an arm of whom nothing else is known any more."""

    n: int = 0
    kept: int = 0
    orders: float = 0.0
    orders_squares: float = 0.0
    money: float = 0.0
    money_squares: float = 0.0


@dataclass(frozen=True)
class Outcomes:
    """What became of the customers of a trial, one entry each. `scores` are the chances of leaving frozen before (NaN:
    none), `gone` the sums of those erased since, `base` the share kept among the same customers just before the trial.
    """

    basis: Basis
    arms: npt.NDArray[np.str_]
    kept: npt.NDArray[np.bool_]
    orders: npt.NDArray[np.float64]
    money: npt.NDArray[np.float64]
    scores: npt.NDArray[np.float64]
    base: float | None = None
    gone: Mapping[str, Tally] = field(default_factory=dict)


@dataclass(frozen=True)
class Arm:
    """An arm so far: customers, of whom how many were kept, and their orders and money in all (None before the end)."""

    name: str
    n: int
    kept: int
    orders: float | None
    money: float | None


@dataclass(frozen=True)
class ArmEffect:
    """One of several treated arms against the control. Its intervals are wider than those of one comparison, so that
    all of them together hold the truth in 95 of 100 trials (C. E. Bonferroni)."""

    name: str
    kept: Effect
    orders: Effect | None
    money: Effect | None
    saved: Range
    verdict: Verdict


@dataclass(frozen=True)
class Standing:
    """Where a trial stands at the boundary `as_of`: every source has told of all days before it. The control is the
    first arm.

    The effects are of all treated customers together against the control; `each` tells them apart where there are
    several treated arms. `kept` is what counts: freed of what the frozen score foretold where `is_adjusted`, else the
    same as `kept_plain`. Before the end (`is_final` False) their intervals hold at all looks together, and those of
    orders and money are not told. `smallest` is the smallest rise that would be found. `cost` is all it cost, `spent`
    its parts by kind: "messages", and what `Expense` names.
    """

    as_of: date
    is_final: bool
    basis: Basis
    arms: tuple[Arm, ...]
    dealt: Mapping[str, int]
    verdict: Verdict
    ratio_p: float | None
    kept: Effect | None = None
    kept_plain: Effect | None = None
    is_adjusted: bool = False
    orders: Effect | None = None
    money: Effect | None = None
    saved: Range = UNKNOWN
    smallest: float | None = None
    cost: float | None = None
    currency: str = ""
    each: tuple[ArmEffect, ...] = ()
    spent: Mapping[str, float] = field(default_factory=dict)

    @property
    def last_on(self) -> date:
        """The last day that every source has told of."""
        return self.as_of - timedelta(days=1)

    @property
    def treated(self) -> int:
        """How many customers something was done to."""
        return sum(arm.n for arm in self.arms[1:])
