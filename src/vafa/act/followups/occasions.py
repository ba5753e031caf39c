"""Days of customers that come back, and what was seen to of them."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.db import transaction

from vafa.act.followups.models import BirthdayCalendar, Dismissed
from vafa.act.followups.types import Coming, OccasionKind
from vafa.data.business.queries import get_business
from vafa.data.consent.queries import list_deceased
from vafa.data.customers.queries import list_born_on
from vafa.kit.audit import record
from vafa.lab.anniversaries import (
    YEAR_CALENDARS,
    Anniversary,
    YearCalendar,
    find_next_anniversary,
    is_calendar_known,
    list_first_days,
)

KEEP = timedelta(days=400)
_FEW = 500


def list_coming(
    start: date, end: date, *, owner_id: int | None = None, kind: OccasionKind | None = None
) -> list[Coming]:
    """Birthdays and anniversaries of joining (or those of one kind) that are kept on the days of [start, end), by day.

    A birthday is kept in the customer's own calendar, else in the business's; the dead have none.
    """
    usual = cast("YearCalendar", get_business().calendar)
    found: list[Coming] = []
    if kind in (None, "birthday"):
        own = dict(BirthdayCalendar.objects.values_list("customer_id", "calendar"))
        for calendar in YEAR_CALENDARS:
            if calendar != usual and calendar not in own.values():
                continue
            born = list_born_on(list_first_days(start, end, calendar), owner_id=owner_id)
            kept = [(customer, day) for customer, day in born if own.get(customer, usual) == calendar]
            found += _build("birthday", kept, calendar, start)
    if kind in (None, "joined"):
        days = list_first_days(start, end, usual)
        found += _build("joined", list_born_on(days, field="joined_on", owner_id=owner_id), usual, start)
    dead = list_deceased()
    known = [one for one in found if one.customer_id not in dead]
    return sorted(known, key=lambda one: (one.on, one.kind, one.customer_id))


def _build(
    kind: OccasionKind, firsts: Iterable[tuple[int, date]], calendar: YearCalendar, start: date
) -> Iterator[Coming]:
    """The next one of each. Many customers share a first day, and reckoning in a calendar costs more than all else."""
    known: dict[date, Anniversary | None] = {}
    for customer, first in firsts:
        if first not in known:
            known[first] = find_next_anniversary(first, calendar, start)
        if (found := known[first]) is not None:
            yield Coming(kind, customer, found.day, found.years)


def list_dismissed(kind: OccasionKind, customers: Collection[int], since: date) -> set[tuple[int, date]]:
    """Which occasions of these customers were seen to, of days since one: (customer, day)."""
    found = Dismissed.objects.filter(kind=kind, on__gte=since)
    if len(customers) <= _FEW:
        return set(found.filter(customer__in=list(customers)).values_list("customer_id", "on"))
    # What was seen to lately is far less than who has an occasion in a large base.
    wanted = set(customers)
    return {row for row in found.values_list("customer_id", "on") if row[0] in wanted}


@transaction.atomic
def dismiss(kind: OccasionKind, customer_id: int, on: date, *, by: Any, now: datetime) -> None:
    """Note that an occasion was seen to; twice is once."""
    Dismissed.objects.get_or_create(kind=kind, customer_id=customer_id, on=on, defaults={"by": by, "at": now})


@transaction.atomic
def undismiss(kind: OccasionKind, customer_id: int, on: date) -> None:
    """Take back that an occasion was seen to."""
    Dismissed.objects.filter(kind=kind, customer=customer_id, on=on).delete()


def forget_dismissed(now: datetime) -> int:
    """Forget what was seen to more than a year ago."""
    return Dismissed.objects.filter(at__lt=now - KEEP).delete()[0]


def get_birthday_calendar(customer_id: int) -> str:
    """The calendar in which a customer keeps the birthday; "" for the business's."""
    found = BirthdayCalendar.objects.filter(customer=customer_id).values_list("calendar", flat=True).first()
    return found or ""


@transaction.atomic
def set_birthday_calendar(customer_id: int, calendar: str, *, by: Any, now: datetime) -> None:
    """Keep a customer's birthday in a calendar; "" is the business's. An unknown one is refused by ValueError."""
    if calendar and not is_calendar_known(calendar):
        raise ValueError(calendar)
    before = get_birthday_calendar(customer_id)
    if before == calendar:
        return
    if calendar:
        BirthdayCalendar.objects.update_or_create(customer_id=customer_id, defaults={"calendar": calendar})
    else:
        BirthdayCalendar.objects.filter(customer=customer_id).delete()
    record(
        "customer.birthday_calendar_set",
        by=by,
        now=now,
        subject=str(customer_id),
        before=before,
        after=calendar,
    )
