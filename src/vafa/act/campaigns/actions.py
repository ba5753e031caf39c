"""DOOR: making, changing, starting and stopping campaigns."""

from vafa.act.campaigns.content import write_text
from vafa.act.campaigns.editing import (
    archive_campaign,
    change_campaign,
    copy_campaign,
    create_campaign,
    restore_campaign,
)
from vafa.act.campaigns.preparing import prepare_run
from vafa.act.campaigns.starting import (
    pause_campaign,
    resume_campaign,
    start_campaign,
    stop_campaign,
    unschedule_campaign,
)
from vafa.act.campaigns.tasks import go_on
from vafa.act.campaigns.timing import make_due_runs

__all__ = [
    "archive_campaign",
    "change_campaign",
    "copy_campaign",
    "create_campaign",
    "go_on",
    "make_due_runs",
    "pause_campaign",
    "prepare_run",
    "restore_campaign",
    "resume_campaign",
    "start_campaign",
    "stop_campaign",
    "unschedule_campaign",
    "write_text",
]
