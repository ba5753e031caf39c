"""Customers of the day: whose subscription ends, whose birthday it is, who has gone quiet, who was promised what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.act.followups.queries import list_coming, list_dismissed
from vafa.act.followups.types import Coming, OccasionKind
from vafa.data.consent.queries import list_deceased
from vafa.data.customers.queries import find_customer, list_customer_rows, list_reach
from vafa.data.interactions.queries import list_promises
from vafa.data.subscriptions.queries import list_ending
from vafa.front.customers.paging import Order, find_page
from vafa.front.customers.rows import name_customer
from vafa.front.followups.asked import Eyes
from vafa.front.followups.words import describe_due
from vafa.front.overview.figures import Asker
from vafa.kit.errors import VafaError
from vafa.kit.locale.formats import format_number
from vafa.measure.segments.queries import get_segment_members, list_segments

ENDING_BEFORE, ENDING_AHEAD = timedelta(days=14), timedelta(days=14)
COMING_AHEAD = timedelta(days=8)
PROMISES_AHEAD = timedelta(days=7)
# Who has gone quiet and was seen to is not shown again for so long.
QUIET_REST = timedelta(days=30)
SHOWN, ALL_SHOWN = 8, 500
LATE = "late"

_Row = TypeVar("_Row")


@dataclass(frozen=True)
class Person:
    """One customer of a list: what there is to say, and the occasion that can be seen to."""

    kind: str
    customer_id: int
    on: date
    name: str
    url: str
    phone: str
    when: str
    note: str
    is_late: bool = False
    key: str = ""


@dataclass(frozen=True)
class People:
    """One list: its rows, and how many more there are."""

    rows: list[Person]
    more: str = ""


def _keep_new(
    kind: OccasionKind, found: list[_Row], get: "dict[int, tuple[int, date]]", since: date
) -> list[_Row]:
    """The rows whose occasion was not seen to yet; `get` tells the customer and the day of each, by its place."""
    seen = list_dismissed(kind, {customer for customer, _on in get.values()}, since)
    return [row for place, row in enumerate(found) if get[place] not in seen]


def _build(rows: Iterable[tuple[str, int, date, str, str, bool, str]], total: int, eyes: Eyes) -> People:
    listed = list(rows)
    ids = list(dict.fromkeys(row[1] for row in listed))
    names = {row.id: name_customer(row) for row in list_customer_rows(ids)}
    reach = list_reach(ids)
    people = [
        Person(
            kind=kind,
            customer_id=customer,
            on=on,
            name=names[customer],
            url=reverse("customer", args=[customer]),
            phone=reach[customer].phone if customer in reach else "",
            when=when,
            note=note,
            is_late=is_late,
            key=key,
        )
        for kind, customer, on, when, note, is_late, key in listed
        if customer in names
    ]
    left = total - len(listed)
    more = ngettext("and %(count)s more", "and %(count)s more", left) % {
        "count": format_number(left, eyes.style)
    }
    return People(people, more if left > 0 else "")


def list_ending_people(
    eyes: Eyes, owner_id: int | None, known_until: date | None, *, most: int = SHOWN
) -> People:
    """Whose subscription ends soon, or has ended lately, without another one after it.

    One that has ended is told of only as far as the data about subscriptions reach: later it may have been renewed, and
    no source has told yet."""
    today = eyes.moment.today
    dead = list_deceased()
    found = [
        row
        for row in list_ending(today - ENDING_BEFORE, today + ENDING_AHEAD, owner_id=owner_id)
        if row.customer_id not in dead
        and (row.ended_on >= today or (known_until is not None and row.ended_on < known_until))
    ]
    days = {place: (row.customer_id, row.ended_on) for place, row in enumerate(found)}
    found = _keep_new("ending", found, days, today - ENDING_BEFORE)
    one_day = timedelta(days=1)
    rows = (
        (
            "ending",
            row.customer_id,
            row.ended_on,
            _("Last day: %(day)s") % {"day": describe_due(row.ended_on - one_day, None, today, eyes.style)},
            row.plan,
            row.ended_on <= today,
            "",
        )
        for row in found[:most]
    )
    return _build(rows, len(found), eyes)


def list_coming_people(eyes: Eyes, owner_id: int | None, kind: OccasionKind, *, most: int = SHOWN) -> People:
    """Whose birthday, or anniversary of joining, is kept today or in the next week."""
    today = eyes.moment.today
    found = list_coming(today, today + COMING_AHEAD, owner_id=owner_id, kind=kind)
    days = {place: (one.customer_id, one.on) for place, one in enumerate(found)}
    found = _keep_new(kind, found, days, today)
    rows = (
        (
            kind,
            one.customer_id,
            one.on,
            describe_due(one.on, None, today, eyes.style),
            describe_years(one, eyes),
            False,
            "",
        )
        for one in found[:most]
    )
    return _build(rows, len(found), eyes)


def describe_years(one: Coming, eyes: Eyes) -> str:
    """How many years have passed."""
    count = {"years": format_number(one.years, eyes.style)}
    if one.kind == "birthday":
        return ngettext("turns %(years)s", "turns %(years)s", one.years) % count
    return ngettext("%(years)s year with us", "%(years)s years with us", one.years) % count


def list_quiet_people(eyes: Eyes, asker: Asker) -> People:
    """Who is late for their own rhythm, by the ready segment; who brought most comes first."""
    late = next((segment for segment in list_segments() if segment.preset == LATE), None)
    if late is None:
        return People([])
    try:
        members = get_segment_members(late.slug, asker.snapshot)
    except VafaError:
        return People([])
    members = members if asker.visible is None else members & asker.visible
    today = eyes.moment.today
    # A few more than are shown, because some may have been seen to.
    page = find_page(asker, members, Order("revenue", falling=True), size=SHOWN * 10)
    dead = list_deceased()
    rested = {customer for customer, _on in list_dismissed("quiet", page.ids, today - QUIET_REST)}
    ids = [pk for pk in page.ids if pk not in rested and pk not in dead]
    rows = (("quiet", pk, today, "", "", False, "") for pk in ids[:SHOWN])
    return _build(rows, page.total - (len(page.ids) - len(ids)), eyes)


def list_promised_people(eyes: Eyes, owner_id: int | None, *, most: int = SHOWN) -> People:
    """To whom something is promised that is late, or due in the next week; for who is limited, own customers only."""
    today = eyes.moment.today
    found = []
    for one in list_promises(until=today + PROMISES_AHEAD):
        customer = find_customer(one.customer_id)
        if customer is not None and owner_id in (None, customer.owner_id):
            found.append((customer.pk, one))
    rows = (
        (
            "promise",
            customer_id,
            one.due_on,
            describe_due(one.due_on, None, today, eyes.style),
            one.text,
            one.due_on < today,
            one.key,
        )
        for customer_id, one in found[:most]
    )
    return _build(rows, len(found), eyes)
