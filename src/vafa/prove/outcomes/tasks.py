"""What the timetable does here: look at the running trials when the data have moved on, and write results down."""

import logging
from datetime import datetime

from vafa.data.intake.queries import is_import_at_work
from vafa.measure.metrics.queries import resolve_rule
from vafa.prove.outcomes.following import compute_standing
from vafa.prove.trials.actions import note_standing
from vafa.prove.trials.queries import count_looks, list_decided, list_trials
from vafa.warehouse.queries import has_copy, open_snapshot

logger = logging.getLogger(__name__)


def look(now: datetime) -> int:
    """Note where every running trial stands as of the end of data, each once a day of data; how many were news.

    Safe to repeat and to be cut off anywhere: what was noted stays. While an import is at work its rows are half there.
    """
    decided = list_decided()
    running = [trial for trial in list_trials() if trial.key not in decided and trial.started_at <= now]
    if not running or not has_copy() or is_import_at_work():
        return 0
    snapshot = open_snapshot()
    rule = resolve_rule(None, snapshot)
    until = snapshot.freshness(rule).data_until
    news = 0
    for trial in running:
        if until is None or count_looks(trial.key, min(until, trial.cut_on or until)):
            continue
        standing = compute_standing(snapshot, trial, rule)
        if standing is not None and note_standing(trial, standing, now=now):
            news += 1
            logger.info("trial %s as of %s: %s", trial.key, standing.as_of, standing.verdict)
    return news
