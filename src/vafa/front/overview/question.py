"""What a page of figures is asked: the period, the split and the rule, all of them in its address.

`every` (day, week, month, quarter, half, year, own) · `from`, the first day · `to`, the first day after (only for
own periods) or `through`, the last day · `named`, a period that the business named · `by` · `group` · `rule` ·
`segment`, of whose members all figures are.
Days are ISO or of the business's calendar.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import cast
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from vafa.data.business.queries import Business, list_named_periods
from vafa.front.date_field import parse_day
from vafa.lab.calendars import CalendarName
from vafa.lab.errors import LabError, PeriodEmpty
from vafa.lab.periods import (
    EVERY,
    Every,
    Period,
    WeekStart,
    build_period,
    find_last_complete_period,
    shift_period,
)

OWN = "own"
MOST_OWN_DAYS = 36_525


@dataclass(frozen=True)
class Cutting:
    """How the business cuts time."""

    calendar: CalendarName
    week_start: WeekStart
    first_month: int


@dataclass(frozen=True)
class Question:
    """A settled question. `period` is None where there is no data to choose one by.

    `chosen` says that the address names the days, `problems` what in it couldn't be read.
    """

    cutting: Cutting
    every: Every | str
    period: Period | None
    chosen: bool
    by: str | None
    group: str | None
    rule: str | None
    name: str = ""
    segment: str | None = None
    problems: tuple[str, ...] = field(default=())

    @property
    def step(self) -> Every | int | None:
        """The length of a period as the metrics want it: a calendar's, or a number of days."""
        if self.every != OWN:
            return cast("Every", self.every)
        return self.period.days if self.period else None

    def shift(self, count: int) -> Period | None:
        """The period so many steps later, on the same grid; None where the calendar ends."""
        if self.period is None or self.step is None:
            return None
        cut = self.cutting
        try:
            return shift_period(self.period, count, self.step, cut.calendar, cut.week_start, cut.first_month)
        except LabError:
            return None

    def build_query(self, **changes: str | date | Period | None) -> str:
        """The address's query of this question with some things changed; None takes one away.

        `period` is a Period. A period that was not chosen stays unchosen, so that the page moves with the data.
        """
        asked: dict[str, str] = {}
        period = changes.pop("period", self.period if self.chosen else None)
        every = changes.pop("every", self.every)
        if every and every != "month":
            asked["every"] = str(every)
        if isinstance(period, Period):
            asked["from"] = period.start.isoformat()
            if every == OWN:
                asked["to"] = period.end.isoformat()
        own = {"segment": self.segment, "by": self.by, "group": self.group, "rule": self.rule}
        for name, value in {**own, **changes}.items():
            if value is not None:
                asked[name] = str(value)
        return urlencode(asked)


def get_cutting(business: Business) -> Cutting:
    """How this business cuts time."""
    return Cutting(
        cast("CalendarName", business.calendar),
        cast("WeekStart", business.week_start),
        business.fiscal_first_month,
    )


def read_question(
    asked: Mapping[str, str],
    business: Business,
    data_until: date | None,
    written_in: CalendarName | None = None,
) -> Question:
    """The question that an address asks; without days it is the last complete period, a month by default.

    `written_in` is the calendar in which the reader writes days (the business's, unless given).
    """
    cutting = get_cutting(business)
    problems: list[str] = []
    every = asked.get("every", "month")
    calendar = written_in or cutting.calendar
    start = _read_day(asked.get("from", ""), calendar, problems)
    end = _read_end(asked, calendar, problems)
    name = ""
    if named := asked.get("named", ""):
        every, start, end, name = _find_named(named, problems)
    if every not in (*EVERY, OWN):
        problems.append(_("There is no such length of time; months are shown."))
        every = "month"
    if every == OWN and (start is None or end is None):
        every, start = "month", None
    every, period = _settle(every, start, end, cutting, data_until, problems)
    return Question(
        cutting=cutting,
        every=every,
        period=period,
        chosen=start is not None and period is not None and not problems,
        by=asked.get("by") or None,
        group=asked.get("group") if asked.get("by") else None,
        rule=asked.get("rule") or None,
        name=name,
        segment=asked.get("segment") or None,
        problems=tuple(problems),
    )


def _read_day(text: str, calendar: CalendarName, problems: list[str]) -> date | None:
    if not text.strip():
        return None
    try:
        return parse_day(text, calendar)
    except ValidationError as error:
        problems.extend(error.messages)
        return None


def _read_end(asked: Mapping[str, str], calendar: CalendarName, problems: list[str]) -> date | None:
    last = _read_day(asked.get("through", ""), calendar, problems)
    if last is not None and last < date.max:
        return last + timedelta(days=1)
    return _read_day(asked.get("to", ""), calendar, problems)


def _find_named(text: str, problems: list[str]) -> tuple[str, date | None, date | None, str]:
    found = next((row for row in list_named_periods() if str(row.pk) == text), None)
    if found is None:
        problems.append(_("There is no such period any more."))
        return "month", None, None, ""
    return OWN, found.start_on, found.end_on, found.name


def _settle(
    every: str,
    start: date | None,
    end: date | None,
    cutting: Cutting,
    data_until: date | None,
    problems: list[str],
) -> tuple[str, Period | None]:
    """The period asked for; where there is none such, the last complete one."""
    try:
        if every == OWN and start is not None and end is not None:
            return OWN, _build_own(start, end)
        if start is not None:
            length = cast("Every", every)
            return every, build_period(
                start, length, cutting.calendar, cutting.week_start, cutting.first_month
            )
    except LabError:
        problems.append(_("These days make no period: the last day must not be before the first."))
    length = "month" if every == OWN else cast("Every", every)
    if data_until is None:
        return length, None
    return length, find_last_complete_period(
        data_until, length, cutting.calendar, cutting.week_start, cutting.first_month
    )


def _build_own(start: date, end: date) -> Period:
    period = Period(start, end)
    if period.days > MOST_OWN_DAYS:
        raise PeriodEmpty(start=start.isoformat(), end=end.isoformat())
    return period
