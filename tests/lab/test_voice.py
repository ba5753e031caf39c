"""What customers say agrees with a count by hand, with published figures and with an independent library."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from vafa.lab.histograms import Histogram, build_histogram
from vafa.lab.voice import (
    SCALE,
    Basis,
    Method,
    NpsCounts,
    Scale,
    build_basis,
    build_good_share,
    build_mean_position,
    build_mean_score,
    build_nps,
    build_positions,
    build_response_rate,
    choose_basis,
    count_good,
    count_nps,
    naive_good_share,
    naive_mean_position,
    naive_mean_score,
    naive_nps,
    naive_response_rate,
)

SCALES = st.builds(
    lambda low, width, direction: Scale(low, low + width, direction),
    st.integers(0, 1),
    st.integers(1, 9),
    st.sampled_from(("high", "low")),
)
METHODS = st.sampled_from(("top2", "top1", "easy"))


def scores(points: list[int]) -> Histogram:
    return build_histogram([point * SCALE for point in points])


def value_of(rate: object) -> float | None:
    return None if rate is None else rate.value  # type: ignore[attr-defined]


@given(st.lists(st.integers(0, 10), max_size=40))
def test_nps_is_what_a_count_by_hand_finds(points: list[int]) -> None:
    found = build_nps(count_nps(scores(points)))
    assert value_of(found) == pytest.approx(naive_nps(points))
    if found is not None:
        assert found.low is not None
        assert found.high is not None
        assert -1 <= found.low <= found.value <= found.high <= 1
        assert found.low < found.high


def test_answers_of_zero_count() -> None:
    counts = count_nps(scores([0, 0, 0, 9]))
    assert counts == NpsCounts(promoters=1, passives=0, detractors=3)
    assert value_of(build_nps(counts)) == -0.5


def test_the_borders_of_the_three_groups() -> None:
    assert count_nps(scores(list(range(11)))) == NpsCounts(promoters=2, passives=2, detractors=7)


def test_the_interval_of_the_nps_is_the_adjusted_wald_one() -> None:
    """36 promoters and 19 detractors among 100, worked out by hand from Rocks's formula."""
    found = build_nps(NpsCounts(36, 45, 19))
    assert found is not None
    p, d = 36.75 / 103, 19.75 / 103
    half = 1.959964 * ((p + d - (p - d) ** 2) / 103) ** 0.5
    assert (found.value, found.low, found.high) == pytest.approx((0.17, p - d - half, p - d + half), abs=1e-6)


@pytest.mark.parametrize("share", [0.1, 0.3, 0.6])
def test_the_interval_of_the_nps_holds_the_truth_as_often_as_it_says(share: float) -> None:
    chance = np.random.default_rng(7)
    detractors = 0.25
    drawn = chance.multinomial(60, [share, 1 - share - detractors, detractors], size=2_000)
    held = 0
    for promoters, passives, against in drawn.tolist():
        found = build_nps(NpsCounts(promoters, passives, against))
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        held += found.low <= share - detractors <= found.high
    assert 0.93 <= held / 2_000 <= 0.975


def test_the_published_effort_score() -> None:
    """Counts of the scores 1 to 7, whose mean is published as 4.08."""
    published = dict(zip(range(1, 8), (80, 210, 140, 110, 160, 180, 120), strict=True))
    found = build_mean_score(Histogram.from_counts({point * SCALE: n for point, n in published.items()}))
    assert found is not None
    assert found.value == pytest.approx(4.08)
    assert found.denominator == 1000


@given(st.lists(st.integers(1, 7), min_size=2, max_size=40))
def test_means_and_their_intervals_agree_with_an_independent_library(points: list[int]) -> None:
    found = build_mean_score(scores(points))
    assert found is not None
    assert found.value == pytest.approx(naive_mean_score(points))
    spread = float(np.std(points, ddof=1))
    if spread == 0:
        assert (found.low, found.high) == (found.value, found.value)
        return
    theirs = stats.t.interval(0.95, len(points) - 1, np.mean(points), stats.sem(points))
    assert (found.low, found.high) == pytest.approx(theirs)


@given(SCALES, st.data())
def test_the_interval_of_a_mean_stays_within_its_scale(scale: Scale, data: st.DataObject) -> None:
    points = data.draw(st.lists(st.integers(scale.low, scale.high), min_size=2, max_size=12))
    free, found = build_mean_score(scores(points)), build_mean_score(scores(points), scale)
    assert free is not None
    assert found is not None
    assert free.low is not None
    assert free.high is not None
    assert found.low is not None
    assert found.high is not None
    assert scale.low <= found.low <= found.value <= found.high <= scale.high
    # Where Student's lies within the scale, that is what is told.
    assert found.low == pytest.approx(max(free.low, scale.low))
    assert found.high == pytest.approx(min(free.high, scale.high))


def test_one_answer_has_a_mean_and_no_interval() -> None:
    found = build_mean_score(scores([4]))
    assert found is not None
    assert (found.value, found.low, found.high) == (4.0, None, None)


@given(SCALES, METHODS, st.data())
def test_shares_are_what_looking_up_each_answer_finds(
    scale: Scale, method: Method, data: st.DataObject
) -> None:
    points = data.draw(st.lists(st.integers(scale.low, scale.high), max_size=30))
    found = build_good_share(count_good(scores(points), scale, method), len(points))
    assert value_of(found) == pytest.approx(naive_good_share(points, scale, method))


@pytest.mark.parametrize(
    ("scale", "method", "good"),
    [
        (Scale(1, 5), "top2", [4, 5]),
        (Scale(1, 5, "low"), "top2", [1, 2]),
        (Scale(0, 1), "top1", [1]),
        (Scale(1, 7), "easy", [5, 6, 7]),
        (Scale(1, 5, "low"), "easy", [1, 2]),
        (Scale(0, 10), "easy", [6, 7, 8, 9, 10]),
    ],
)
def test_the_good_points_of_usual_scales(scale: Scale, method: Method, good: list[int]) -> None:
    points = list(range(scale.low, scale.high + 1))
    assert [point for point in points if count_good(scores([point]), scale, method)] == good


def test_four_and_a_half_of_five_is_among_the_two_best() -> None:
    assert count_good(build_histogram([45_000]), Scale(1, 5), "top2") == 1
    assert count_good(build_histogram([35_000]), Scale(1, 5), "top2") == 0


@given(SCALES, st.data())
def test_positions_are_what_the_mean_of_places_finds(scale: Scale, data: st.DataObject) -> None:
    points = data.draw(st.lists(st.integers(scale.low, scale.high), max_size=30))
    found = build_mean_position(build_positions(scores(points), scale))
    assert value_of(found) == pytest.approx(naive_mean_position(points, scale))
    if found is not None and found.low is not None and found.high is not None:
        assert 0 <= found.low <= found.value <= found.high <= 1


def test_positions_on_two_scales_add_up_exactly() -> None:
    third = build_positions(scores([3]), Scale(1, 7))
    tenth = build_positions(scores([1]), Scale(0, 10))
    found = build_mean_position(third + tenth)
    assert found is not None
    assert found.value == (1 / 3 + 1 / 10) / 2


def test_shares_of_two_scales_add_up_and_means_do_not() -> None:
    five, seven = Scale(1, 5), Scale(1, 7)
    assert build_basis("top2", five) == build_basis("top2", seven)
    assert build_basis("position", five) == build_basis("position", seven)
    assert build_basis("mean", five) != build_basis("mean", seven)
    assert build_basis("mean", five) != build_basis("mean", Scale(1, 5, "low"))


def test_the_basis_of_most_answers_is_chosen_whatever_their_order() -> None:
    mean, share = Basis("mean", Scale(1, 5)), Basis("top2", None)
    assert choose_basis({mean: 3, share: 9}) == share
    assert choose_basis({mean: 9, share: 9}) == choose_basis({share: 9, mean: 9}) == mean
    assert choose_basis({}) is None


@given(st.lists(st.booleans(), max_size=30))
def test_the_response_rate_is_what_a_count_by_hand_finds(answered: list[bool]) -> None:
    found = build_response_rate(sum(answered), len(answered))
    assert value_of(found) == pytest.approx(naive_response_rate(answered))


def test_without_answers_nothing_is_known() -> None:
    assert build_nps(count_nps(Histogram())) is None
    assert build_mean_score(Histogram()) is None
    assert build_good_share(0, 0) is None
    assert build_response_rate(0, 0) is None
    assert naive_nps([]) is naive_mean_score([]) is naive_response_rate([]) is None


@given(st.lists(st.integers(0, 10)), st.lists(st.integers(0, 10)))
def test_the_groups_of_two_sets_of_answers_add_up(first: list[int], second: list[int]) -> None:
    assert count_nps(scores(first)) + count_nps(scores(second)) == count_nps(scores(first + second))
