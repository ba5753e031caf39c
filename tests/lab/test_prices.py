"""Real terms: deflated by month, never guessed, and the same whichever way sums are put together."""

import itertools
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.calendars import get_month_start, list_month_starts
from vafa.lab.currencies import UNIT, RateTable, naive_convert
from vafa.lab.errors import PriceIndexEmpty, PriceIndexNotPositive, PriceMonthsOverlap
from vafa.lab.prices import NOMINAL, UNPRICED, Money, PriceIndex, PriceMonth, naive_deflate

FIRST = 1403 * 12
VALUES = st.fractions(Fraction(1, 100), 1000, max_denominator=1000)
DAYS = st.integers(get_month_start(FIRST - 1, "jalali"), get_month_start(FIRST + 9, "jalali"))
AMOUNTS = st.integers(-(10**12), 10**12)


@st.composite
def months(draw: st.DrawFn) -> list[PriceMonth]:
    """Some of eight Jalali months, so that there may be gaps."""
    starts = list_month_starts(range(FIRST, FIRST + 9), "jalali").tolist()
    chosen = draw(st.sets(st.integers(0, 7), min_size=1))
    return [PriceMonth(starts[n], starts[n + 1], draw(VALUES)) for n in draw(st.permutations(sorted(chosen)))]


@given(months(), AMOUNTS, DAYS)
def test_an_amount_is_deflated_as_reading_the_table_says(
    told: list[PriceMonth], amount: int, day: int
) -> None:
    assert PriceIndex(told).deflate(Fraction(amount), day) == naive_deflate(Fraction(amount), day, told)


@given(months(), DAYS, st.integers(1, 200))
def test_pieces_cover_the_days_and_agree_with_each_of_them(
    told: list[PriceMonth], start: int, length: int
) -> None:
    index = PriceIndex(told)
    pieces = index.list_pieces(start, start + length)
    days = [(day, key) for first, until, key in pieces for day in range(first, until)]
    assert days == [(day, index.find_key(day)) for day in range(start, start + length)]


@given(months(), DAYS)
def test_a_day_outside_the_months_has_no_factor(told: list[PriceMonth], day: int) -> None:
    index = PriceIndex(told)
    known = any(month.start <= day < month.end for month in told)
    assert (index.find_factor(day) is not None) is known
    assert (index.find_key(day) != UNPRICED) is known


@given(months(), st.data())
def test_another_base_changes_all_amounts_alike(told: list[PriceMonth], data: st.DataObject) -> None:
    base, one, other = (data.draw(st.sampled_from(told)) for _ in range(3))
    index, rebased = PriceIndex(told), PriceIndex(told, base.start)
    assert rebased.find_factor(base.end - 1) == 1
    ratios = [(rebased.find_factor(m.start) or 0) / (index.find_factor(m.start) or 1) for m in (one, other)]
    assert ratios[0] == ratios[1]


@given(months(), st.lists(st.tuples(DAYS, AMOUNTS), max_size=12), st.integers(0, 12))
def test_sums_of_parts_are_the_sum_of_the_whole(
    told: list[PriceMonth], moves: list[tuple[int, int]], cut: int
) -> None:
    index = PriceIndex(told)

    def add(some: list[tuple[int, int]]) -> Money:
        return sum((Money({index.find_key(day): units}) for day, units in some), Money())

    whole = add(moves)
    assert (add(moves[:cut]) + add(moves[cut:])).tell(index) == whole.tell(index)
    each = [index.deflate(units * UNIT, day) for day, units in moves]
    expected = None if None in each else sum((part for part in each if part is not None), Fraction(0))
    assert whole.tell(index) == expected


@given(st.lists(st.tuples(DAYS, AMOUNTS), max_size=9))
def test_a_constant_index_changes_nothing(moves: list[tuple[int, int]]) -> None:
    starts = list_month_starts(range(FIRST - 1, FIRST + 11), "jalali").tolist()
    flat = PriceIndex(PriceMonth(a, b, Fraction(7)) for a, b in itertools.pairwise(starts))
    nominal = Money({NOMINAL: sum(units for _day, units in moves)})
    real = sum((Money({flat.find_key(day): units}) for day, units in moves), Money())
    assert real.tell(flat) == nominal.tell()
    assert (real - real).tell(flat) == 0


def test_what_cancels_out_on_days_without_an_index_is_still_unknown() -> None:
    index = PriceIndex([PriceMonth(100, 130, Fraction(1))])
    nothing = Money({index.find_key(90): 5}) + Money({index.find_key(95): -5})
    assert nothing.tell(index) is None
    assert nothing.tell() == 0


def test_a_hundred_dollars_of_2000_in_2020_as_the_bureau_of_labor_statistics_says() -> None:
    """CPI-U, all items, not adjusted: 168.8 in January 2000, 257.971 in January 2020; their calculator says 152.83."""
    january = [get_month_start(year * 12, "gregorian") for year in (2000, 2020)]
    values = [Fraction("168.8"), Fraction("257.971")]
    index = PriceIndex(
        PriceMonth(start, start + 31, value) for start, value in zip(january, values, strict=True)
    )
    real = index.deflate(Fraction(100), january[0] + 14)
    assert real is not None
    assert round(float(real), 2) == 152.83


def test_a_nominal_growth_below_inflation_is_a_real_fall() -> None:
    """1.2 times as much money when all prices are 1.4 times what they were buys 14% less."""
    index = PriceIndex([PriceMonth(1, 31, Fraction(100)), PriceMonth(31, 61, Fraction(140))])
    before, now = (index.deflate(Fraction(amount), day) for amount, day in ((100, 5), (120, 40)))
    assert before is not None
    assert now is not None
    assert now / before == Fraction(6, 7)


def test_what_is_no_index_is_refused_by_name() -> None:
    with pytest.raises(PriceIndexEmpty):
        PriceIndex([])
    with pytest.raises(PriceIndexEmpty):
        PriceIndex([PriceMonth(1, 31, Fraction(1))], base_day=99)
    with pytest.raises(PriceIndexNotPositive):
        PriceIndex([PriceMonth(1, 31, Fraction(0))])
    with pytest.raises(PriceMonthsOverlap):
        PriceIndex([PriceMonth(1, 31, Fraction(1)), PriceMonth(30, 60, Fraction(1))])


CODES = ("IRR", "IRT", "USD", "EUR")
RATES = st.decimals(Decimal("0.0000000001"), Decimal(10**6), places=10)
STEPS = st.dictionaries(
    st.sampled_from(CODES),
    st.dictionaries(st.integers(1, 40), RATES, max_size=4).map(lambda d: list(d.items())),
)


@given(STEPS, st.sampled_from(CODES), st.integers(0, 45), st.integers(-(10**18), 10**18))
def test_an_amount_is_converted_at_its_own_days_rate(
    steps: dict[str, list[tuple[int, Decimal]]], currency: str, day: int, amount: int
) -> None:
    fixed = {"IRR": Decimal("0.1"), "IRT": Decimal(1)}
    told = RateTable(fixed, steps).convert(amount, currency, day)
    slow = naive_convert(Decimal(amount).scaleb(-4), currency, day, fixed, steps)
    assert (None if told is None else told * UNIT) == slow


@given(STEPS, st.sampled_from(CODES), st.integers(0, 45), st.integers(1, 45))
def test_pieces_of_a_rate_agree_with_each_day(
    steps: dict[str, list[tuple[int, Decimal]]], currency: str, start: int, length: int
) -> None:
    table = RateTable({"IRT": Decimal(1)}, steps)
    pieces = table.list_pieces(currency, start, start + length)
    days = [(day, units) for first, until, units in pieces for day in range(first, until)]
    assert days == [(day, table.find_units(currency, day)) for day in range(start, start + length)]
