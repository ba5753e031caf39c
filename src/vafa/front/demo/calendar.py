"""The days of the demo's story: its Jalali months, and the seasons of its year."""

import itertools
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from vafa.front.demo.rates import STORY_MONTHS
from vafa.lab.calendars import get_month_index, get_month_start, split_days

MONTHS_A_YEAR = 12
# People's next purchases and ends of membership reach beyond the day on which the demo is made.
MONTHS_BEYOND = 6


@dataclass(frozen=True)
class Month:
    """A Jalali month [start, end) of the story, in ordinals; `number` is 1..12."""

    start: int
    end: int
    number: int


@dataclass(frozen=True)
class Story:
    """When the demo's story takes place. `data_until` (ordinal) is the first day that is not told of."""

    months: tuple[Month, ...]
    data_until: int

    @property
    def start(self) -> int:
        """The first day."""
        return self.months[0].start

    @property
    def whole_months(self) -> tuple[Month, ...]:
        """The months that are over."""
        return tuple(month for month in self.months if month.end <= self.data_until)

    def find_month(self, day: int) -> int:
        """The place in `months` of a day."""
        return bisect_right(self.months, day, key=lambda month: month.start) - 1


def build_story(today: date) -> Story:
    """The story of a demo that is made on a day: three years and the present month, up to the day before."""
    first = get_month_index(today.toordinal(), "jalali") - STORY_MONTHS
    starts = [get_month_start(first + place, "jalali") for place in range(STORY_MONTHS + MONTHS_BEYOND + 1)]
    months = tuple(
        Month(start, end, (first + place) % MONTHS_A_YEAR + 1)
        for place, (start, end) in enumerate(itertools.pairwise(starts))
    )
    return Story(months, today.toordinal())


class Seasons:
    """How busy each day is: 1 is usual."""

    def __init__(self, story: Story) -> None:
        first, last = story.months[0].start, story.months[-1].end
        self.first = first
        _years, months, days = split_days(list(range(first, last)), "jalali")
        self.usual = [_get_busyness(int(m), int(d)) for m, d in zip(months, days, strict=True)]
        self.chinese = [
            busy * _get_singles_day_factor(date.fromordinal(first + place))
            for place, busy in enumerate(self.usual)
        ]

    def get(self, day: int, *, chinese: bool) -> float:
        """How busy a day is for a customer."""
        return (self.chinese if chinese else self.usual)[day - self.first]


def _get_busyness(month: int, day: int) -> float:
    if month == 1 and day <= 13:
        return 0.35
    if month == 12:
        return 1.3 if day <= 10 else 1.8
    if month == 9 and day >= 15:
        return 1.6
    if month == 7:
        return 1.1
    return 0.9 if month in (4, 5) else 1.0


def _get_singles_day_factor(day: date) -> float:
    """The days up to 11 November, when Chinese customers buy for months."""
    return 2.5 if day.month == 11 and 4 <= day.day <= 12 else 1.0


@lru_cache(maxsize=100_000)
def write_jalali(ordinal: int) -> str:
    """A day as 1404/08/30."""
    years, months, days = split_days([ordinal], "jalali")
    return f"{years[0]}/{months[0]:02d}/{days[0]:02d}"


def write_iso(ordinal: int) -> str:
    """A day as 2025-11-21."""
    return (date.min + timedelta(days=ordinal - 1)).isoformat()
