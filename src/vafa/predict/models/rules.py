"""Which days are looked at, how much may be told, and which model is taken: decided from numbers alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from vafa.lab.calendars import CalendarName, get_month_index, get_month_start
from vafa.predict.models.types import Lack, Level, Verdict

# Measured on learning curves of real businesses (telecom and CD shop customers); judgement, rounded from these.
LEAST_CUSTOMERS = 100
LEAST_REPEAT_BUYERS = 40
LEAST_LEAVERS = 25
LEAST_HORIZONS = 2
LEAVERS_FOR_PERCENT = 100
CUTOFFS_FOR_PERCENT = 3
SLOPE_BOUNDS = (0.7, 1.3)
LARGEST_DRIFT = 0.05
"""By how much the chances may be wrong on average, either way."""

TESTED_CUTOFFS = 5
TRAINING_CUTOFFS = 6
SUSPICIOUS_JUMP = 0.05
"""An AUC so much better than that of the model before is a leak until somebody has looked."""


@dataclass(frozen=True)
class Amounts:
    """How much there is to learn from. `repeat_buyers` is None where customers are bound by contracts; `other_ends`,
    the stays that ended on another day than the commonest, where they are not."""

    customers: int
    repeat_buyers: int | None
    leavers: int
    stayers: int
    history_days: int
    other_ends: int | None = None


@dataclass(frozen=True)
class Proof:
    """What the back-test has shown: intervals of Brier's score against telling everybody the base rate (below zero is
    better) and of the calibration slope, and how far the chances are off on average."""

    cutoffs: int
    against_base: tuple[float, float] | None
    slope: tuple[float, float] | None
    off: float | None


def list_tested(until: date, first: date, horizon_days: int, calendar: CalendarName) -> list[date]:
    """The days on which the model is tried: the last monthly ones that lie a whole horizon before the end of data, and
    at least as long after the first fact; in order."""
    return _list_monthly(first, until, horizon_days, calendar)[-TESTED_CUTOFFS:]


def list_training(at: date, first: date, horizon_days: int, calendar: CalendarName) -> list[date]:
    """The days from which a model for `at` may learn: what became of the customers was known by then."""
    return _list_monthly(first, at, horizon_days, calendar)[-TRAINING_CUTOFFS:]


def _list_monthly(first: date, until: date, horizon_days: int, calendar: CalendarName) -> list[date]:
    horizon = timedelta(days=horizon_days)
    # With less than a month before it nobody has a history. Half a horizon, if that is longer.
    earliest = first + max(timedelta(days=30), horizon / 2)
    if until - horizon < earliest:
        return []
    low = get_month_index(earliest.toordinal(), calendar)
    high = get_month_index((until - horizon).toordinal(), calendar)
    days = [date.fromordinal(get_month_start(index, calendar)) for index in range(low, high + 1)]
    return [day for day in days if earliest <= day <= until - horizon]


def decide_refusal(amounts: Amounts, horizon_days: int) -> tuple[Lack, ...]:
    """What there is too little of to predict at all; nothing where there is enough."""
    asked = [
        Lack("customers", amounts.customers, LEAST_CUSTOMERS),
        Lack("history", amounts.history_days, LEAST_HORIZONS * horizon_days),
        Lack("leavers", amounts.leavers, LEAST_LEAVERS),
        Lack("stayers", amounts.stayers, LEAST_LEAVERS),
    ]
    if amounts.repeat_buyers is not None:
        asked.insert(1, Lack("repeat_buyers", amounts.repeat_buyers, LEAST_REPEAT_BUYERS))
    if amounts.other_ends is not None:
        asked.append(Lack("other_ends", amounts.other_ends, LEAST_LEAVERS))
    return tuple(lack for lack in asked if lack.have < lack.needed)


def decide_verdict(amounts: Amounts, horizon_days: int, proof: Proof | None) -> Verdict:
    """How much may be told: nothing, bands, or percentages where enough have left and the chances have proven right."""
    lacks = decide_refusal(amounts, horizon_days)
    if lacks:
        return Verdict("refused", lacks)
    more = []
    if amounts.leavers < LEAVERS_FOR_PERCENT:
        more.append(Lack("leavers_for_percent", amounts.leavers, LEAVERS_FOR_PERCENT))
    cutoffs = proof.cutoffs if proof else 0
    if cutoffs < CUTOFFS_FOR_PERCENT:
        more.append(Lack("cutoffs", cutoffs, CUTOFFS_FOR_PERCENT))
    if proof is None or proof.against_base is None or proof.against_base[1] >= 0:
        more.append(Lack("skill", 0, 1))
    elif not _is_calibrated(proof):
        more.append(Lack("calibration", 0, 1))
    level: Level = "bands" if more else "percent"
    return Verdict(level, tuple(more))


def _is_calibrated(proof: Proof) -> bool:
    """Whether the slope may be within the bounds, and the chances are about right on average."""
    if proof.slope is None or proof.off is None:
        return False
    low, high = proof.slope
    return low <= SLOPE_BOUNDS[1] and high >= SLOPE_BOUNDS[0] and abs(proof.off) <= LARGEST_DRIFT


def decide_champion(order: Sequence[str], gaps: dict[tuple[str, str], tuple[float, float] | None]) -> str:
    """The model that is taken: from the simplest on, a later one takes over only where its losses are lower beyond
    doubt. `gaps` are the intervals of (later - earlier)."""
    taken = order[0]
    for name in order[1:]:
        gap = gaps.get((name, taken))
        if gap is not None and gap[1] < 0:
            taken = name
    return taken


def decide_thresholds(base: float, low_odds: float, high_odds: float) -> tuple[float, float]:
    """From which chance on the risk is raised, and high: at so many times the odds of the base rate."""
    if not 0 < base < 1:
        return base, base
    odds = base / (1 - base)
    low, high = odds * low_odds, odds * high_odds
    return low / (1 + low), high / (1 + high)
