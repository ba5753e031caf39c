"""Promises made to customers: which are open, and which day they are due on."""

from collections.abc import Collection
from datetime import date

from vafa.data.interactions.models import Interaction, Written
from vafa.data.interactions.types import Promise
from vafa.data.log.types import BY_HAND


def list_promises(
    *,
    customers: Collection[int] | None = None,
    state: str | None = "open",
    until: date | None = None,
    author_id: int | None = None,
    limit: int = 500,
) -> list[Promise]:
    """Promises, those due first at the head: of these customers (None: of all), in a state (None: in any), due on or
    before a day, made by somebody."""
    found = Written.objects.filter(kind="promise", removed_at=None)
    if customers is not None:
        found = found.filter(customer__in=list(customers))
    if state is not None:
        found = found.filter(state=state)
    if until is not None:
        found = found.filter(due_on__lte=until)
    if author_id is not None:
        found = found.filter(author_id=author_id)
    rows = list(found.order_by("due_on", "pk")[:limit])
    facts = {
        fact.key: fact
        for fact in Interaction.objects.filter(source__name=BY_HAND, key__in=[row.key for row in rows])
    }
    return [
        Promise(
            key=row.key,
            customer_id=row.customer_id,
            text=facts[row.key].text,
            due_on=row.due_on,
            state=row.state,
            author_id=row.author_id,
            made_on=facts[row.key].day,
        )
        for row in rows
        if row.key in facts and row.due_on is not None
    ]
