"""When customers bought and what last, for many at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from vafa.data.orders.models import OrderLine


@dataclass(frozen=True)
class Bought:
    """The days on which a customer bought, the oldest first, and the product of the last line ("" without a name)."""

    days: tuple[date, ...]
    last_product: str


def list_bought(own_ids: Mapping[int, int]) -> dict[int, Bought]:
    """What the kept customers bought: `own_ids` names each id of theirs (also of those merged into them) with the kept
    one. A purchase has a quantity and an amount above 0, and counts."""
    lines = OrderLine.objects.filter(
        customer_id__in=list(own_ids), counts=True, quantity__gt=0, amount__gt=0, set_aside=None
    )
    rows = lines.order_by("day", "pk").values_list("customer_id", "day", "product__name", "product__code")
    days: dict[int, dict[date, None]] = {}
    last: dict[int, str] = {}
    for customer_id, day, name, code in rows:
        kept = own_ids[customer_id]
        days.setdefault(kept, {})[day] = None
        last[kept] = name or code or ""
    return {kept: Bought(tuple(found), last[kept]) for kept, found in days.items()}
