"""When customers' subscriptions run out, for many at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from vafa.data.subscriptions.models import Subscription


@dataclass(frozen=True)
class Renewal:
    """The day from which a customer has no subscription any more unless it is renewed, and the plan that ends then."""

    on: date
    plan: str


def list_renewals(own_ids: Mapping[int, int], today: date) -> dict[int, Renewal]:
    """The next renewal of each kept customer that has one ahead; none where a subscription runs on without an end.
    `own_ids` names each id of theirs (also of those merged into them) with the kept one."""
    last: dict[int, Renewal | None] = {}
    for one in Subscription.objects.filter(customer_id__in=list(own_ids)).order_by("pk"):
        kept = own_ids[one.customer_id]
        until, known = one.until, last.get(kept, Renewal(date.min, ""))
        if until is None or known is None:
            last[kept] = None
        elif until >= known.on:
            last[kept] = Renewal(until, one.plan)
    return {kept: found for kept, found in last.items() if found is not None and found.on >= today}
