"""Rows of lists of customers as they are read: names, days and money ready written."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from pyroaring import BitMap

from vafa.data.customers.queries import CustomerRow, list_customer_rows, list_reach
from vafa.front.customers.paging import Order
from vafa.front.customers.risk import RiskCell, build_cell, list_export_values, read_risk
from vafa.front.customers.risk import list_export_columns as list_risk_columns
from vafa.front.customers.values import CustomerValues, get_values
from vafa.front.overview.figures import Asker
from vafa.kit.locale.formats import Style, format_day, format_money, format_number
from vafa.lab.sets import list_members

_EXPORT_COLUMNS = (
    "id", "key", "name", "company", "location", "email", "phone",
    "first_purchase", "last_purchase", "orders", "revenue",
)  # fmt: skip
_CHUNK = 1000


@dataclass(frozen=True)
class ListRow:
    """One customer of a list."""

    id: int
    name: str
    key: str
    location: str
    first: str
    last: str
    orders: str
    revenue: str
    url: str
    is_excluded: bool
    why_url: str = ""
    risk: RiskCell | None = None


@dataclass(frozen=True)
class Column:
    """A column's head, and the order that a click on it asks for."""

    title: str
    query: str
    sorted: str
    number: bool


def name_customer(row: CustomerRow) -> str:
    """How a customer is called: by name, else company, else the id that a source uses."""
    if row.name or row.company:
        return row.name or row.company
    return _("Number %(key)s") % {"key": row.key or row.id}


def build_rows(asker: Asker, ids: list[int], style: Style, why: str = "") -> list[ListRow]:
    """The rows of a page. `why` is the query that explains each one's state, where a list is about one."""
    numbers, values, risk = _find_numbers(asker, ids), get_values(asker), read_risk(asker)
    rows = []
    for found in list_customer_rows(ids):
        number = numbers.get(found.id)
        address = reverse("customer", args=[found.id])
        rows.append(
            ListRow(
                id=found.id,
                name=name_customer(found),
                key=found.key,
                location=found.location,
                first=format_day(_get_day(values, "first", number), style, "short"),
                last=format_day(_get_day(values, "last", number), style, "short"),
                orders=format_number(0 if number is None else int(values.orders[number]), style),
                revenue=format_money(_get_revenue(values, number), style.currency, style),
                url=address,
                is_excluded=found.excluded,
                why_url=f"{address}?{why}#why" if why else "",
                risk=build_cell(risk, number, style),
            )
        )
    return rows


def _find_numbers(asker: Asker, ids: list[int]) -> dict[int, int]:
    """The warehouse's numbers of these customers; the excluded and the newest have none."""
    members: BitMap = asker.snapshot.ix_set(ids) if ids else BitMap()
    return dict(zip(asker.snapshot.ids(members).tolist(), list_members(members).tolist(), strict=True))


def _get_day(values: CustomerValues, name: str, number: int | None) -> date | None:
    ordinal = 0 if number is None else int(getattr(values, name)[number])
    return date.fromordinal(ordinal) if ordinal else None


def _get_revenue(values: CustomerValues, number: int | None) -> float | None:
    return None if number is None else round(float(values.revenue[number]), 4)


def build_columns(order: Order, build_query: Any, *, with_risk: bool) -> list[Column]:
    """The heads of the columns; `build_query(sort=, dir=)` gives the address of an order."""
    titles = {
        "name": (_("Name"), False),
        "first": (_("First purchase"), False),
        "last": (_("Last purchase"), False),
        "orders": (_("Orders"), True),
        "revenue": (_("Revenue"), True),
        **({"risk": (_("Risk"), False)} if with_risk else {}),
    }
    columns = []
    for sort, (title, number) in titles.items():
        chosen = sort == order.sort
        turned = "up" if chosen and order.falling else "down" if chosen else None
        state = ("descending" if order.falling else "ascending") if chosen else ""
        columns.append(Column(title, build_query(sort=sort, dir=turned), state, number))
    return columns


def list_export_columns(asker: Asker) -> tuple[str, ...]:
    """The columns of a file of customers: with the risk, as far as it may be told."""
    return (*_EXPORT_COLUMNS, *list_risk_columns(read_risk(asker)))


def list_export_rows(asker: Asker, ids: list[int]) -> Any:
    """Row by row what a file of these customers holds; read in pieces, so that its size costs no memory."""
    values, risk = get_values(asker), read_risk(asker)
    for start in range(0, len(ids), _CHUNK):
        piece = ids[start : start + _CHUNK]
        numbers, reach = _find_numbers(asker, piece), list_reach(piece)
        for found in list_customer_rows(piece):
            number = numbers.get(found.id)
            ways = reach.get(found.id)
            yield [
                found.id, found.key, found.name, found.company, found.location,
                ways.email if ways else "", ways.phone if ways else "",
                _get_day(values, "first", number), _get_day(values, "last", number),
                0 if number is None else int(values.orders[number]), _get_revenue(values, number),
                *list_export_values(risk, number),
            ]  # fmt: skip
