"""Everything that one text may mean: customers, orders by number, pages."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from vafa.data.business.queries import Business
from vafa.data.customers.queries import Hit, list_customer_rows, list_reach, seek_customers
from vafa.data.orders.queries import FoundOrder, list_orders_by_number
from vafa.front.customers.rows import name_customer
from vafa.front.search.places import Page, find_pages
from vafa.kit.locale.bidi import isolate
from vafa.kit.locale.formats import Style, format_day
from vafa.kit.permissions import Permission, may

LONGEST = 200


@dataclass(frozen=True)
class Limits:
    """How many of each kind are shown."""

    customers: int
    orders: int
    pages: int


WHILE_TYPING = Limits(customers=8, orders=4, pages=4)
ON_A_PAGE = Limits(customers=50, orders=20, pages=20)


@dataclass(frozen=True)
class Answer:
    """One thing found: its page, what it is called, and a line that tells it from others."""

    url: str
    title: str
    note: str
    icon: str


@dataclass(frozen=True)
class Found:
    """What was found, by kind."""

    customers: list[Answer] = field(default_factory=list)
    orders: list[Answer] = field(default_factory=list)
    pages: list[Answer] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found."""
        return not (self.customers or self.orders or self.pages)


def find_everything(
    text: str, staff: Any, business: Business, style: Style, owner_id: int | None, limits: Limits
) -> Found:
    """All that a text may mean, of what this person may see. The text is nowhere kept: it may be somebody's name."""
    wanted = " ".join(text.split())[:LONGEST]
    if not wanted:
        return Found()
    pages = [_write_page(page) for page in find_pages(wanted, staff, business, limits.pages)]
    if not may(staff, Permission.SEE_CUSTOMERS):
        return Found(pages=pages)
    hits = seek_customers(
        wanted,
        region=business.phone_region or business.country,
        limit=limits.customers,
        owner_id=owner_id,
    )
    orders = list_orders_by_number(wanted, limits.orders, owner_id)
    return Found(_write_customers(hits), _write_orders(orders, style), pages)


def _write_customers(hits: list[Hit]) -> list[Answer]:
    by_id = {hit.id: hit for hit in hits}
    reach = list_reach(list(by_id))
    answers = []
    for row in list_customer_rows(list(by_id)):
        hit, ways = by_id[row.id], reach.get(row.id)
        value = hit.value or (ways.phone or ways.email if ways else "") or row.key
        named = name_customer(row)
        notes = [isolate(value)] if value else []
        notes += [text for text in (row.company, row.location) if text and text != named]
        answers.append(Answer(reverse("customer", args=[row.id]), named, " · ".join(notes), "circle-user"))
    return answers


def _write_orders(orders: list[FoundOrder], style: Style) -> list[Answer]:
    names = {
        row.id: name_customer(row)
        for row in list_customer_rows([order.customer for order in orders if order.customer is not None])
    }
    return [
        Answer(
            reverse("order", args=[order.line]),
            _("Order %(number)s") % {"number": isolate(order.number)},
            " · ".join(
                filter(
                    None,
                    (names.get(order.customer or 0), format_day(order.day, style, "short"), order.source),
                )
            ),
            "shopping-bag",
        )
        for order in orders
    ]


def _write_page(page: Page) -> Answer:
    return Answer(page.url, page.title, page.kind, page.icon)
