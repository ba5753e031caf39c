"""The names behind a number are exactly as many as it says: on the page, through its pages, and in the file."""

import csv
import io
from datetime import date, timedelta
from typing import Any, get_args

import pytest
from django.test import Client

from vafa.data.staff.models import Staff
from vafa.front.customers.paging import PAGE_SIZE, SORTS
from vafa.front.overview.tests.shop import MAY, Shop, add_person, sign_in
from vafa.kit.models import AuditEntry
from vafa.kit.permissions import Role
from vafa.measure.metrics.queries import get_metric
from vafa.measure.metrics.tests.ledger import Ledger
from vafa.measure.metrics.types import SetName

COUNTED = ("start", "end", "new", "kept", "lost", "reactivated", "joined_and_left")


def list_ids(client: Client, name: str, query: str = MAY) -> list[int]:
    return [row.id for row in client.get(f"/names/{name}/?{query}").context["rows"]]


def walk(client: Client, address: str, way: str = "next_url") -> list[list[int]]:
    """The ids of all pages from here on."""
    pages = []
    path = address.split("?", maxsplit=1)[0]
    while True:
        context: Any = client.get(address).context
        pages.append([row.id for row in context["rows"]])
        if context[way] is None:
            return pages
        address = path + context[way]


def read_csv(client: Client, address: str) -> list[dict[str, str]]:
    content = b"".join(client.get(address))
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_each_set_holds_whom_it_says(shop: Shop, signed_in: Client) -> None:
    found = {name: set(list_ids(signed_in, name)) for name in get_args(SetName)}
    assert found == {
        "start": {shop.staying, shop.leaving},
        "end": {shop.staying, shop.newcomer, shop.returning},
        "new": {shop.newcomer},
        "kept": {shop.staying},
        "lost": {shop.leaving},
        "reactivated": {shop.returning},
        "joined_and_left": set(),
        "moved": set(),
        "article_difference": {shop.returning},
    }


def test_each_list_is_as_long_as_its_number_and_its_file(shop: Shop, signed_in: Client) -> None:
    for rule in ("purchase:30d", "purchase:10d", "purchase:90d"):
        row = get_metric("crr", start=date(2025, 5, 1), end=date(2025, 6, 1), rule=rule).rows[0]
        for name in COUNTED:
            query = f"from=2025-05-01&rule={rule}"
            count = getattr(row.counts, name)
            assert len(list_ids(signed_in, name, query)) == count, (rule, name)
            assert len(read_csv(signed_in, f"/names/{name}.csv?{query}")) == count, (rule, name)


def test_a_group_has_names_of_its_own(shop: Shop, signed_in: Client) -> None:
    assert list_ids(signed_in, "lost", f"{MAY}&by=location&group=Bonn") == [shop.leaving]
    assert list_ids(signed_in, "kept", f"{MAY}&by=location&group=Bonn") == []


def test_every_name_leads_to_its_page_and_to_why(shop: Shop, signed_in: Client) -> None:
    row = signed_in.get(f"/names/lost/?{MAY}").context["rows"][0]
    assert signed_in.get(row.url).status_code == 200
    assert "on=2025-06-01" in row.why_url
    assert "began" not in signed_in.get(row.why_url).context["why"].because
    assert "over by this midnight" in signed_in.get(row.why_url).context["why"].because


def test_the_file_holds_names_and_plain_values(shop: Shop, signed_in: Client) -> None:
    row = read_csv(signed_in, f"/names/lost.csv?{MAY}")[0]
    assert (row["id"], row["key"], row["name"]) == (str(shop.leaving), "K2", "پری گودرزی")
    assert (row["last_purchase"], row["orders"], row["revenue"]) == ("2025-04-15", "2", "115.5")
    entry = AuditEntry.objects.get(action="customers.exported")
    assert (entry.subject, entry.details["rows"]) == ("lost", 1)


def test_a_name_that_looks_like_a_formula_stays_text(shop: Shop, signed_in: Client) -> None:
    person = add_person(shop.ledger, "=HYPERLINK(1)", "K9")
    shop.ledger.add_order(person, date(2025, 5, 20))
    shop.ledger.publish(date(2025, 6, 30))
    names = {row["name"] for row in read_csv(signed_in, f"/names/new.csv?{MAY}")}
    assert "'=HYPERLINK(1)" in names


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("direction", ["up", "down"])
def test_pages_hold_everybody_once_in_every_order(
    ledger: Ledger, signed_in: Client, sort: str, direction: str
) -> None:
    people = [add_person(ledger, f"Person {number % 7}", f"P{number}") for number in range(2 * PAGE_SIZE + 7)]
    ledger.add_orders([(pk, date(2025, 5, 1) + timedelta(days=pk % 20)) for pk in people])
    ledger.add_orders([(pk, date(2025, 5, 25)) for pk in people[::3]])
    if direction == "down":  # then the list is a part of everybody, not all
        ledger.add_orders([(add_person(ledger, "Person 3", "Gone"), date(2025, 1, 1))])
    ledger.publish(date(2025, 5, 31))
    query = f"from=2025-05-01&rule=purchase:40d&sort={sort}&dir={direction}"
    pages = walk(signed_in, f"/names/end/?{query}")
    assert [len(page) for page in pages] == [PAGE_SIZE, PAGE_SIZE, 7]
    forward = [pk for page in pages for pk in page]
    assert sorted(forward) == sorted(people)
    in_file = [int(row["id"]) for row in read_csv(signed_in, f"/names/end.csv?{query}")]
    assert in_file == forward
    last = f"/names/end/?{query}&after={pages[1][-1]}"
    backward = walk(signed_in, last, "previous_url")
    assert [pk for page in reversed(backward) for pk in page] == forward


def test_orders_rise_and_fall(shop: Shop, signed_in: Client) -> None:
    falling = list_ids(signed_in, "end", f"{MAY}&sort=revenue&dir=down")
    assert falling == [shop.staying, shop.returning, shop.newcomer]
    assert list_ids(signed_in, "end", f"{MAY}&sort=revenue&dir=up") == falling[::-1]


def test_unknown_sets_and_unfit_groups_are_not_found(shop: Shop, signed_in: Client) -> None:
    assert signed_in.get(f"/names/secret/?{MAY}").status_code == 404
    shop.ledger.add_subscription(shop.staying, date(2025, 1, 1))
    shop.ledger.publish(date(2025, 6, 30), kind="subscriptions")
    address = f"/names/lost/?{MAY}&rule=subscription&by=location&group=Bonn"
    assert signed_in.get(address).status_code == 404


def test_an_empty_list_says_so(shop: Shop, signed_in: Client) -> None:
    page = signed_in.get("/names/lost/?from=2025-02-01").content.decode()
    assert "nobody behind this number" in page or "Lost: 1" in page
    assert "nobody behind this number" in signed_in.get(f"/names/moved/?{MAY}").content.decode()


def test_a_file_needs_the_permission(shop: Shop, owner: Staff) -> None:
    reader = sign_in(shop.hire(Role.READ_ONLY))
    page = reader.get(f"/names/lost/?{MAY}")
    assert page.status_code == 200
    assert "lost.csv" not in page.content.decode()
    assert reader.get(f"/names/lost.csv?{MAY}").status_code == 403
    assert not AuditEntry.objects.filter(action="customers.exported").exists()
