"""Asking by the pages: the overview, its files, and the lists of names that its numbers lead to."""

import csv
import io
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from tests.laws.asking import ORDER_METRICS, is_same, is_splittable
from tests.laws.shop import Shop
from tests.laws.twin import COUNTS, Twin, is_of_customer
from tests.laws.twin_rows import to_day
from tests.laws.twin_time import naive_periods
from vafa.data.business.actions import change_business
from vafa.data.business.queries import get_style
from vafa.data.staff.models import Staff
from vafa.data.staff.queries import forget_owner
from vafa.front.overview.texts import write_value
from vafa.front.tests.conftest import let_be_confirmed
from vafa.kit.locale.formats import strip_direction_marks
from vafa.kit.permissions import Role
from vafa.measure.metrics.queries import get_entry

NAMED = ("start", "end", "new", "kept", "lost", "reactivated", "joined_and_left", "article_difference")


def sign_in(shop: Shop) -> Client:
    """The owner's browser, in English."""
    forget_owner()
    change_business(by=None, now=shop.now, is_set_up=True, language="en")
    owner = Staff.objects.create(email="owner@example.com", role=Role.OWNER, created_at=shop.now)
    client = Client()
    client.force_login(owner)
    let_be_confirmed(client, owner)
    client.cookies["django_language"] = "en"
    return client


def check_pages(twin: Twin, client: Client, rule: str, every: str, day: date, by: str | None) -> bool:
    """The overview of the period that holds the day, what it links to, and its files, checked against the twin.

    False where that period is not known, so that there was nothing to compare.
    """
    settled = twin.naive_rule(rule)
    kind = "orders" if settled.kind == "purchase" else "subscriptions"
    until, first = twin.naive_end(kind), twin.naive_first(kind)
    business = twin.business
    start, end = naive_periods(
        day, date.fromordinal(day.toordinal() + 1), every, business.calendar, business.week_start,
        business.fiscal_first_month,
    )[0]  # fmt: skip
    if until is None or first is None or start.toordinal() >= until or end.toordinal() <= first:
        return False
    asked = {"every": every, "from": start.isoformat(), "rule": rule} | ({"by": by} if by else {})
    stop = min(end.toordinal(), until)
    page = client.get(f"/overview/?{urlencode(asked)}")
    assert page.status_code == 200
    text = strip_direction_marks(page.content.decode())
    style = get_style("en", business)
    for line in read_csv(client, "/overview/export/figures.csv", asked):
        metric = line["metric"]
        if metric in ORDER_METRICS and not is_known(twin, start.toordinal(), end.toordinal()):
            continue
        # Orders may be known up to another day than what the rule needs.
        known = min(end.toordinal(), twin.naive_end("orders") or 0) if metric in ORDER_METRICS else stop
        value, low, high = twin.naive_value(metric, settled, None, start.toordinal(), known)
        assert (line["from"], line["to"]) == (start.isoformat(), end.isoformat())
        for name, expected in (("value", value), ("low", low), ("high", high)):
            assert is_same(float(line[name]) if line[name] else None, expected), (
                metric,
                name,
                line,
                expected,
            )
        shown = write_value(value, get_entry(metric).unit, style)
        assert shown is None or strip_direction_marks(shown) in text, (metric, shown)
    check_names(twin, client, rule, (start, end), stop)
    check_growth(twin, client, asked, rule, (start, end), stop)
    if by is not None and is_splittable(twin, "crr", rule, by):
        check_split(twin, client, asked, rule, by, start.toordinal(), stop)
    return True


def is_known(twin: Twin, start: int, end: int) -> bool:
    """Whether the orders tell of a period (ordinals)."""
    until, first = twin.naive_end("orders"), twin.naive_first("orders")
    return until is not None and first is not None and start < until and end > first


def check_names(twin: Twin, client: Client, rule: str, period: tuple[date, date], stop: int) -> None:
    """Each list of names, and its file, holds just the twin's customers."""
    moves = twin.naive_moves(twin.naive_rule(rule), None, period[0].toordinal(), stop)
    asked = {"every": "own", "from": period[0].isoformat(), "to": period[1].isoformat(), "rule": rule}
    for name in NAMED:
        listed = [int(line["id"]) for line in read_csv(client, f"/names/{name}.csv", asked)]
        assert len(listed) == len(set(listed))
        assert set(listed) == moves.sets[name], (name, rule, period)
        page = client.get(f"/names/{name}/?{urlencode(asked)}")
        assert page.status_code == 200
        assert {row.id for row in page.context["rows"]} == moves.sets[name]


def check_growth(
    twin: Twin, client: Client, asked: dict[str, str], rule: str, period: tuple[date, date], stop: int
) -> None:
    """The period's line in the file of the growth chart."""
    moves = twin.naive_moves(twin.naive_rule(rule), None, period[0].toordinal(), stop)
    lines = [
        line
        for line in read_csv(client, "/overview/export/growth.csv", asked)
        if line["from"] == period[0].isoformat()
    ]
    assert len(lines) == 1
    for name in ("start", "end", "new", "kept", "lost", "reactivated"):
        assert abs(int(lines[0][name])) == len(moves.sets[name]), (name, lines[0])


def check_split(
    twin: Twin, client: Client, asked: dict[str, str], rule: str, by: str, start: int, stop: int
) -> None:
    """The table of groups, which leaves out those in which nobody was."""
    lines = {line["group"]: line for line in read_csv(client, "/overview/export/split.csv", asked)}
    for value in twin.naive_values(by):
        moves = twin.naive_moves(twin.naive_rule(rule), (by, value), start, stop)
        if not moves.sets["start"] and not moves.sets["end"]:
            assert value not in lines
            continue
        names = [*COUNTS.values(), *([] if is_of_customer(by) else ["moved"])]
        assert {name: int(lines[value][name]) for name in names} == {
            name: len(moves.sets[name]) for name in names
        }


def read_csv(client: Client, address: str, asked: dict[str, Any]) -> list[dict[str, str]]:
    """The rows of a file."""
    answer = client.get(f"{address}?{urlencode(asked)}")
    assert answer.status_code == 200, (address, asked)
    content = b"".join(answer) if answer.streaming else answer.content
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def list_days(twin: Twin) -> list[date]:
    """Some days of the data: soon after their beginning, in the middle and at their end."""
    firsts = [day for kind in ("orders", "subscriptions") if (day := twin.naive_first(kind)) is not None]
    lasts = [day for kind in ("orders", "subscriptions") if (day := twin.naive_end(kind)) is not None]
    if not firsts or not lasts:
        return []
    first, last = min(firsts), min(lasts)
    return [to_day(day) for day in (first + 35, (first + last) // 2, last - 1)]
