"""DOOR: taking customers on, and doing things with their cases."""

from vafa.act.saving.closing import close_settled
from vafa.act.saving.moving import assign_cases, move_cases, put_back_cases, take_back_opened
from vafa.act.saving.opening import open_cases
from vafa.act.saving.planning import plan_case

__all__ = [
    "assign_cases",
    "close_settled",
    "move_cases",
    "open_cases",
    "plan_case",
    "put_back_cases",
    "take_back_opened",
]
