"""Rates agree with published figures, and are unknown where nobody is."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap
from scipy.stats import binomtest

from tests.lab.facts import CUSTOMERS, DAY_ZERO, JOINED, SUBSCRIPTIONS, Subscriptions
from vafa.lab.errors import RateOutOfBounds
from vafa.lab.rates import (
    annualise_churn,
    annualise_retention,
    build_article_rate,
    build_churn_rate,
    build_crr,
    build_growth_rate,
    build_net_change_rate,
    build_proportion,
    build_quick_ratio,
    build_wilson_interval,
    build_win_back_rate,
    get_periods_a_year,
)
from vafa.lab.sets import Movement, SpellIndex, naive_active, naive_lapsed, naive_movement
from vafa.lab.spells import (
    OPEN_END,
    build_all_subscription_spells,
    build_first_starts,
    build_subscription_spells,
)


def move(start: set[int], end: set[int], new: set[int], passed: set[int] | None = None) -> Movement:
    s, e = BitMap(start), BitMap(end)
    return Movement(s, e, s & e, s - e, BitMap(new), e - s - BitMap(new), BitMap(passed or set()), BitMap())


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(19, 20, 0.764, 0.991), (90, 100, 0.826, 0.945), (40, 50, 0.670, 0.888), (700, 1000, 0.671, 0.728)],
)
def test_wilson_intervals_as_published(successes: int, trials: int, low: float, high: float) -> None:
    assert build_wilson_interval(successes, trials) == pytest.approx((low, high), abs=0.0005)


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_wilson_agrees_with_an_independent_library(trials: int, share: float) -> None:
    successes = round(trials * share)
    theirs = binomtest(successes, trials).proportion_ci(0.95, method="wilson")
    ours = build_wilson_interval(successes, trials)
    assert ours == pytest.approx((theirs.low, theirs.high), abs=1e-9)
    assert 0 <= ours[0] <= successes / trials <= ours[1] <= 1


def test_all_of_five_is_weak_evidence() -> None:
    rate = build_proportion(5, 5)
    assert rate is not None
    assert (rate.value, rate.high) == (1.0, 1.0)
    assert rate.low == pytest.approx(0.566, abs=0.001)


def test_of_nobody_there_is_no_rate() -> None:
    nobody = move(set(), {1, 2}, {1})
    assert build_proportion(0, 0) is None
    assert build_crr(nobody) is None
    assert build_churn_rate(nobody) is None
    assert build_net_change_rate(nobody) is None
    assert build_growth_rate(nobody) is None
    assert build_article_rate(nobody).value is None
    empty = move(set(), set(), set())
    assert build_churn_rate(empty, "average") is None
    assert build_churn_rate(empty, "ever") is None


def test_churn_over_each_denominator() -> None:
    """Of 10 customers 2 leave; 4 join of whom 1 has left again: 10 and 11 at the ends, 14 ever."""
    movement = move(set(range(10)), {*range(8), 20, 21, 22}, {20, 21, 22}, {23})
    by_start = build_churn_rate(movement)
    by_average = build_churn_rate(movement, "average")
    by_ever = build_churn_rate(movement, "ever")
    assert by_start is not None
    assert by_average is not None
    assert by_ever is not None
    assert (by_start.value, by_start.denominator) == (0.2, 10)
    assert (by_average.value, by_average.denominator, by_average.low) == (2 / 10.5, 10.5, None)
    assert (by_ever.value, by_ever.denominator) == (2 / 14, 14)


def test_a_newcomer_who_leaves_again_is_no_churn_of_the_start() -> None:
    """Published: 100 at the start, 11 gone of whom 1 had joined in that same month, is 10% churn."""
    movement = move(set(range(100)), set(range(10, 100)), set(), {200})
    churn = build_churn_rate(movement)
    assert churn is not None
    assert churn.value == 0.1


def test_net_change_and_growth_are_not_churn() -> None:
    movement = move(set(range(100)), {*range(10, 100), *range(200, 215)}, set(range(200, 215)))
    net, growth, churn = (
        build_net_change_rate(movement),
        build_growth_rate(movement),
        build_churn_rate(movement),
    )
    assert net is not None
    assert growth is not None
    assert churn is not None
    assert (net.value, growth.value, churn.value) == (0.05, 0.15, 0.1)
    assert net.low is None


def test_the_articles_formula_names_who_makes_the_difference() -> None:
    # 7 is back from before; 20 joined and left: the first is counted too much, the second too little.
    movement = move(set(range(5)), {0, 1, 2, 7, 10}, {10})
    told = build_article_rate(movement)
    assert told.value == 4 / 5
    assert told.exact is not None
    assert told.exact.value == 3 / 5
    assert (set(told.counted_too_much), set(told.counted_too_little), told.differs) == ({7}, set(), True)
    both = build_article_rate(move(set(range(5)), {0, 1, 2, 7, 10}, {10}, {20}))
    assert both.value == 3 / 5
    assert not both.differs


@given(SUBSCRIPTIONS, JOINED, st.integers(1, 20))
def test_laws_of_the_rates(subscriptions: Subscriptions, joined: dict[int, int], length: int) -> None:
    ends = [OPEN_END if ended is None else ended for _, _, ended in subscriptions]
    spells = build_all_subscription_spells(
        [ix for ix, _, _ in subscriptions], [started for _, started, _ in subscriptions], ends
    )
    firsts = build_first_starts(spells, CUSTOMERS, [joined.get(ix, OPEN_END) for ix in range(CUSTOMERS)])
    movement = SpellIndex(spells).movement(DAY_ZERO + 8, DAY_ZERO + 8 + length, firsts)
    crr, churn = build_crr(movement), build_churn_rate(movement)
    net, growth = build_net_change_rate(movement), build_growth_rate(movement)
    article = build_article_rate(movement)
    if crr is None or churn is None or net is None or growth is None or article.value is None:
        assert not movement.start
        return
    assert crr.value + churn.value == pytest.approx(1)
    assert net.value == pytest.approx(growth.value - churn.value)
    gap = len(article.counted_too_much) - len(article.counted_too_little)
    assert article.value - crr.value == pytest.approx(gap / len(movement.start))


@pytest.mark.parametrize(
    ("churn", "every", "yearly"),
    [
        (0.2, "month", 0.931),
        (0.2, "quarter", 0.590),
        (0.3, "year", 0.3),
        (0.1, "month", 0.718),
        (0.05, "quarter", 0.185),
    ],
)
def test_yearly_churn_of_unlike_periods(churn: float, every: str, yearly: float) -> None:
    periods = get_periods_a_year(every)  # type: ignore[arg-type]
    assert annualise_churn(churn, periods) == pytest.approx(yearly, abs=0.0005)
    assert annualise_retention(1 - churn, periods) == pytest.approx(1 - yearly, abs=0.0005)


def test_periods_a_year() -> None:
    assert get_periods_a_year("month") == 12
    assert get_periods_a_year("half") == 2
    assert get_periods_a_year("week") == pytest.approx(52.1775)
    assert get_periods_a_year(30) == pytest.approx(12.174750)
    span = (date(2400, 1, 1) - date(2000, 1, 1)).days / 400
    assert get_periods_a_year("day") == span


@pytest.mark.parametrize(("churn", "periods"), [(-0.1, 12), (1.1, 12), (0.2, 0)])
def test_an_impossible_rate_is_not_annualised(churn: float, periods: float) -> None:
    with pytest.raises(RateOutOfBounds):
        annualise_churn(churn, periods)


def test_how_many_come_for_each_who_leaves() -> None:
    ratio = build_quick_ratio(6, 2, 4)
    assert ratio is not None
    assert (ratio.value, ratio.low) == (2.0, None)
    assert build_quick_ratio(6, 2, 0) is None


@given(SUBSCRIPTIONS, st.integers(1, 20))
def test_who_is_won_back_had_been_there_and_left(subscriptions: Subscriptions, length: int) -> None:
    spells = {
        who: build_subscription_spells([(start, end) for ix, start, end in subscriptions if ix == who])
        for who in range(CUSTOMERS)
    }
    start, end = DAY_ZERO + 12, DAY_ZERO + 12 + length
    lapsed, back = naive_lapsed(spells, start, end)
    rate = build_win_back_rate(len(lapsed), len(back))
    assert (rate is None) == (not lapsed)
    reactivated = naive_movement(spells, {}, start, end)["reactivated"]
    assert back == reactivated
    assert lapsed.isdisjoint(naive_active(spells, start))
