"""What the timetable does for this room."""

from datetime import datetime

from vafa.act.followups.occasions import forget_dismissed
from vafa.act.followups.ruling import forget_runs, make_due_tasks


def make_due(now: datetime) -> None:
    """Make the day's tasks of the rules that are on; a query or two when they are made already."""
    make_due_tasks(now)


def forget(now: datetime) -> None:
    """Forget what nobody needs to know any more."""
    forget_runs(now)
    forget_dismissed(now)
