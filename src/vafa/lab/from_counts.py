"""Retention from counts alone, for whoever has three numbers and no list of customers.

Counts can't say who is who: a customer lost may have been one of the newcomers. So beside the formula
(E - N - R) / S stand the bounds that no list of names could break: max(0, E - N - R) / S to min(S, E) / S.
Only the number lost of those of the start makes it exact.
"""

from dataclasses import dataclass
from typing import Literal

from vafa.lab.errors import (
    CountNegative,
    CountsIncomplete,
    LostContradictsCounts,
    ReactivatedMissing,
    StartIsZero,
)
from vafa.lab.periods import Every
from vafa.lab.rates import annualise_retention, build_wilson_interval, get_periods_a_year

UnknownReason = Literal["newcomers_left_again", "arrivals_left_again"]


@dataclass(frozen=True)
class Counts:
    """Customers at the start and the end, newcomers, those lost of the start, and those who came back."""

    start: int | None = None
    end: int | None = None
    new: int | None = None
    lost: int | None = None
    reactivated: int | None = None


@dataclass(frozen=True)
class RateFromCounts:
    """What the counts tell, as fractions; None is unknown.

    `crr_low` and `crr_high` bound what is true of these very customers; `sample_low` and `sample_high` are
    the 95% Wilson interval, which says how much so small a number of customers can prove. The annual figures
    extrapolate, and are given only with a period. `reason` says why `crr` is None.
    """

    counts: Counts
    crr: float | None
    churn: float | None
    net_change: float | None
    crr_low: float
    crr_high: float
    sample_low: float | None
    sample_high: float | None
    crr_annual: float | None
    churn_annual: float | None
    reason: UnknownReason | None


def _check_given(counts: Counts) -> int:
    """The count at the start, once enough is given and nothing is impossible by itself."""
    if counts.start is None:
        raise CountsIncomplete(missing="start")
    needs_end = counts.lost is None or counts.new is not None or counts.reactivated is not None
    if counts.end is None and needs_end:
        raise CountsIncomplete(missing="end")
    if counts.new is None and counts.lost is None:
        raise CountsIncomplete(missing="new")
    for name in ("start", "end", "new", "lost", "reactivated"):
        value: int | None = getattr(counts, name)
        if value is not None and value < 0:
            raise CountNegative(count=name, value=value)
    if counts.start == 0:
        raise StartIsZero
    return counts.start


def _find_bounds_of_kept(counts: Counts, start: int) -> tuple[int, int]:
    """The fewest and the most customers of the start who can still be there."""
    if counts.end is None:
        return 0, start
    most = min(start, counts.end)
    if counts.new is None:
        return 0, most
    least = counts.end - counts.new - (counts.reactivated or 0)
    if least > start:
        raise ReactivatedMissing(least=counts.end - counts.new - start)
    return max(0, least), most


def _decide_kept(counts: Counts, start: int, least: int, most: int) -> int | UnknownReason:
    """How many were kept, or why the counts can't tell."""
    if counts.lost is not None:
        if not least <= start - counts.lost <= most:
            raise LostContradictsCounts(lost=counts.lost, least=start - most, most=start - least)
        return start - counts.lost
    end, new = counts.end or 0, counts.new or 0
    kept = end - new - (counts.reactivated or 0)
    if kept >= 0:
        return kept
    return "newcomers_left_again" if new > end else "arrivals_left_again"


def rate_counts(counts: Counts, every: Every | int | None = None) -> RateFromCounts:
    """Retention from start, end and new, or from start and lost; more counts make it more exact.

    `every` is the length of the period (an int: so many days). Raises CountsIncomplete, CountNegative,
    StartIsZero, ReactivatedMissing or LostContradictsCounts for counts that can't be.
    """
    start = _check_given(counts)
    least, most = _find_bounds_of_kept(counts, start)
    kept = _decide_kept(counts, start, least, most)
    net_change = None if counts.end is None else (counts.end - start) / start
    if isinstance(kept, str):
        return RateFromCounts(
            counts=counts,
            crr=None,
            churn=None,
            net_change=net_change,
            crr_low=least / start,
            crr_high=most / start,
            sample_low=None,
            sample_high=None,
            crr_annual=None,
            churn_annual=None,
            reason=kept,
        )
    if counts.lost is not None:
        least = most = kept
    crr = kept / start
    sample_low, sample_high = build_wilson_interval(kept, start)
    crr_annual = None if every is None else annualise_retention(crr, get_periods_a_year(every))
    return RateFromCounts(
        counts=counts,
        crr=crr,
        churn=(start - kept) / start,
        net_change=net_change,
        crr_low=least / start,
        crr_high=most / start,
        sample_low=sample_low,
        sample_high=sample_high,
        crr_annual=crr_annual,
        churn_annual=None if crr_annual is None else 1 - crr_annual,
        reason=None,
    )
