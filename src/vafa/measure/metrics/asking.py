"""What is asked: which periods of which calendar, and what the data know of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from vafa.data.business.queries import get_business
from vafa.kit.errors import AskedWrongly
from vafa.lab.calendars import CALENDARS, CalendarName
from vafa.lab.completeness import Completeness, decide_completeness
from vafa.lab.errors import CalendarRangeExceeded, PeriodEmpty, PeriodLengthUnknown
from vafa.lab.periods import (
    EVERY,
    WEEK_STARTS,
    Every,
    Period,
    WeekStart,
    find_last_complete_period,
    list_periods,
    parse_every,
)
from vafa.warehouse.queries import Snapshot
from vafa.warehouse.types import (
    ANSWER_DIMENSIONS,
    CUSTOM_PREFIX,
    ORDER_DIMENSIONS,
    SUBSCRIPTION_DIMENSIONS,
    TICKET_DIMENSIONS,
    Freshness,
)

if TYPE_CHECKING:
    from vafa.data.business.models import Business

MOST_PERIODS = 5_000


@dataclass(frozen=True)
class Cutting:
    """How time is cut: the calendar, the first day of the week, the first month of the year."""

    calendar: CalendarName
    week_start: WeekStart
    first_month: int


@dataclass(frozen=True)
class KnownPeriod:
    """A period and what the data know of it; `end` is where its end state is taken."""

    period: Period
    completeness: Completeness

    @property
    def start(self) -> int:
        """Its first day as an ordinal."""
        return self.period.start.toordinal()

    @property
    def end(self) -> int:
        """The boundary of its end state, not after the end of data; only where the period is known."""
        known = self.completeness.end_boundary
        return self.period.end.toordinal() if known is None else known


def settle_cutting(
    calendar: str | None, week_start: str | None, business: "Business | None" = None
) -> Cutting:
    """The calendar and week that are asked for, else the business's. Raises AskedWrongly for unknown ones."""
    own = business or get_business()
    chosen = next((name for name in CALENDARS if name == (calendar or own.calendar)), None)
    if chosen is None:
        raise _build_unknown(_("There is no calendar named “%(name)s”."), calendar or "", CALENDARS)
    week = next((name for name in WEEK_STARTS if name == (week_start or own.week_start)), None)
    if week is None:
        raise _build_unknown(_("A week cannot start on “%(name)s”."), week_start or "", WEEK_STARTS)
    # The business's year begins with a month of its own calendar; in another one that means nothing.
    return Cutting(chosen, week, own.fiscal_first_month if chosen == own.calendar else 1)


def settle_every(text: str | int | None) -> Every | int | None:
    """The length of a period that a text names. Raises AskedWrongly with the lengths there are."""
    if text is None or isinstance(text, int):
        return text
    try:
        return parse_every(text)
    except PeriodLengthUnknown as error:
        raise _build_unknown(_("“%(name)s” names no length of time."), text, (*EVERY, "30d")) from error


def _build_unknown(message: str, name: str, known: tuple[str, ...]) -> AskedWrongly:
    return AskedWrongly(
        message % {"name": name},
        _("Choose one of: %(names)s.") % {"names": ", ".join(known)},
        code="name_unknown",
        names=list(known),
    )


def settle_periods(
    start: date | None, end: date | None, every: Every | int | None, cutting: Cutting, freshness: Freshness
) -> list[Period]:
    """The periods that are asked for; none where there are no data and no dates.

    Without dates the last complete one (a month, unless `every` says otherwise). With dates and no `every`
    exactly these days; with `every` all whole periods that overlap them. A missing end is the end of data,
    a missing start the first fact. Raises AskedWrongly for an empty span or dates outside the calendar.
    """
    until, first = freshness.data_until, freshness.first_on
    try:
        if start is None and end is None:
            if until is None:
                return []
            length: Every | int = "month" if every is None else every
            return [
                find_last_complete_period(
                    until, length, cutting.calendar, cutting.week_start, cutting.first_month
                )
            ]
        begin, stop = start or first, end or until
        if begin is None or stop is None:
            return []
        whole = Period(begin, stop)
        if every is None:
            return [whole]
        _check_amount(whole, every)
        return list_periods(begin, stop, every, cutting.calendar, cutting.week_start, cutting.first_month)
    except PeriodEmpty as error:
        raise AskedWrongly(
            _("The period from %(start)s to %(end)s is empty.") % error.params,
            _("“to” is the first day after the period; it must be later than “from”."),
            code=error.code,
        ) from error
    except CalendarRangeExceeded as error:
        raise AskedWrongly(
            _("Some of these days are outside the years that are known of this calendar."),
            _("Choose other dates or another calendar."),
            code=error.code,
        ) from error


def _check_amount(whole: Period, every: Every | int) -> None:
    least = every if isinstance(every, int) else {"day": 1, "week": 7}.get(every, 28)
    if whole.days / least > MOST_PERIODS:
        raise AskedWrongly(
            _("These are too many periods: at most %(most)s can be asked for at once.")
            % {"most": MOST_PERIODS},
            _("Choose longer periods or a shorter time."),
            code="too_many_periods",
        )


def decide_known(periods: list[Period], freshness: Freshness, rule_days: int) -> list[KnownPeriod]:
    """What the data know of each period, by the days that the activity rule looks back."""
    first = None if freshness.first_on is None else freshness.first_on.toordinal()
    until = None if freshness.data_until is None else freshness.data_until.toordinal()
    return [
        KnownPeriod(
            period,
            decide_completeness(period.start.toordinal(), period.end.toordinal(), first, until, rule_days),
        )
        for period in periods
    ]


def is_before_data(period: Period, freshness: Freshness) -> bool:
    """Whether the period is over before the first fact: then nothing is known of it either."""
    return freshness.first_on is not None and period.end <= freshness.first_on


def list_fitting(snapshot: Snapshot, fits: Collection[str]) -> tuple[str, ...]:
    """The fields with several values that will do: `fits` says whose."""
    wrong = (
        *(() if "order" in fits else ORDER_DIMENSIONS),
        *(() if "subscription" in fits else SUBSCRIPTION_DIMENSIONS),
    )
    voice = (
        *(ANSWER_DIMENSIONS if "answer" in fits else ()),
        *(TICKET_DIMENSIONS if "ticket" in fits else ()),
    )
    return (
        *(name for name in (snapshot.list_voice_dimensions() if voice else ()) if name in voice),
        *(
            name
            for name in snapshot.list_dimensions()
            if name not in wrong
            and ("customer" in fits or name in (*ORDER_DIMENSIONS, *SUBSCRIPTION_DIMENSIONS))
        ),
    )


def settle_dimension(by: str | None, snapshot: Snapshot, fits: Collection[str]) -> str | None:
    """The field to split by, as the warehouse names it; a field of the business's own goes by its plain name.

    `fits` says whose fields will do: "order", "subscription", "customer", "answer", "ticket". Where facts have no
    location, "location" is the customer's. Raises AskedWrongly with the fields there are.
    """
    if by is None:
        return None
    known = list_fitting(snapshot, fits)
    meant = (by, CUSTOM_PREFIX + by, *(("customer_location",) if by == "location" else ()))
    found: str | None = next((name for name in meant if name in known), None)
    if found is not None:
        return found
    if by in (*ORDER_DIMENSIONS, *SUBSCRIPTION_DIMENSIONS, *ANSWER_DIMENSIONS, *TICKET_DIMENSIONS) or (
        by in snapshot.list_dimensions()
    ):
        message = _("This figure cannot be split by “%(name)s” under this activity rule.")
    else:
        message = _("There is no field “%(name)s” with several values to split by.")
    raise _build_unknown(message, by, tuple(name.removeprefix(CUSTOM_PREFIX) for name in known))
