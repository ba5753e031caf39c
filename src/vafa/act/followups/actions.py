"""DOOR: making tasks and doing things with them."""

from vafa.act.followups.closing import (
    assign_tasks,
    cancel_tasks,
    finish_tasks,
    put_back_tasks,
    reopen_tasks,
    snooze_tasks,
)
from vafa.act.followups.making import change_task, create_task

__all__ = [
    "assign_tasks",
    "cancel_tasks",
    "change_task",
    "create_task",
    "finish_tasks",
    "put_back_tasks",
    "reopen_tasks",
    "snooze_tasks",
]
