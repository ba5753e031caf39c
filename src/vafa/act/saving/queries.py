"""DOOR: asking for cases of customers at risk."""

from vafa.act.saving.closing import list_hints
from vafa.act.saving.horizon import get_horizon_days
from vafa.act.saving.listing import (
    find_case,
    find_open_case,
    get_next_step,
    get_person_id,
    keep_visible,
    list_cases,
    list_cases_of,
    list_due,
    list_moves,
    list_stage_times,
    list_taken,
)
from vafa.act.saving.models import Case, Move
from vafa.act.saving.stake import get_values_at_stake, list_at_stake

__all__ = [
    "Case",
    "Move",
    "find_case",
    "find_open_case",
    "get_horizon_days",
    "get_next_step",
    "get_person_id",
    "get_values_at_stake",
    "keep_visible",
    "list_at_stake",
    "list_cases",
    "list_cases_of",
    "list_due",
    "list_hints",
    "list_moves",
    "list_stage_times",
    "list_taken",
]
