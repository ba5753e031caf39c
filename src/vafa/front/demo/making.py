"""Making the demo business: a coffee roastery with five branches, a web shop and a coffee club.

It comes in as an own business would: files are imported, so that its imports can be looked at and undone.
"""

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.data.business.actions import add_named_period, change_business, set_up_country
from vafa.data.business.queries import get_business, list_named_periods
from vafa.data.costs.actions import set_margin
from vafa.data.costs.queries import list_margins
from vafa.data.customers.actions import assign_owner
from vafa.data.intake.actions import import_file
from vafa.data.intake.queries import list_imports
from vafa.data.staff.queries import find_staff
from vafa.front.demo.calendar import build_story
from vafa.front.demo.contacts import draw_contacts
from vafa.front.demo.costs import MARGINS, PRICES, SPEND, list_price_rows, list_spend_rows
from vafa.front.demo.files import (
    CONTACTS,
    CUSTOMERS,
    MEMBERS,
    ORDERS,
    RETURNS,
    SHOP,
    SUBSCRIPTIONS,
    DemoFile,
    Row,
    list_contact_rows,
    list_customer_rows,
    list_member_rows,
    list_order_rows,
    list_return_rows,
    list_subscription_rows,
)
from vafa.front.demo.people import Person, draw_people
from vafa.front.demo.rates import SHOP_RULE
from vafa.front.demo.sales import draw_orders
from vafa.front.demo.staff import AGENT_EMAIL, make_staff
from vafa.front.demo.truth import DemoTruth
from vafa.front.demo.voice import draw_answers, draw_tickets
from vafa.front.demo.voice_files import SURVEYS, TICKETS, list_answer_rows, list_ticket_rows
from vafa.kit.home import get_folder, get_home
from vafa.warehouse.actions import refresh

Say = Callable[[str], None]

CUSTOMERS_COUNT = 5_000
SEED = "hezar"
STORY_FILE = "demo.json"
COUNTRY, ZONE = "IR", "Asia/Tehran"
# Name, Jalali month and first day of a sale that lasts until the month is over.
NAMED_PERIODS = (("فروش شب یلدا", 9, 15), ("فروش نوروزی", 12, 10))
# The agent looks after one customer in so many.
AGENT_HAS_ONE_IN = 12


def make_demo(*, say: Say, now: datetime, customers: int = CUSTOMERS_COUNT) -> DemoTruth:
    """Fill this home with the demo business, and return what is true of it.

    Made once, it stays as it is, with the story that ends on the day before it was made. Cut off in the middle, it
    goes on where it stopped.
    """
    today, count, done = _read_or_begin(now.astimezone(ZoneInfo(ZONE)).date(), customers)
    story = build_story(today)
    people = draw_people(story, count, SEED)
    truth = DemoTruth(story, tuple(people))
    if done:
        return truth
    say(_("Setting up the demo business"))
    _set_up_business(now)
    make_staff(now)
    _name_periods(truth, now)
    _tell_margins(truth, now)
    say(_("Making up %(count)s customers and three years of orders") % {"count": f"{count:,}"})
    for file, rows in _list_files(truth):
        _bring_in(file, rows, truth, say, now)
    _give_agent_customers(people, now)
    refresh(now=now, say=say)
    _write_story(today, count, done=True)
    say(_("The demo business is made"))
    return truth


def _read_or_begin(today: date, customers: int) -> tuple[date, int, bool]:
    """The day and size of the demo that is here, or of the one to make, and whether it is complete."""
    path = get_home() / STORY_FILE
    try:
        known = json.loads(path.read_text())
        return date.fromisoformat(known["day"]), int(known["customers"]), bool(known["done"])
    except (FileNotFoundError, ValueError, KeyError):
        _write_story(today, customers, done=False)
        return today, customers, False


def _write_story(day: date, customers: int, *, done: bool) -> None:
    document = {"day": day.isoformat(), "customers": customers, "done": done}
    path = get_home() / STORY_FILE
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(document))
    draft.replace(path)


def _set_up_business(now: datetime) -> None:
    if get_business().is_demo:
        return
    set_up_country(COUNTRY, language="fa", by=None, now=now)
    change_business(
        by=None,
        now=now,
        name="قهوهٔ هزاردستان",
        industry="retail",
        activity_rule=SHOP_RULE,
        agents_own_only=True,
        is_demo=True,
        is_set_up=True,
    )


def _name_periods(truth: DemoTruth, now: datetime) -> None:
    """Name the last Yalda and Nowruz sales, as a business names its own periods."""
    if list_named_periods():
        return
    whole = truth.story.whole_months
    for name, number, first_day in NAMED_PERIODS:
        month = next(month for month in reversed(whole) if month.number == number)
        start, end = date.fromordinal(month.start + first_day - 1), date.fromordinal(month.end)
        add_named_period(name, start, end, by=None, now=now)


def _tell_margins(truth: DemoTruth, now: datetime) -> None:
    """What is left of revenue: less since the third year."""
    if list_margins():
        return
    for place, share in MARGINS:
        since = None if place is None else date.fromordinal(truth.story.months[place].start)
        set_margin(share, since, by=None, now=now)


def _list_files(truth: DemoTruth) -> Iterable[tuple[DemoFile, list[Row]]]:
    people, story = truth.people, truth.story
    orders = draw_orders(story, list(people), SEED)
    yield CUSTOMERS, list_customer_rows(people)
    yield MEMBERS, list_member_rows(people)
    yield ORDERS, list_order_rows(orders)
    yield RETURNS, list_return_rows(orders)
    yield SUBSCRIPTIONS, list_subscription_rows(story, people)
    yield CONTACTS, list_contact_rows(draw_contacts(story, list(people), SEED))
    tickets = draw_tickets(story, list(people), SEED)
    yield TICKETS, list_ticket_rows(tickets)
    yield SURVEYS, list_answer_rows(draw_answers(story, list(people), tickets, SEED))
    yield SPEND, list_spend_rows(story, len(people))
    yield PRICES, list_price_rows(story)


def _bring_in(file: DemoFile, rows: list[Row], truth: DemoTruth, say: Say, now: datetime) -> None:
    """Import one file, unless that was done before a start was cut off."""
    if any(row.file_name == file.name and row.state == "done" for row in list_imports()):
        return
    path = file.write(_get_files_folder(), rows)
    result = import_file(
        path,
        file.get_options(date.fromordinal(truth.story.data_until - 1)),
        by=None,
        clock=lambda: now,
    )
    rows_in = result.new + result.changed
    text = ngettext("%(file)s: %(count)s row in", "%(file)s: %(count)s rows in", rows_in)
    say(text % {"file": file.name, "count": f"{rows_in:,}"})


def _get_files_folder() -> Path:
    return get_folder("demo-files")


def _give_agent_customers(people: list[Person], now: datetime) -> None:
    agent = find_staff(AGENT_EMAIL)
    if agent is None:
        return
    keys = [person.key for person in people if person.shop_spells and person.number % AGENT_HAS_ONE_IN == 0]
    assign_owner(SHOP, keys, agent, by=None, now=now)
