"""Keeping a prediction as it is issued: one a question, day and model, never changed afterwards."""

import hashlib
from datetime import date, datetime

from django.db import IntegrityError, transaction
from pyroaring import BitMap

from vafa.data.log.actions import add_happening
from vafa.measure.metrics.queries import resolve_rule
from vafa.predict.models.types import Question, Scores
from vafa.predict.scores.keeping import build_packed, write_blocks
from vafa.predict.scores.models import Issue
from vafa.predict.scores.moment import build_moment
from vafa.predict.scores.rules import can_compare
from vafa.predict.scores.types import Issued
from vafa.warehouse.queries import Snapshot


def issue(scores: Scores, snapshot: Snapshot, *, lineage: str, nightly: bool, now: datetime) -> Issued:
    """Keep these scores. Where the same were issued before, nothing changes and those are told of.

    `lineage` says by which model and which borders of bands they were made. Changes of band are told one by one
    (`live`) where it is a `nightly` scoring of the newest day and the issue before is of the same lineage: not at the
    first one, not of the past, not where it was the model that changed. Raises ValueError for a refused prediction.
    """
    if scores.verdict.level == "refused":
        raise ValueError("a prediction that is refused is not issued")
    found = find_issue(scores)
    if found is not None:
        return Issued(found.pk, is_new=False, live=found.live)
    active = find_active(snapshot, scores)
    whole = build_packed(scores, active, snapshot)
    fingerprint = build_fingerprint(lineage)
    try:
        with transaction.atomic():
            live = (
                nightly
                and _has_comparable(scores.question, scores.as_of, fingerprint)
                and not _is_past(scores)
            )
            made = Issue.objects.create(
                kind=scores.question.kind,
                horizon_days=scores.question.horizon_days,
                as_of=scores.as_of,
                model=scores.model_id or 0,
                lineage=fingerprint,
                verdict=scores.verdict.level,
                n=len(whole),
                active=int(whole.active.sum()),
                issued_at=now,
                live=live,
                is_told=not live,
            )
            write_blocks(made, whole)
            add_happening(
                "scores_issued",
                at=build_moment(scores.as_of),
                now=now,
                live=False,
                issue=made.pk,
                count=made.n,
                model=made.model,
            )
    except IntegrityError:
        # Another worker has issued the same in between.
        found = find_issue(scores)
        if found is None:
            raise
        return Issued(found.pk, is_new=False, live=found.live)
    return Issued(made.pk, is_new=True, live=live)


def find_issue(scores: Scores) -> Issue | None:
    """The issue of these scores, if they were issued."""
    asked = scores.question
    return Issue.objects.filter(
        kind=asked.kind, horizon_days=asked.horizon_days, as_of=scores.as_of, model=scores.model_id or 0
    ).first()


def _has_comparable(question: Question, as_of: date, lineage: str) -> bool:
    """Whether the bands of the newest issue of the days before mean the same as those of this lineage."""
    before = (
        Issue.objects.filter(kind=question.kind, horizon_days=question.horizon_days, as_of__lt=as_of)
        .order_by("-as_of", "-pk")
        .first()
    )
    return before is not None and can_compare(before.lineage, lineage)


def find_active(snapshot: Snapshot, scores: Scores) -> BitMap:
    """Who is active under the business's rule at the day of the scores; of a question of contracts, all who were
    scored: they have one."""
    if scores.question.kind == "contracts":
        return snapshot.ix_set(scores.customer_ids)
    return snapshot.active(resolve_rule(None, snapshot), scores.as_of)


def build_fingerprint(lineage: str) -> str:
    """A lineage in as many letters as the table has room for; nothing of nothing."""
    return hashlib.sha256(lineage.encode()).hexdigest() if lineage else ""


def _is_past(scores: Scores) -> bool:
    """Whether anything was issued of a later day, or of this very day by another model."""
    asked = scores.question
    return Issue.objects.filter(
        kind=asked.kind, horizon_days=asked.horizon_days, as_of__gte=scores.as_of
    ).exists()
