"""Occasions fixed in a calendar fall where they are known to have fallen."""

from datetime import date

import pytest

from vafa.lab.errors import CalendarDateInvalid, PeriodEmpty
from vafa.lab.occasions import (
    Occasion,
    build_yearly_occasion,
    find_previous_occurrence,
    is_solemn,
    list_occasions_in,
    list_occasions_on,
)
from vafa.lab.periods import Period

NOWRUZ = build_yearly_occasion("nowruz", range(1402, 1405), 1, 1, "jalali", days=4)
# Iran's own sighting put Ashura of 1446 a day after Umm al-Qura's: an announced date.
ASHURA = Occasion("ashura", date(2024, 7, 16), date(2024, 7, 17), solemn=True)


def test_nowruz_moves_with_leap_years() -> None:
    assert [occasion.start for occasion in NOWRUZ] == [
        date(2023, 3, 21),
        date(2024, 3, 20),
        date(2025, 3, 21),
    ]
    assert list_occasions_on(NOWRUZ, date(2024, 3, 23)) == [NOWRUZ[1]]
    assert list_occasions_on(NOWRUZ, date(2024, 3, 24)) == []


def test_occasions_of_a_period_share_a_day_with_it() -> None:
    assert list_occasions_in(NOWRUZ, Period(date(2024, 3, 23), date(2025, 3, 21))) == [NOWRUZ[1]]
    assert list_occasions_in(NOWRUZ, Period(date(2024, 3, 24), date(2025, 3, 22))) == [NOWRUZ[2]]


def test_solemn_days() -> None:
    assert is_solemn([*NOWRUZ, ASHURA], date(2024, 7, 16))
    assert not is_solemn([*NOWRUZ, ASHURA], date(2024, 7, 17))
    assert not is_solemn([*NOWRUZ, ASHURA], date(2024, 3, 20))


def test_an_occasion_is_compared_with_its_last_occurrence() -> None:
    assert find_previous_occurrence([*NOWRUZ, ASHURA], NOWRUZ[2]) == NOWRUZ[1]
    assert find_previous_occurrence(NOWRUZ, NOWRUZ[0]) is None


def test_a_day_that_some_years_lack_is_refused() -> None:
    with pytest.raises(CalendarDateInvalid):
        build_yearly_occasion("last_day", range(1402, 1405), 12, 30, "jalali")
    with pytest.raises(PeriodEmpty):
        Occasion("nothing", date(2024, 1, 2), date(2024, 1, 2))
