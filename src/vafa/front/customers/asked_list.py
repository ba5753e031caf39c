"""A list of customers as its address asks for it, and the addresses of what stands beside the page that is shown."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from pyroaring import BitMap

from vafa.front.customers.paging import ListPage, Order, find_page, read_order
from vafa.front.customers.risk import has_risk
from vafa.front.customers.rows import build_columns
from vafa.front.overview.figures import Asker
from vafa.front.same_page import build_address
from vafa.kit.ids import read_id


def read_asked_order(request: HttpRequest) -> Order:
    """The order that the address asks for (`sort`, `dir`)."""
    return read_order(request.GET.get("sort", ""), request.GET.get("dir", ""))


def find_asked_page(asker: Asker, members: BitMap, request: HttpRequest) -> ListPage:
    """The page of these customers that the address asks for, in its order (`after` or `before` a customer's id)."""
    after, before = (read_id(request.GET.get(name, "")) for name in ("after", "before"))
    return find_page(asker, members, read_asked_order(request), after=after, before=before)


def build_links(asker: Asker, request: HttpRequest, kept: Sequence[str], shown: ListPage) -> dict[str, Any]:
    """For the template: the heads of the columns and the pages before and after; the kept names stay as asked."""

    def ask(**changes: Any) -> str:
        return build_address(request, kept, **changes)

    return {
        "columns": build_columns(read_asked_order(request), ask, with_risk=has_risk(asker)),
        "previous_url": ask(before=shown.ids[0]) if shown.has_earlier and shown.ids else None,
        "next_url": ask(after=shown.ids[-1]) if shown.has_later else None,
    }
