"""Counts alone: the articles' worked examples, honest bounds, and refusals by name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.errors import (
    CountNegative,
    CountsIncomplete,
    LabError,
    LostContradictsCounts,
    ReactivatedMissing,
    StartIsZero,
)
from vafa.lab.from_counts import Counts, rate_counts
from vafa.lab.periods import Every


@pytest.mark.parametrize(
    ("start", "end", "new", "crr"),
    [
        (1000, 1200, 200, 1.0),
        (100, 105, 15, 0.9),
        (1000, 900, 200, 0.7),
        (5000, 4800, 800, 0.8),
        (300, 290, 50, 0.8),
        (20, 24, 5, 0.95),
        (50, 60, 20, 0.8),
    ],
)
def test_worked_examples_from_three_counts(start: int, end: int, new: int, crr: float) -> None:
    told = rate_counts(Counts(start, end, new))
    assert told.crr == crr
    assert told.churn == pytest.approx(1 - crr)
    assert told.net_change == (end - start) / start
    assert (told.crr_low, told.crr_high) == (crr, min(start, end) / start)
    assert (told.crr_annual, told.churn_annual, told.reason) == (None, None, None)


@pytest.mark.parametrize(("start", "lost", "churn"), [(1000, 200, 0.2), (1000, 150, 0.15)])
def test_worked_examples_from_start_and_lost(start: int, lost: int, churn: float) -> None:
    told = rate_counts(Counts(start=start, lost=lost))
    assert told.churn == churn
    assert told.crr == told.crr_low == told.crr_high == pytest.approx(1 - churn)
    assert told.net_change is None


def test_net_change_is_not_gross_churn() -> None:
    told = rate_counts(Counts(start=1000, end=900, new=200))
    assert (told.net_change, told.churn) == (-0.1, 0.3)


def test_one_lost_of_the_twenty_or_of_the_five() -> None:
    """20 at the start, 24 at the end, 5 new: 95% to 100%; the number lost of the 20 settles it."""
    open_question = rate_counts(Counts(20, 24, 5))
    assert (open_question.crr_low, open_question.crr_high) == (0.95, 1.0)
    settled = rate_counts(Counts(20, 24, 5, lost=1))
    assert (settled.crr, settled.crr_low, settled.crr_high) == (0.95, 0.95, 0.95)
    newcomer_left = rate_counts(Counts(20, 24, 5, lost=0))
    assert (newcomer_left.crr, newcomer_left.crr_low, newcomer_left.crr_high) == (1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("counts", "every", "churn_annual"),
    [
        (Counts(1000, 900, 200), "year", 0.300),
        (Counts(5000, 4800, 800), "month", 0.931),
        (Counts(300, 290, 50), "quarter", 0.590),
        (Counts(100, 105, 15), "month", 0.718),
        (Counts(20, 24, 5), "quarter", 0.185),
    ],
)
def test_yearly_figures_need_a_period(counts: Counts, every: Every, churn_annual: float) -> None:
    told = rate_counts(counts, every)
    assert told.churn_annual == pytest.approx(churn_annual, abs=0.0005)
    assert told.crr_annual == pytest.approx(1 - churn_annual, abs=0.0005)


def test_a_period_of_days() -> None:
    told = rate_counts(Counts(start=100, lost=10), 30)
    assert told.crr_annual == pytest.approx(0.9 ** (365.2425 / 30))


def test_who_came_back_was_not_kept() -> None:
    told = rate_counts(Counts(100, 110, 15, reactivated=5))
    assert (told.crr, told.crr_low, told.crr_high) == (0.9, 0.9, 1.0)


def test_newcomers_who_left_again_leave_only_bounds() -> None:
    told = rate_counts(Counts(100, 40, 60), "month")
    assert (told.crr, told.churn, told.crr_annual, told.churn_annual) == (None, None, None, None)
    assert (told.crr_low, told.crr_high, told.net_change) == (0.0, 0.4, -0.6)
    assert told.reason == "newcomers_left_again"
    assert rate_counts(Counts(100, 40, 60, lost=70)).crr == 0.3
    assert rate_counts(Counts(100, 40, 30, reactivated=20)).reason == "arrivals_left_again"


def test_all_newcomers_and_none_of_the_old_is_zero_not_unknown() -> None:
    told = rate_counts(Counts(100, 40, 40))
    assert (told.crr, told.churn, told.reason) == (0.0, 1.0, None)


def test_more_than_all_can_only_have_come_back() -> None:
    with pytest.raises(ReactivatedMissing) as refusal:
        rate_counts(Counts(100, 130, 20))
    assert (refusal.value.code, refusal.value.params) == ("reactivated_missing", {"least": 10})
    with pytest.raises(ReactivatedMissing) as refusal:
        rate_counts(Counts(100, 130, 20, reactivated=4))
    assert refusal.value.params == {"least": 10}
    with pytest.raises(ReactivatedMissing) as refusal:
        rate_counts(Counts(100, 121, 20))
    assert refusal.value.params == {"least": 1}
    assert rate_counts(Counts(100, 130, 20, reactivated=10)).crr == 1.0


@pytest.mark.parametrize("lost", [2, 21])
def test_a_number_lost_that_contradicts_is_refused_with_what_is_possible(lost: int) -> None:
    with pytest.raises(LostContradictsCounts) as refusal:
        rate_counts(Counts(20, 24, 5, lost=lost))
    assert refusal.value.params == {"lost": lost, "least": 0, "most": 1}


def test_more_lost_than_there_were_is_refused() -> None:
    with pytest.raises(LostContradictsCounts):
        rate_counts(Counts(start=100, lost=101))
    with pytest.raises(LostContradictsCounts):
        rate_counts(Counts(start=100, end=50, lost=40))


@pytest.mark.parametrize(
    ("counts", "error", "params"),
    [
        (Counts(0, 5, 5), StartIsZero, {}),
        (Counts(start=0, lost=0), StartIsZero, {}),
        (Counts(10, -1, 0), CountNegative, {"count": "end", "value": -1}),
        (Counts(10, 10, 0, reactivated=-2), CountNegative, {"count": "reactivated", "value": -2}),
        (Counts(), CountsIncomplete, {"missing": "start"}),
        (Counts(start=10), CountsIncomplete, {"missing": "end"}),
        (Counts(start=10, new=2), CountsIncomplete, {"missing": "end"}),
        (Counts(start=10, new=2, lost=3), CountsIncomplete, {"missing": "end"}),
        (Counts(start=10, end=9), CountsIncomplete, {"missing": "new"}),
    ],
)
def test_impossible_counts_are_refused_by_name(
    counts: Counts, error: type[LabError], params: dict[str, object]
) -> None:
    with pytest.raises(error) as refusal:
        rate_counts(counts)
    assert refusal.value.params == params


SMALL = st.integers(0, 30)


@given(SMALL, SMALL, SMALL, SMALL, SMALL, SMALL, st.booleans())
def test_what_really_happened_is_never_contradicted(
    kept: int, lost: int, new: int, new_left: int, back: int, back_left: int, tell_lost: bool
) -> None:
    """Counts made from a real movement are accepted, and the bounds hold the true rate."""
    start, end = kept + lost, kept + new + back
    counts = Counts(start, end, new + new_left, lost if tell_lost else None, reactivated=back + back_left)
    if start == 0:
        with pytest.raises(StartIsZero):
            rate_counts(counts)
        return
    told = rate_counts(counts)
    assert told.crr_low <= kept / start <= told.crr_high
    if tell_lost or new_left == back_left == 0:
        assert told.crr == kept / start
    if told.crr is None:
        assert told.reason is not None
        assert new_left + back_left > kept
    else:
        assert told.crr_low <= told.crr <= told.crr_high
        assert told.churn == pytest.approx(1 - told.crr)
