"""Cohort tables agree with the slow twin and know what they don't know."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.calendars import CalendarName
from vafa.lab.cohorts import Cohort, build_cohorts, naive_cohorts
from vafa.lab.periods import Every, Period, list_periods
from vafa.lab.sets import PurchaseDays

DAYS = st.dates(date(2024, 1, 1), date(2024, 7, 10))
FACTS = st.lists(st.tuples(st.integers(0, 7), DAYS), max_size=40)


def build_table(facts: list[tuple[int, date]], periods: list[Period], until: date) -> list[Cohort]:
    days = PurchaseDays.from_purchases([ix for ix, _ in facts], [day.toordinal() for _, day in facts])
    sets = [days.bought_between(period.start.toordinal(), period.end.toordinal()) for period in periods]
    return build_cohorts(periods, sets, until)


@given(FACTS, DAYS, st.sampled_from(["month", "week", "quarter"]), st.sampled_from(["gregorian", "jalali"]))
def test_the_table_is_what_a_count_by_hand_finds(
    facts: list[tuple[int, date]], until: date, every: Every, calendar: CalendarName
) -> None:
    periods = list_periods(date(2024, 1, 1), date(2024, 7, 11), every, calendar)
    table = build_table(facts, periods, until)
    assert table == naive_cohorts(periods, facts, until)
    for cohort in table:
        assert cohort.kept[0] == cohort.size > 0
        assert all(count is None or count <= cohort.size for count in cohort.kept)


def test_kept_is_given_through_the_period_that_holds_the_end_of_data() -> None:
    months = list_periods(date(2024, 1, 1), date(2024, 5, 1), "month")
    facts = [(0, date(2024, 1, 5)), (1, date(2024, 1, 9)), (0, date(2024, 3, 2)), (2, date(2024, 2, 1))]
    assert build_table(facts, months, date(2024, 3, 15)) == [
        Cohort(date(2024, 1, 1), 2, (2, 0, 1, None), partial=True),
        Cohort(date(2024, 2, 1), 1, (1, 0, None), partial=True),
    ]
    whole = build_table(facts, months, date(2024, 3, 1))
    assert [(cohort.kept, cohort.partial) for cohort in whole] == [
        ((2, 0, None, None), False),
        ((1, None, None), False),
    ]
    assert build_table(facts, months, date(2024, 1, 1)) == []


def test_a_month_without_newcomers_has_no_cohort() -> None:
    months = list_periods(date(2024, 1, 1), date(2024, 4, 1), "month")
    facts = [(0, date(2024, 1, 5)), (0, date(2024, 2, 5)), (1, date(2024, 3, 1))]
    assert [cohort.start.month for cohort in build_table(facts, months, date(2024, 4, 1))] == [1, 3]
