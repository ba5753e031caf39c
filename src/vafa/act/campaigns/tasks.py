"""What the timetable has this room do."""

import logging
from datetime import datetime

from vafa.act.campaigns.preparing import list_due_runs, prepare_run
from vafa.act.campaigns.timing import make_due_runs
from vafa.kit import clock

logger = logging.getLogger(__name__)


def go_on(now: datetime) -> int:
    """Make the runs that have come due, and prepare all that wait; how many were. One that fails holds up no other."""
    make_due_runs(now)
    runs = list_due_runs(now)
    for run in runs:
        try:
            prepare_run(run, clock=clock.now)
        except Exception:
            logger.exception("run %s of a campaign could not be prepared; it will be tried again", run)
    return len(runs)
