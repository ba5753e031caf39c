"""DOOR: asking for tasks, batches, rules and reminders."""

from datetime import date

from django.db.models import Q

from vafa.act.followups.batches import plan_batch
from vafa.act.followups.gaps import list_outlooks
from vafa.act.followups.listing import (
    count_tasks,
    find_batch,
    find_task,
    get_counts,
    get_repeat,
    keep_visible,
    list_batches,
    list_tasks,
    list_tasks_between,
    list_tasks_of,
)
from vafa.act.followups.models import Batch, ContactRule, Task
from vafa.act.followups.occasions import get_birthday_calendar, list_coming, list_dismissed
from vafa.act.followups.reminding import find_feed_staff, get_reminding, get_start_page, list_due_digests
from vafa.act.followups.rules import tell_moment
from vafa.act.followups.ruling import find_rule, list_rules
from vafa.act.followups.viewing import get_viewer, list_assignable, sees_own_only

__all__ = [
    "Batch",
    "ContactRule",
    "Task",
    "count_tasks",
    "find_batch",
    "find_feed_staff",
    "find_rule",
    "find_task",
    "get_birthday_calendar",
    "get_counts",
    "get_reminding",
    "get_repeat",
    "get_start_page",
    "get_viewer",
    "keep_visible",
    "list_assignable",
    "list_batches",
    "list_coming",
    "list_customers_since",
    "list_dismissed",
    "list_due_digests",
    "list_outlooks",
    "list_rules",
    "list_tasks",
    "list_tasks_between",
    "list_tasks_of",
    "plan_batch",
    "sees_own_only",
    "tell_moment",
]


def list_customers_since(day: date) -> set[int]:
    """The ids of customers for whom something is still to be done, or fell due on this day or later."""
    tasks = Task.objects.filter(Q(state="open") | Q(due_on__gte=day)).exclude(customer=None).order_by()
    return set(tasks.values_list("customer_id", flat=True).distinct())
