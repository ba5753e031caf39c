"""DOOR: making automations, publishing them, and holding them."""

from vafa.act.automations.changing import (
    archive_automation,
    copy_automation,
    create_automation,
    pause_automation,
    publish,
    resume_automation,
    revert_draft,
    save_draft,
    stop_automation,
)
from vafa.act.automations.playbooks import create_from_playbook
from vafa.act.automations.pools import add_codes, archive_pool, create_pool

__all__ = [
    "add_codes",
    "archive_automation",
    "archive_pool",
    "copy_automation",
    "create_automation",
    "create_from_playbook",
    "create_pool",
    "pause_automation",
    "publish",
    "resume_automation",
    "revert_draft",
    "save_draft",
    "stop_automation",
]
