"""The file of the sales told twice that the page shows."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from vafa.data.business.queries import get_business
from vafa.data.customers.queries import list_customer_rows
from vafa.data.orders.queries import WholeOrder, count_same_sales, list_same_sales
from vafa.front.customers.files import build_file
from vafa.front.customers.rows import name_customer
from vafa.front.overview.exports import FORMATS
from vafa.front.overview.viewer import get_owner_id
from vafa.kit.permissions import Permission, only_with, requires

STATES = ("open", "joined")
_ORDER = ("number", "source", "day", "total", "currency")
_COLUMNS = (
    "state", "customer_id", "customer", *(f"first_{name}" for name in _ORDER),
    *(f"second_{name}" for name in _ORDER), "score", "evidence", "decided_at", "decided_by",
)  # fmt: skip
_CHUNK = 500


@requires(Permission.EXPORT)
@only_with(Permission.EDIT_CUSTOMERS)
@require_safe
def export_same_sales(request: HttpRequest, file_format: str) -> HttpResponseBase:
    """`/orders/same.<csv|xlsx>?state=`: all pairs of the page's tab, the evidence as codes; the first order counts."""
    if file_format not in FORMATS:
        raise Http404
    business = get_business()
    owner_id = get_owner_id(request.user, business)
    state = request.GET.get("state", "open")
    state = state if state in STATES else "open"
    rows = _list_rows(state, owner_id, business.currency)
    count = count_same_sales(state, owner_id)
    return build_file(request, "sales-told-twice", _COLUMNS, rows, file_format, count)


def _list_rows(state: str, owner_id: int | None, currency: str) -> Iterator[list[Any]]:
    start = 0
    while found := list_same_sales(state, owner_id=owner_id, start=start, count=_CHUNK):
        whose = [one.first or one.second for one in found]
        ids = {order.customer for order in whose if order is not None and order.customer is not None}
        names = {row.id: name_customer(row) for row in list_customer_rows(ids)}
        for one, order in zip(found, whose, strict=True):
            customer = order.customer if order is not None else None
            yield [
                one.state, customer, names.get(customer or 0, ""), *_tell(one.first, currency),
                *_tell(one.second, currency), one.score, " ".join(one.evidence), one.decided_at,
                str(one.decided_by or ""),
            ]  # fmt: skip
        start += len(found)


def _tell(order: WholeOrder | None, currency: str) -> list[Any]:
    if order is None:
        return [None] * len(_ORDER)
    totals = list(order.totals.items())
    # An order of several currencies has no one total; its lines tell.
    code, total = totals[0] if len(totals) == 1 else ("", None)
    if total is None:
        return [order.number, order.source, order.day, None, ""]
    return [order.number, order.source, order.day, f"{total.normalize():f}", code or currency]
