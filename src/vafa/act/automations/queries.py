"""DOOR: asking about automations. Everything here reads only."""

from vafa.act.automations.checking import check, list_open_channels
from vafa.act.automations.coding import read_document, write_document
from vafa.act.automations.costs import sum_gifts
from vafa.act.automations.dry_run import count_reasons, rehearse
from vafa.act.automations.editing import DEFAULTS, add_step, move_step, remove_step, take_id, tell_step
from vafa.act.automations.messages import list_texts
from vafa.act.automations.models import Automation, Pool, Run, Step, Version
from vafa.act.automations.playbooks import Playbook, find_playbook, list_playbooks
from vafa.act.automations.pools import find_pool, list_pools
from vafa.act.automations.reading import (
    count_at_steps,
    filter_runs,
    find_automation,
    find_version,
    get_counts,
    get_draft,
    get_published,
    list_automations,
    list_runs,
    list_runs_of,
    list_steps_of,
    list_versions,
)
from vafa.act.automations.ready_texts import build_content as build_ready_content
from vafa.act.automations.rules import flatten, list_ways, may_hold_out, walk

__all__ = [
    "DEFAULTS",
    "Automation",
    "Playbook",
    "Pool",
    "Run",
    "Step",
    "Version",
    "add_step",
    "build_ready_content",
    "check",
    "count_at_steps",
    "count_reasons",
    "filter_runs",
    "find_automation",
    "find_playbook",
    "find_pool",
    "find_version",
    "flatten",
    "get_counts",
    "get_draft",
    "get_published",
    "list_automations",
    "list_open_channels",
    "list_playbooks",
    "list_pools",
    "list_runs",
    "list_runs_of",
    "list_steps_of",
    "list_texts",
    "list_versions",
    "list_ways",
    "may_hold_out",
    "move_step",
    "read_document",
    "rehearse",
    "remove_step",
    "sum_gifts",
    "take_id",
    "tell_step",
    "walk",
    "write_document",
]
