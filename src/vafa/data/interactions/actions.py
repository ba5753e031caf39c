"""Recording interactions, answers and tickets, and writing them down by hand."""

from vafa.data.interactions.attachments import sweep
from vafa.data.interactions.correcting import correct_text
from vafa.data.interactions.mentions import mark_mentions
from vafa.data.interactions.recording import (
    ANSWERS,
    INTERACTIONS,
    TICKETS,
    record_answers,
    record_interactions,
    record_tickets,
)
from vafa.data.interactions.topics import add_topic, set_topic_archived
from vafa.data.interactions.writing import (
    change_entry,
    forget_removed,
    remove_entry,
    restore_entry,
    settle_promise,
    write_down,
)

__all__ = [
    "ANSWERS",
    "INTERACTIONS",
    "TICKETS",
    "add_topic",
    "change_entry",
    "correct_text",
    "forget_removed",
    "mark_mentions",
    "record_answers",
    "record_interactions",
    "record_tickets",
    "remove_entry",
    "restore_entry",
    "set_topic_archived",
    "settle_promise",
    "sweep",
    "write_down",
]
