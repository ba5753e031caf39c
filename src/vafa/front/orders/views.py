"""One order: what its source tells of it, line by line, and what came back."""

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from vafa.data.business.queries import Business, get_business, get_style
from vafa.data.customers.queries import find_customer, list_customer_rows
from vafa.data.orders.queries import WholeOrder, find_order, list_joined_of
from vafa.front.customers.rows import name_customer
from vafa.front.overview.texts import name_group
from vafa.front.overview.viewer import get_owner_id
from vafa.kit.locale.formats import Style, format_day, format_money, format_number
from vafa.kit.permissions import Permission, may, requires


@requires(Permission.SEE_CUSTOMERS)
def order(request: HttpRequest, line_id: int) -> HttpResponse:
    """`/orders/<line>/`: the order that holds a line."""
    business = get_business()
    found = get_order_or_404(request, line_id, business)
    style = get_style(translation.get_language() or "en", business)
    may_edit = may(request.user, Permission.EDIT_CUSTOMERS)
    context = _build_context(found, style) | {"joined": _list_joined(found), "may_edit": may_edit}
    return render(request, "orders/order.html", context)


def _list_joined(found: WholeOrder) -> list[dict[str, Any]]:
    """The other orders that are taken for the same sale, and which of both counts."""
    mine = (found.source_id, found.number)
    joined = []
    for pair in list_joined_of(found):
        counts = pair.first is not None and (pair.first.source_id, pair.first.number) == mine
        if (other := pair.second if counts else pair.first) is not None:
            url = reverse("order", args=[other.lines[0].pk])
            joined.append(
                {"id": pair.id, "counts": counts, "number": other.number, "source": other.source, "url": url}
            )
    return joined


def get_order_or_404(request: HttpRequest, line_id: int, business: Business) -> WholeOrder:
    """The order that holds a line; 404 where it is of a customer whom this person may not see."""
    found = find_order(line_id)
    if found is None:
        raise Http404
    owner_id = get_owner_id(request.user, business)
    if owner_id is not None:
        customer = find_customer(found.customer) if found.customer is not None else None
        if customer is None or customer.owner_id != owner_id:
            raise Http404
    return found


def _build_context(found: WholeOrder, style: Style) -> dict[str, Any]:
    customer = find_customer(found.customer) if found.customer is not None else None
    return {
        "order": found,
        "customer": customer,
        "name": name_customer(list_customer_rows([customer.pk])[0]) if customer else "",
        "day": format_day(found.day, style),
        "total": " + ".join(_write_money(total, code, style) for code, total in found.totals.items()),
        "lines": [
            {
                "product": name_group((line.product.name or line.product.code) if line.product else ""),
                "quantity": format_number(line.quantity, style),
                "amount": _write_money(line.amount, line.currency, style),
                "counts": line.counts,
                "status": line.status,
            }
            for line in found.lines
        ],
        "returns": [
            {
                "day": format_day(line.day, style, "short"),
                "amount": ""
                if line.amount is None
                else _write_money(-abs(line.amount), line.currency, style),
                "reason": line.reason,
            }
            for line in found.returns
        ],
    }


def _write_money(amount: Decimal, currency: str, style: Style) -> str:
    return format_money(amount, currency or style.currency, style)
