"""The settings of the contact budget, and what waits because of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count

from vafa.act.messaging.models import Budget, Message, Sending
from vafa.kit.audit import record

# What recipients wait for, or are passed over for, because of the settings.
BUDGET_WHYS = (
    "budget", "point_cap", "quiet_hours", "holiday", "solemn_day", "open_complaint", "not_preferred",
)  # fmt: skip
SETTINGS = (
    "per_day", "per_week", "per_month", "per_point_day", "quiet_from", "quiet_until", "rests_on_holidays",
    "rests_on_solemn_days", "only_preferred", "zone_field", "complaint_days", "refund_days",
)  # fmt: skip
LOOKED_BACK = timedelta(days=30)


@transaction.atomic
def set_budget(said: Mapping[str, Any], *, by: Any, now: datetime) -> list[str]:
    """Set the contact budget (`said` by the names of SETTINGS); the names that are other now. Recipients who waited for
    it are judged anew at once."""
    budget, _made = Budget.objects.select_for_update().get_or_create(pk=1)
    changed = [name for name in SETTINGS if name in said and said[name] != getattr(budget, name)]
    if not changed:
        return []
    for name in changed:
        setattr(budget, name, said[name])
    budget.changed_at = now
    budget.save(update_fields=[*changed, "changed_at"])
    record("budget.changed", by=by, now=now, subject="budget", fields=changed)
    waits = Message.objects.filter(state="running").exclude(next_at=None)
    held = Sending.objects.filter(message__in=waits, state="pending", not_before__gt=now, why__in=BUDGET_WHYS)
    held.update(not_before=now, why="")
    waits.update(next_at=now)
    return changed


def count_held_back(now: datetime) -> dict[str, int]:
    """How many recipients wait now for each of BUDGET_WHYS, or were passed over for it in the last 30 days."""
    waiting = Sending.objects.filter(state="pending", why__in=BUDGET_WHYS)
    passed = Sending.objects.filter(
        state="suppressed", why__in=BUDGET_WHYS, ended_at__gt=now - LOOKED_BACK, ended_at__lte=now
    )
    found = dict.fromkeys(BUDGET_WHYS, 0)
    for rows in (waiting, passed):
        for why, count in rows.order_by().values_list("why").annotate(Count("pk")):
            found[why] += count
    return found
