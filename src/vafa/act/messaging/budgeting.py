"""How much of the contact budget is left of customers."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from vafa.act.messaging.folding import list_family
from vafa.act.messaging.gate import get_budget, list_spent
from vafa.act.messaging.rules import DAY, MONTH, WEEK
from vafa.act.messaging.types import BudgetLeft


def find_budget_left(customer_ids: Collection[int], now: datetime) -> dict[int, BudgetLeft]:
    """How many more messages each of these kept customers may get in the day, week and month that end now and go on."""
    budget, spent = get_budget(), list_spent(list_family(customer_ids), now)
    return {
        pk: BudgetLeft(
            day=count_left(spent.get(pk, ()), budget.per_day, DAY, now),
            week=count_left(spent.get(pk, ()), budget.per_week, WEEK, now),
            month=count_left(spent.get(pk, ()), budget.per_month, MONTH, now),
        )
        for pk in customer_ids
    }


def count_left(spent: Sequence[datetime], most: int | None, span: timedelta, now: datetime) -> int | None:
    """How many more there is room for within a cap; None: as many as come."""
    return None if most is None else max(0, most - sum(at > now - span for at in spent))
