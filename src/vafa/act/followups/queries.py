"""DOOR: asking for tasks, batches, rules and reminders."""

from vafa.act.followups.listing import (
    count_tasks,
    find_task,
    get_counts,
    get_repeat,
    keep_visible,
    list_tasks,
    list_tasks_between,
    list_tasks_of,
)
from vafa.act.followups.models import Batch, ContactRule, Task
from vafa.act.followups.rules import tell_moment
from vafa.act.followups.viewing import get_viewer, list_assignable, sees_own_only

__all__ = [
    "Batch",
    "ContactRule",
    "Task",
    "count_tasks",
    "find_task",
    "get_counts",
    "get_repeat",
    "get_viewer",
    "keep_visible",
    "list_assignable",
    "list_tasks",
    "list_tasks_between",
    "list_tasks_of",
    "sees_own_only",
    "tell_moment",
]
