"""What the orders' room holds of a person besides the facts, which the intake's holder forgets."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from vafa.data.orders.models import SameSale
from vafa.kit.erasing import Collected, Holder, collect_rows


def collect(customer_ids: Sequence[int]) -> Collected:
    """Which of a person's orders are taken for one sale."""
    return {"same_sales": collect_rows(SameSale, customer_ids)}


# The rows go with the customer; an order that was set aside stays so, or the sale would count twice.
HOLDER = Holder(
    room="orders",
    models=("orders.SameSale",),
    names={"same_sales": _("Sales that two sources tell of")},
    collect=collect,
)
