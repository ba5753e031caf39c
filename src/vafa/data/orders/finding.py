"""Finding orders by their number, whole or its beginning."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, Count, Max, Q, Value
from django.db.models.functions import Concat

from vafa.data.log.queries import list_source_ids
from vafa.data.orders.lines import SEPARATOR
from vafa.data.orders.models import OrderLine
from vafa.kit.bulk import is_postgres
from vafa.kit.locale.digits import to_latin_digits
from vafa.kit.prefixes import begins

# Of one order or of several that begin alike, so many lines are looked at.
_LINES_A_SOURCE = 60
_FIELDS = ("id", "source__name", "order_key", "customer_id", "day")


@dataclass(frozen=True)
class FoundOrder:
    """An order: a line of it, the source that tells of it, its number there, and whose it is (None: nobody's)."""

    line: int
    source: str
    number: str
    customer: int | None
    day: date


def list_orders_by_number(text: str, limit: int, owner_id: int | None = None) -> list[FoundOrder]:
    """The orders with this number, then those whose number begins so; with `owner_id` only those of that member of
    staff's customers."""
    wanted = text.strip().lstrip("#").strip()[:200]
    if not any(letter.isdigit() for letter in wanted):
        return []
    own = Q()
    if owner_id is not None:
        own = Q(customer__kept=None, customer__owner_id=owner_id) | Q(customer__kept__owner_id=owner_id)
    found: dict[tuple[str, str], FoundOrder] = {}
    for exact in (True, False):
        for row in _list_lines(_list_spellings(wanted), own, exact=exact):
            order = FoundOrder(*row)
            found.setdefault((order.source, order.number), order)
        if len(found) >= limit:
            break
    return list(found.values())[:limit]


def _list_spellings(wanted: str) -> list[str]:
    latin = to_latin_digits(wanted)
    return list(dict.fromkeys((latin, wanted, latin.upper(), latin.lower())))


def _list_lines(
    spellings: list[str], customers: Q, *, exact: bool
) -> Iterator[tuple[int, str, str, int | None, date]]:
    """Lines by the index that each database has for it: SQLite's of keys, PostgreSQL's of patterns."""
    for spelling in spellings:
        if is_postgres():
            wanted = Q(order_key=spelling) if exact else Q(order_key__startswith=spelling)
            yield from OrderLine.objects.filter(wanted, customers).values_list(*_FIELDS)[:_LINES_A_SOURCE]
            continue
        start = f"{spelling}{SEPARATOR}" if exact else spelling
        for source_id in list_source_ids():
            lines = OrderLine.objects.filter(begins("key", start), customers, source_id=source_id)
            yield from lines.order_by("key").values_list(*_FIELDS)[:_LINES_A_SOURCE]


def summarize_orders(customers: Iterable[int]) -> tuple[int, date | None]:
    """How many orders name these customers, and the day of the last of them (None without any)."""
    lines = OrderLine.objects.filter(customer_id__in=list(customers))
    numbers = Concat("source_id", Value("/"), "order_key", output_field=CharField())
    told = lines.aggregate(last=Max("day"), orders=Count(numbers, distinct=True))
    return int(told["orders"]), told["last"]
