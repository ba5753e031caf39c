"""A what-if by hand: values worked out with pencil and paper, and the growth ceiling that churn sets."""

from fractions import Fraction

import pytest

from vafa.lab.whatif import (
    Change,
    Course,
    apply_change,
    build_cost,
    find_ceiling,
    project_course,
    sum_months,
)

# 1,000 customers, 50 newcomers a month, 10% churn; each brings 100 at a margin of 40%; a newcomer costs 200.
TODAY = Course(1000, 50, 0.10, 100, build_cost(100, 0.4), 200)


def test_three_months_of_today():
    months = project_course(TODAY, 3)
    assert [month.end for month in months] == pytest.approx([950, 905, 864.5])
    assert [month.revenue for month in months] == pytest.approx([97_500, 92_750, 88_475])
    # 40 x 975 - 10,000; 40 x 927.5 - 10,000; 40 x 884.75 - 10,000
    assert [month.profit for month in months] == pytest.approx([29_000, 27_100, 25_390])


def test_half_the_churn_keeps_what_was_being_lost():
    halved = apply_change(TODAY, Change(churn_rate=0.05))
    assert [month.end for month in project_course(halved, 12)] == pytest.approx([1000] * 12)
    assert sum_months(project_course(halved, 12)).profit == pytest.approx(12 * 30_000)
    assert [find_ceiling(TODAY), find_ceiling(halved)] == pytest.approx([500, 1000])


def test_twelve_months_in_exact_fractions():
    left = Fraction(9, 10) ** 12
    expected = 1000 * left + 500 * (1 - left)
    assert project_course(TODAY, 12)[-1].end == pytest.approx(float(expected))
    assert float(expected) == pytest.approx(641.2147682405)


def test_the_articles_monthly_and_yearly_rates_are_not_the_same_change():
    # G4 loses 20% a month, which is 93.1% a year (X14): five points of the year's retention are not of the month's.
    service = Course(5000, 800, 0.20)
    of_a_month = apply_change(service, Change(crr_points=0.05, crr_months=1)).churn_rate
    of_a_year = apply_change(service, Change(crr_points=0.05, crr_months=12)).churn_rate
    assert of_a_month == pytest.approx(0.15)
    assert of_a_year == pytest.approx(1 - (0.8**12 + 0.05) ** (1 / 12))
    assert of_a_year == pytest.approx(0.1627, abs=5e-5)
