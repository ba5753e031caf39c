"""DOOR: making tasks and doing things with them."""

from vafa.act.followups.batches import make_batch, undo_batch
from vafa.act.followups.closing import (
    assign_tasks,
    cancel_tasks,
    finish_tasks,
    put_back_tasks,
    reopen_tasks,
    snooze_tasks,
)
from vafa.act.followups.making import change_task, create_task
from vafa.act.followups.occasions import dismiss, set_birthday_calendar, undismiss
from vafa.act.followups.reminding import make_feed, revoke_feed, save_reminding, see_to_digest
from vafa.act.followups.ruling import move_rule, remove_rule, save_rule, switch_rule

__all__ = [
    "assign_tasks",
    "cancel_tasks",
    "change_task",
    "create_task",
    "dismiss",
    "finish_tasks",
    "make_batch",
    "make_feed",
    "move_rule",
    "put_back_tasks",
    "remove_rule",
    "reopen_tasks",
    "revoke_feed",
    "save_reminding",
    "save_rule",
    "see_to_digest",
    "set_birthday_calendar",
    "snooze_tasks",
    "switch_rule",
    "undismiss",
    "undo_batch",
]
