"""A course of months agrees with its twin and its closed form, and no change changes nothing."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.errors import WhatIfOutOfBounds
from vafa.lab.whatif import (
    Change,
    Course,
    Total,
    apply_change,
    build_cost,
    find_ceiling,
    find_needed_new,
    naive_project,
    project_course,
    sum_months,
)

SHARES = st.floats(0, 1)
AMOUNTS = st.floats(0, 1e9)
COURSES = st.builds(
    Course,
    customers=st.floats(0, 1e7),
    new=st.floats(0, 1e6),
    churn_rate=SHARES,
    revenue=st.none() | AMOUNTS,
    cost=st.none() | AMOUNTS,
    acquisition_cost=st.none() | AMOUNTS,
)
MONTHS = st.integers(1, 36)


def agree(ours: Total, theirs: Total) -> bool:
    for name in ("customers", "revenue", "gross_profit", "profit"):
        one, other = getattr(ours, name), getattr(theirs, name)
        # Profit is a difference of large amounts: what counts is how large they are.
        scale = max(abs(theirs.revenue or 0), abs(theirs.customers), abs(other or 0), 1.0) * 1e3
        if (one is None) != (other is None) or (one is not None and abs(one - other) > 1e-9 * scale):
            return False
    return True


@given(COURSES, MONTHS)
def test_a_course_agrees_with_its_twin_in_each_month(course, months):
    found = project_course(course, months)
    for last, total in enumerate(naive_project(course, months), start=1):
        assert agree(sum_months(found[:last]), total)


@given(COURSES.filter(lambda course: course.churn_rate > 1e-3), MONTHS)
def test_the_number_of_customers_has_its_closed_form(course, months):
    ceiling = find_ceiling(course)
    assert ceiling is not None
    expected = ceiling + (course.customers - ceiling) * (1 - course.churn_rate) ** months
    assert project_course(course, months)[-1].end == pytest.approx(expected, rel=1e-9, abs=1e-4)


@given(COURSES, MONTHS)
def test_no_change_gives_the_same_course(course, months):
    nothing = Change(crr_points=0.0, price_share=0.0, leaving_share=0.0)
    for change in (Change(), nothing, Change(churn_rate=course.churn_rate, new=course.new)):
        changed = apply_change(course, change)
        assert changed == course
        assert project_course(changed, months) == project_course(course, months)


@given(COURSES, st.integers(1, 18), st.integers(1, 18))
def test_going_on_from_a_month_is_the_same_as_going_through(course, first, then):
    whole = project_course(course, first + then)
    rest = project_course(replace(course, customers=whole[first - 1].end), then)
    assert [replace(month, number=month.number + first) for month in rest] == whole[first:]


@given(COURSES, SHARES, MONTHS)
def test_less_churn_never_leaves_fewer_customers(course, share, months):
    changed = apply_change(course, Change(churn_rate=course.churn_rate * share))
    now, then = project_course(course, months), project_course(changed, months)
    assert all(b.end >= a.end * (1 - 1e-12) for a, b in zip(now, then, strict=True))


@given(COURSES, MONTHS)
def test_each_month_begins_where_the_one_before_ended_and_its_customers_add_up(course, months):
    found = project_course(course, months)
    assert found[0].start == course.customers
    for before, after in itertools.pairwise(found):
        assert after.start == before.end
    for month in found:
        assert month.start - month.lost + month.new == pytest.approx(month.end)
        assert 0 <= month.lost <= month.start


@given(COURSES, st.floats(0, 0.5), st.sampled_from([1, 3, 12]))
def test_points_of_retention_are_added_to_the_retention_of_so_many_months(course, points, months):
    changed = apply_change(course, Change(crr_points=points, crr_months=months))
    kept = (1 - course.churn_rate) ** months
    assert (1 - changed.churn_rate) ** months == pytest.approx(min(1, kept + points), abs=1e-9)


@given(COURSES, st.floats(-0.9, 3))
def test_a_price_changes_the_revenue_alone(course, price):
    changed = apply_change(course, Change(price_share=price))
    assert replace(changed, revenue=course.revenue) == course
    if course.revenue is not None:
        assert changed.revenue == pytest.approx(course.revenue * (1 + price))


@pytest.mark.parametrize(
    ("name", "course", "change"),
    [
        ("customers", Course(-1, 0, 0), Change()),
        ("customers", Course(float("nan"), 0, 0), Change()),
        ("churn_rate", Course(1, 0, 1.01), Change()),
        ("new", Course(1, float("inf"), 0), Change()),
        ("revenue", Course(1, 0, 0, -5), Change()),
        ("churn_rate", Course(1, 0, 0), Change(churn_rate=-0.1)),
        ("crr_points", Course(1, 0, 0), Change(crr_points=5)),
        ("crr_months", Course(1, 0, 0), Change(crr_points=0.05, crr_months=0)),
        ("price_share", Course(1, 0, 0), Change(price_share=-1.5)),
        ("leaving_share", Course(1, 0, 0), Change(leaving_share=1.2)),
        ("acquisition_cost", Course(1, 0, 0), Change(acquisition_cost=-1)),
        ("new", Course(1, 0, 0), Change(new=-1)),
    ],
)
def test_impossible_numbers_are_refused_by_name(name, course, change):
    with pytest.raises(WhatIfOutOfBounds) as refused:
        apply_change(course, change)
    assert refused.value.params["name"] == name


@pytest.mark.parametrize("months", [0, -1, 37])
def test_only_1_to_36_months_are_told(months):
    with pytest.raises(WhatIfOutOfBounds):
        project_course(Course(1, 0, 0), months)


def test_what_is_unknown_stays_unknown():
    total = sum_months(project_course(Course(100, 10, 0.1, revenue=5), 3))
    assert total.revenue is not None
    assert (total.gross_profit, total.profit) == (None, None)
    assert build_cost(None, 0.3) is None
    assert build_cost(100, None) is None
    assert find_ceiling(Course(1, 1, 0)) is None


def test_the_newcomers_needed_keep_the_number_where_it_is():
    course = Course(1000, 0, 0.1)
    held = replace(course, new=find_needed_new(course))
    assert [month.end for month in project_course(held, 12)] == pytest.approx([1000] * 12)
