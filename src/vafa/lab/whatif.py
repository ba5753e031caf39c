"""What if: customers, revenue and profit month by month, as they run today and as they would run after a change.

A course repeats one month. With C customers at its start, churn c, n newcomers, revenue r and costs k for each
customer and month, and acquisition cost a for each newcomer:

    lost = c C,  end = C - lost + n,  revenue = r (C + end) / 2,  costs = k (C + end) / 2,
    profit = revenue - costs - a n.

Customers come and go evenly over the month, so the mean of its two ends brought the revenue; the business's own r
is measured over the same mean. Nobody is lost twice and newcomers are at risk from the month after they came.
Numbers of customers are expected values, so they have fractions. None is unknown and stays unknown.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import fsum

from vafa.lab.errors import WhatIfOutOfBounds

MOST_MONTHS = 36
MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Course:
    """How each month goes: customers now, newcomers a month, churn a month (0..1), and money for each customer.

    `revenue` and `cost` are for each customer and month, `acquisition_cost` for each newcomer; None is unknown.
    """

    customers: float
    new: float
    churn_rate: float
    revenue: float | None = None
    cost: float | None = None
    acquisition_cost: float | None = None


@dataclass(frozen=True)
class Change:
    """What would be otherwise; None leaves it as it is.

    `churn_rate` and `acquisition_cost` are the new values, `new` the new number of newcomers. `crr_points` (0.05 is
    five points) are added to the retention rate of so many months as `crr_months` says. `price_share` is the
    price's change (0.1: ten percent dearer); what a customer costs stays. `leaving_share` of the customers go at
    once, because of it or for whatever reason.
    """

    churn_rate: float | None = None
    crr_points: float | None = None
    crr_months: int = 1
    price_share: float | None = None
    acquisition_cost: float | None = None
    new: float | None = None
    leaving_share: float | None = None


@dataclass(frozen=True)
class Month:
    """One month of a course, numbered from 1. Money is None where a number that it needs is unknown."""

    number: int
    start: float
    lost: float
    new: float
    end: float
    revenue: float | None
    gross_profit: float | None
    profit: float | None


@dataclass(frozen=True)
class Total:
    """Several months together; `customers` at their end."""

    customers: float
    revenue: float | None
    gross_profit: float | None
    profit: float | None


def build_cost(revenue: float | None, margin: float | None) -> float | None:
    """What a customer costs in a month, from the margin's share of the revenue; None where either is unknown."""
    return None if revenue is None or margin is None else revenue * (1 - margin)


def apply_change(course: Course, change: Change) -> Course:
    """The course after the change. Raises WhatIfOutOfBounds for shares outside 0..1 and amounts below zero."""
    _check_course(course)
    churn = course.churn_rate if change.churn_rate is None else change.churn_rate
    _check("churn_rate", churn, 0, 1)
    if change.crr_points is not None:
        churn = _add_to_retention(churn, change.crr_points, change.crr_months)
    leaving = _check("leaving_share", change.leaving_share or 0.0, 0, 1)
    price = _check("price_share", change.price_share or 0.0, -1, None)
    new = course.new if change.new is None else _check("new", change.new, 0, None)
    paid = course.acquisition_cost if change.acquisition_cost is None else change.acquisition_cost
    if paid is not None:
        _check("acquisition_cost", paid, 0, None)
    return replace(
        course,
        customers=course.customers * (1 - leaving),
        new=new,
        churn_rate=churn,
        revenue=None if course.revenue is None else course.revenue * (1 + price),
        acquisition_cost=paid,
    )


def _add_to_retention(churn: float, points: float, months: int) -> float:
    """The monthly churn once the retention of `months` months is `points` higher; at most nobody is lost."""
    _check("crr_points", points, -1, 1)
    if months < 1:
        raise WhatIfOutOfBounds(name="crr_months", value=months)
    if not points:
        return churn
    kept = min(1.0, max(0.0, (1 - churn) ** months + points))
    return float(1 - kept ** (1 / months))


def _check_course(course: Course) -> None:
    _check("customers", course.customers, 0, None)
    _check("new", course.new, 0, None)
    _check("churn_rate", course.churn_rate, 0, 1)
    for name in ("revenue", "acquisition_cost"):
        value: float | None = getattr(course, name)
        if value is not None:
            _check(name, value, 0, None)


def _check(name: str, value: float, least: float, most: float | None) -> float:
    if not value >= least or (most is not None and value > most) or value == float("inf"):
        raise WhatIfOutOfBounds(name=name, value=value)
    return value


def project_course(course: Course, months: int) -> list[Month]:
    """The next months, 1 to 36 of them. Raises WhatIfOutOfBounds."""
    _check_course(course)
    if not 1 <= months <= MOST_MONTHS:
        raise WhatIfOutOfBounds(name="months", value=months)
    found = []
    start = course.customers
    for number in range(1, months + 1):
        month = _build_month(course, number, start)
        found.append(month)
        start = month.end
    return found


def _build_month(course: Course, number: int, start: float) -> Month:
    lost = start * course.churn_rate
    end = start - lost + course.new
    present = (start + end) / 2
    revenue = None if course.revenue is None else course.revenue * present
    gross = None if revenue is None or course.cost is None else revenue - course.cost * present
    paid = None if course.acquisition_cost is None else course.acquisition_cost * course.new
    profit = None if gross is None or paid is None else gross - paid
    return Month(number, start, lost, course.new, end, revenue, gross, profit)


def sum_months(months: Sequence[Month]) -> Total:
    """Several months together; at least one."""
    return Total(
        customers=months[-1].end,
        revenue=_sum([month.revenue for month in months]),
        gross_profit=_sum([month.gross_profit for month in months]),
        profit=_sum([month.profit for month in months]),
    )


def _sum(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fsum(known) if len(known) == len(values) else None


def find_ceiling(course: Course) -> float | None:
    """Where the number of customers settles if nothing changes: newcomers / churn; None where nobody leaves."""
    return course.new / course.churn_rate if course.churn_rate else None


def find_needed_new(course: Course) -> float:
    """How many newcomers a month it takes to stay at the number of customers of now: churn x customers."""
    return course.customers * course.churn_rate


def naive_project(course: Course, months: int) -> list[Total]:
    """The slow twin: each month's total so far, from cohorts in exact fractions.

    The customers of now and the newcomers of each month are followed by themselves: of those who came k months
    ago (1 - churn) ** k are left. No month is made from the one before it.
    """
    stay, new = 1 - Fraction(course.churn_rate), Fraction(course.new)

    def count(at: int) -> Fraction:
        return Fraction(course.customers) * stay**at + sum(
            (new * stay**age for age in range(at)), Fraction(0)
        )

    counts = [count(at) for at in range(months + 1)]
    totals = []
    for last in range(1, months + 1):
        present = sum(((counts[month - 1] + counts[month]) / 2 for month in range(1, last + 1)), Fraction(0))
        revenue = None if course.revenue is None else Fraction(course.revenue) * present
        gross = None if revenue is None or course.cost is None else revenue - Fraction(course.cost) * present
        paid = None if course.acquisition_cost is None else Fraction(course.acquisition_cost) * new * last
        profit = None if gross is None or paid is None else gross - paid
        totals.append(
            Total(
                float(counts[last]),
                None if revenue is None else float(revenue),
                None if gross is None else float(gross),
                None if profit is None else float(profit),
            )
        )
    return totals
