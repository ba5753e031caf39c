"""Changing what is sent: accounts, messages and their recipients, trials, and what became of sendings."""

from vafa.act.messaging.accounts import (
    add_account,
    change_account,
    note_tested,
    pause_account,
    remove_account,
    resume_account,
)
from vafa.act.messaging.answers import mark_answer_read
from vafa.act.messaging.bouncing import try_mailbox_of
from vafa.act.messaging.capping import set_budget
from vafa.act.messaging.clicking import follow_click
from vafa.act.messaging.coming import forget_what_came, hear, take_call
from vafa.act.messaging.delivering import deliver, settle
from vafa.act.messaging.domain_looking import keep_selector
from vafa.act.messaging.exposures import assign, declare_trial, end_trial
from vafa.act.messaging.happenings import record_happened
from vafa.act.messaging.ledger import add_recipients
from vafa.act.messaging.opening import (
    open_message,
    pause_message,
    resume_message,
    start_message,
    stop_message,
)
from vafa.act.messaging.resending import resend_unknown
from vafa.act.messaging.trying import ask_bot, send_to_staff, try_account
from vafa.act.messaging.universal import end_holdout, set_holdout, undo_holdout
from vafa.act.messaging.uses import register_uses
from vafa.act.messaging.writing import archive_template, delete_template, save_template, take_back_version

__all__ = [
    "add_account",
    "add_recipients",
    "archive_template",
    "ask_bot",
    "assign",
    "change_account",
    "declare_trial",
    "delete_template",
    "deliver",
    "end_holdout",
    "end_trial",
    "follow_click",
    "forget_what_came",
    "hear",
    "keep_selector",
    "mark_answer_read",
    "note_tested",
    "open_message",
    "pause_account",
    "pause_message",
    "record_happened",
    "register_uses",
    "remove_account",
    "resend_unknown",
    "resume_account",
    "resume_message",
    "save_template",
    "send_to_staff",
    "set_budget",
    "set_holdout",
    "settle",
    "start_message",
    "stop_message",
    "take_back_version",
    "take_call",
    "try_account",
    "try_mailbox_of",
    "undo_holdout",
]
