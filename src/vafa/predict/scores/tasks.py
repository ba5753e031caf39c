"""What the timetable does here: score when the data have moved on, and judge what has come true or not."""

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from vafa.data.intake.queries import is_import_at_work
from vafa.kit.home import get_folder
from vafa.measure.metrics.queries import resolve_rule
from vafa.predict.models.actions import note_drift, note_refit, train
from vafa.predict.models.queries import (
    KINDS,
    build_features,
    build_labels,
    build_lineage,
    build_values,
    find_champion,
    find_span,
    get_question,
    get_settings,
    is_due,
    score,
)
from vafa.predict.models.types import FeatureTable, Question, Verdict
from vafa.predict.scores.issuing import issue
from vafa.predict.scores.judging import Baselines, judge_issue, list_due
from vafa.predict.scores.keeping import get_question as get_question_of
from vafa.predict.scores.models import Issue
from vafa.predict.scores.publishing import is_published, publish, withdraw
from vafa.predict.scores.standing import find_row, note_standing
from vafa.predict.scores.telling import tell_moves
from vafa.warehouse.queries import Snapshot, has_copy, open_snapshot

logger = logging.getLogger(__name__)

Ids = npt.NDArray[np.int64]

TRY_AGAIN = timedelta(days=1)
CALM = timedelta(minutes=5)


def look(now: datetime) -> None:
    """Train where it is time, score where the data have moved on, tell the changes, and judge what is over.

    Cheap where nothing has moved; safe to repeat, and to be cut off anywhere. While an import is at work nothing is
    scored: its rows are half there. One worker at a time on a host.
    """
    if not has_copy() or is_import_at_work():
        return
    with _hold() as is_ours:
        if is_ours:
            _look(open_snapshot(), now)


def has_calmed(now: datetime) -> bool:
    """Whether nothing has come in for some minutes. Training takes the processor for itself for a while."""
    received = [feed.last_received_at for feed in open_snapshot().freshness().feeds]
    return not any(at is not None and now - CALM < at <= now for at in received)


def _look(snapshot: Snapshot, now: datetime) -> None:
    question = get_question(snapshot)
    span = find_span(snapshot, question)
    asked = _describe(snapshot, question, span)
    row = find_row()
    if row is None or row.asked != asked or _is_due_again(snapshot, question, row.looked_at, now):
        _score(snapshot, question, span, now)
    elif not is_published(row.issue, snapshot):
        _publish(snapshot, question, row.issue)
    tell_moves(now)
    _judge(snapshot, None if span is None else span[1], now)


def _is_due_again(snapshot: Snapshot, question: Question, looked_at: datetime, now: datetime) -> bool:
    """Whether a model that is in use is to be trained anew; tried once a day, where the data forbid it."""
    if find_champion(question) is None or looked_at + TRY_AGAIN > now:
        return False
    return is_due(snapshot, question, now)


def _describe(snapshot: Snapshot, question: Question, span: tuple[date, date] | None) -> str:
    """What is to be scored, by whom: when it differs from what was scored last, it is scored anew."""
    champion = find_champion(question)
    until = "" if span is None else span[1].isoformat()
    # While too little is known, more customers are worth another try.
    by = f"of {snapshot.customer_count}" if champion is None else build_lineage(champion)
    # Who is still active is who can be at risk.
    rule = resolve_rule(None, snapshot)
    # Values follow from it.
    rate = get_settings().monthly_rate
    return f"{question.kind}:{question.horizon_days}:{until}:{rule}:{by}:{rate}"[:200]


@contextmanager
def _hold() -> Iterator[bool]:
    """Whether nobody else scores on this host meanwhile; the kernel lets go of it even when we are killed."""
    with (get_folder("warehouse") / "scores.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _score(snapshot: Snapshot, question: Question, span: tuple[date, date] | None, now: datetime) -> None:
    refusal: Verdict | None = None
    if span is not None and is_due(snapshot, question, now):
        card, verdict = train(snapshot, question, now=now)
        refusal = verdict if card is None else None
    scores = score(snapshot, question)
    champion = find_champion(question)
    asked = _describe(snapshot, question, span)
    if scores.verdict.level == "refused" or champion is None:
        verdict = refusal if refusal is not None and champion is None else scores.verdict
        withdraw()
        note_standing(question, None if span is None else span[1], verdict, None, asked=asked, now=now)
        logger.info("predictions are refused: %s", ", ".join(lack.code for lack in verdict.lacks))
        return
    note_drift(snapshot, question)
    note_refit(snapshot, question, now)
    made = issue(scores, snapshot, lineage=build_lineage(champion), nightly=True, now=now)
    kept = Issue.objects.get(pk=made.issue_id)
    publish(kept, build_values(snapshot, question, kept.as_of))
    note_standing(question, scores.as_of, scores.verdict, kept, asked=asked, now=now)
    logger.info("issue %s of predictions holds %s customers", kept.pk, kept.n)


def _publish(snapshot: Snapshot, question: Question, kept: Issue | None) -> None:
    if kept is None:
        withdraw()
    else:
        publish(kept, build_values(snapshot, question, kept.as_of))


def _judge(snapshot: Snapshot, until: date | None, now: datetime) -> None:
    for due in list_due(until):
        question = get_question_of(due)
        table = build_features(snapshot, due.as_of, question)
        judge_issue(
            due,
            snapshot,
            partial(build_labels, snapshot, due.as_of, question),
            partial(_build_baselines, table, question),
            now=now,
        )


def _build_baselines(table: FeatureTable, question: Question, ids: Ids) -> Baselines:
    """What the days since the last order (or the time as a customer) and the base model alone would have told."""
    places = np.searchsorted(table.customer_ids, ids)
    places = np.minimum(places, max(len(table.customer_ids) - 1, 0))
    if not len(table.customer_ids) or not bool((table.customer_ids[places] == ids).all()):
        # Facts of that time have come or gone since: then nobody can say what would have been told.
        return Baselines()
    own = KINDS[question.kind]
    recency = np.asarray(table.columns[own.recency], dtype=np.float64)[places] * own.recency_sign
    chances = expit(np.asarray(table.columns[own.base], dtype=np.float64)[places])
    return Baselines(recency=np.nan_to_num(recency), purchase_model=chances)
